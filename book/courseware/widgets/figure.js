// figure.js - a plotly figure made in Python: its message as the title, the chart, its source, its numbers as a table
function render({ model, el }) {
  const spec = model.get("spec"), table = model.get("table");
  const picture = chart(model, () => ({ data: spec.data, layout: spec.layout, alt: model.get("alt") }), spec.layout.height ?? 360);
  el.append(frame(model.get("title"), "cw-plain", picture.node,
    model.get("source") && h("p", { class: "cw-source" }, `Source: ${model.get("source")}`),
    h("details", {}, h("summary", {}, "The numbers as a table"), scrolled(dataTable(model.get("title"), table.columns, table.rows)))));
  return picture.stop;
}
export default { render };
