// vintages.js - what became of the forecasts: the controls around the views of vintages_views.js
const STATE = ["view", "follow", "shown"];
const VIEWS = {
  editions: ["seven editions of one publisher", editionsView], gaps: ["later sizes against each edition's path", gapsView],
  publishers: ["KPO by publisher", publishersView], outcomes: ["forecasts and their outcomes", outcomesView],
};

function render({ model, el }) {
  const get = (key) => model.get(key), editions = get("editions");
  const initial = Object.fromEntries(STATE.map((key) => [key, get(key)]));
  const drawn = () => editions.filter(({ id }) => get("shown").includes(id)), followed = () => editions.find(({ id }) => id === get("follow")) ?? editions[0];
  const now = () => VIEWS[get("view")][1]({ drawn: drawn(), followed: followed(), published: get("published"), sizes: get("sizes"), outcomes: get("outcomes") });
  const show = (ids) => editions.map(({ id }) => id).filter((id) => ids.includes(id));

  // ---- controls ----
  const views = radioField({ legend: "Show", options: Object.entries(VIEWS).map(([key, [label]]) => [key, label]), value: () => get("view"),
    change: (view) => put(model, { view }) });
  const option = ({ id, cagr, path, relayed }) => h("option", { value: id },
    `${id.slice(-4)} (${cagr == null ? "no rate" : `${percent(cagr)} to ${path.at(-1).year}`}${relayed ? ", as relayed" : ""})`);
  const follow = h("select", { id: uid(), onChange: () => put(model, { follow: follow.value, shown: show([...get("shown"), follow.value]) }) },
    editions.map(option));
  const boxes = editions.map(({ id, name }) => ({ id, ...checkField({ label: name, value: () => get("shown").includes(id),
    change: (on) => put(model, { shown: show(on ? [...get("shown"), id] : get("shown").filter((other) => other !== id)) }) }) }));
  const which = [h("div", { class: "cw-field" }, h("label", { for: follow.id }, "Follow the edition of"), follow),
    h("fieldset", { class: "cw-choices" }, h("legend", {}, "Draw the"), boxes.map(({ row }) => row)),
    h("div", { class: "cw-bar" }, button("Draw only the followed one", () => put(model, { shown: [followed().id] })),
      button("Draw all", () => put(model, { shown: editions.map(({ id }) => id) })))];

  // ---- result ----
  const heading = h("div", { class: "cw-chart-title" }), status = h("p", { class: "cw-status", role: "status" }), say = speaker(status);
  const caption = h("p", { class: "cw-hint" }), source = h("p", { class: "cw-source" }), table = h("div", {});
  const picture = chart(model, () => now().chart);
  const save = () => {
    const { columns, rows, file } = now(), exact = (cell) => (typeof cell === "number" ? Number(cell.toFixed(4)) : cell);
    download(`${file}.csv`, csv([columns, ...rows.map((row) => row.map(exact))]));
  };
  const written = (cell, at) => (at && typeof cell === "number" ? cell.toLocaleString("en-US", { maximumFractionDigits: 2 }) : cell);
  el.append(frame(get("title"), "cw-vintages", h("div", { class: "cw-controls" }, views.row, which), heading, status, picture.node, caption, source,
    h("div", { class: "cw-bar" }, button("Download as CSV", save), button("Reset", () => put(model, initial)),
      globalThis.courseHost?.book && h("a", { href: `${get("facts_url")}#GVR-2022` }, "The rows with their sources")),
    h("details", {}, h("summary", {}, "The numbers as a table"), table)));

  const draw = () => {
    const { heading: message, sentence, caption: reading, source: credits, columns, rows } = now();
    views.sync();
    for (const row of which) row.hidden = !["editions", "gaps"].includes(get("view"));
    follow.value = followed().id;
    for (const box of boxes) { box.sync(); box.input.disabled = box.id === followed().id; }
    heading.textContent = together(message);
    say(sentence);
    caption.textContent = reading;
    source.textContent = `Source: ${credits}`;
    table.replaceChildren(scrolled(dataTable("Every point of the chart", columns, rows.map((row) => row.map(written)))));
    picture.redraw();
  };
  const unwatch = watch(model, STATE, perFrame(draw));
  draw();
  return () => { unwatch(); picture.stop(); };
}
export default { render };
