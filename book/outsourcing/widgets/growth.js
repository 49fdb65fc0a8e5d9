// growth.js - market growth sliders. The two formulas are twins of outsourcing/market.py; a test holds them equal.

/** value after `years` at `rate` (a fraction a year) */
export const project = (value, rate, years) => value * (1 + rate) ** years;

/** [[year, value], ...] from startYear to endYear, both included */
export const path = (value, rate, startYear, endYear) =>
  Array.from({ length: endYear - startYear + 1 }, (_, years) => [startYear + years, project(value, rate, years)]);

const billions = (value) => value.toLocaleString("en-US", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const percent = (rate) => `${Number(rate.toFixed(2))} %`;
const STATE = ["edition", "start", "base_year", "base_value", "estimate_year", "estimate_value", "cagr", "horizon", "compare", "cagr_b", "show_editions"];
const LAST_HORIZON = 2040;

const startYear = (get) => get(get("start") === "estimate" ? "estimate_year" : "base_year");
/** the year where the projection ends; never before its start, whatever Python sets */
const horizonYear = (get) => Math.max(get("horizon"), startYear(get));

/** the scenarios that are on: where they start and every year's value */
function scenarios(get) {
  const year = startYear(get), value = get(get("start") === "estimate" ? "estimate_value" : "base_value");
  const one = (name, rate, colour, dash) => ({ name, rate, colour, dash, year, value, rows: path(value, rate / 100, year, horizonYear(get)) });
  const first = one("Scenario A", get("cagr"), "var(--cw-a)", "dash");
  return get("compare") ? [first, one("Scenario B", get("cagr_b"), "var(--cw-b)", "dot")] : [first];
}

/** what the chart shows, in one or two sentences */
function sentence([first, second], horizon) {
  const end = (scenario) => `${billions(scenario.rows.at(-1)[1])} bn`;
  return `At ${percent(first.rate)} a year from ${billions(first.value)} bn USD in ${first.year} the market would be ${end(first)} in ${horizon}.`
    + (second ? ` At ${percent(second.rate)} a year it would be ${end(second)}.` : "");
}

/** the chart's message: how many times as large, in how many years */
function message([first, second], horizon) {
  const years = horizon - first.year;
  const times = (scenario) => (1 + scenario.rate / 100) ** years;
  const grows = (scenario) => `${percent(scenario.rate)} a year makes the market ${times(scenario).toFixed(1)} times as large in ${years} year${years === 1 ? "" : "s"}`;
  return grows(first) + (second ? `, ${percent(second.rate)} a year ${times(second).toFixed(1)} times` : "");
}

/** every plotted point: series, year, value, what it rests on */
function points(get) {
  const known = get("show_editions") ? get("published").map((one) => ["Published size", one.year, one.value, `${one.edition}, ${one.credit}`]) : [];
  const ends = get("show_editions") ? forecasts(get).map((one) => ["End of an edition's forecast", one.end_year, one.end_value,
    `${one.name}, ${one.credit}: ${billions(one.estimate_value)} bn in ${one.estimate_year} at ${percent(one.cagr)} a year, computed here`]) : [];
  const ours = scenarios(get).flatMap((one) => one.rows.map(([year, value]) => [one.name, year, value, `projected at ${percent(one.rate)} a year`]));
  return [...ours, ...known, ...ends];
}
const forecasts = (get) => get("editions").filter((one) => one.cagr != null);

function traces(get) {
  const drawn = scenarios(get).map((one) => ({
    type: "scatter", mode: "lines+markers", name: `${one.name}: ${percent(one.rate)} a year (projected)`, x: one.rows.map(([year]) => year), y: one.rows.map(([, value]) => value),
    line: { color: one.colour, dash: one.dash, width: 3 }, marker: { color: one.colour, size: 6 }, hovertemplate: `%{x}: %{y:,.1f} bn USD, projected<extra>${one.name}</extra>`,
  }));
  if (!get("show_editions")) return drawn;
  const published = get("published"), ends = forecasts(get);
  return [{
    type: "scatter", mode: "lines+markers", name: "Sizes published, one edition a year", x: published.map((one) => one.year), y: published.map((one) => one.value),
    text: published.map((one) => `${one.edition},<br>${one.credit}`), hovertemplate: "%{x}: %{y:,.1f} bn USD<br>%{text}<extra></extra>",
    line: { color: "var(--cw-ink)", width: 2 },
    marker: { color: "var(--cw-ink)", size: 9, symbol: published.map((one) => (one.reliability === "low-aggregator" ? "circle-open" : "circle")), line: { width: 2, color: "var(--cw-ink)" } },
  }, {
    type: "scatter", mode: "markers", name: "Where each edition's own rate leads", x: ends.map((one) => one.end_year), y: ends.map((one) => one.end_value),
    text: ends.map((one) => `${one.name}, ${percent(one.cagr)} a year,<br>${one.credit}`), hovertemplate: "%{x}: %{y:,.1f} bn USD, computed<br>%{text}<extra></extra>",
    marker: { color: "var(--cw-c)", size: 11, symbol: "diamond-open", line: { width: 2, color: "var(--cw-c)" } },
  }, ...drawn];
}

function layout(get) {
  const first = get("show_editions") ? get("published")[0].year : scenarios(get)[0].year;
  const last = Math.max(horizonYear(get), get("show_editions") ? 2030 : 0), span = last - first;
  const labels = scenarios(get).map((one) => ({ x: one.rows.at(-1)[0], y: one.rows.at(-1)[1], text: `<b>${billions(one.rows.at(-1)[1])}</b>`, showarrow: false,
    xanchor: "right", yanchor: "bottom", xshift: -4, yshift: 4, font: { color: one.colour, size: 14 } }));
  return {
    annotations: labels, xaxis: { range: [first - 0.6, last + 0.6], tickformat: "d", dtick: span > 16 ? 4 : span > 8 ? 2 : 1, tick0: first + (span % 2) },
    yaxis: { title: { text: "bn USD" }, rangemode: "tozero" },
  };
}

function render({ model, el }) {
  const get = (key) => model.get(key);
  const initial = Object.fromEntries(STATE.map((key) => [key, get(key)]));
  const own = (values) => put(model, { ...values, edition: "" });
  const estimated = () => get("start") === "estimate";

  function load(id) {
    const edition = get("editions").find((one) => one.id === id);
    if (!edition) return put(model, { edition: "" });
    const { base_year, base_value, estimate_year, estimate_value, cagr, end_year } = edition;
    put(model, { edition: id, base_year, base_value, estimate_year, estimate_value, cagr: cagr ?? get("cagr"), horizon: end_year ?? Math.max(get("horizon"), estimate_year + 1) });
  }

  const pick = h("select", { id: uid(), onChange: () => load(pick.value) },
    get("editions").map((one) => h("option", { value: one.id }, `${one.name}: ${one.cagr == null ? "states no rate" : `${percent(one.cagr)} to ${one.end_year}`}${one.quoted ? " (quoted by S0)" : ""}`)),
    h("option", { value: "" }, "values of your own"));
  const start = radioField({ legend: "Start from the", options: [["estimate", ""], ["base", ""]], value: () => get("start"),
    change: (value) => put(model, { start: value, horizon: Math.max(get("horizon"), get(`${value}_year`) + 1) }) });
  const size = rangeField({ label: "Market size", unit: "bn USD", min: 10, max: 800, step: 1, whole: false, value: () => get(estimated() ? "estimate_value" : "base_value"),
    change: (value) => own({ [estimated() ? "estimate_value" : "base_value"]: value }) });
  const rate = (label, key, change) => rangeField({ label, unit: "%", min: 0, max: 25, step: 0.1, whole: false, value: () => get(key), change });
  const growth = rate("Growth a year (CAGR)", "cagr", (cagr) => own({ cagr }));
  const second = rate("Scenario B, growth a year", "cagr_b", (cagr_b) => put(model, { cagr_b }));
  const horizon = rangeField({ label: "Up to the year", min: startYear(get) + 1, max: LAST_HORIZON, step: 1, whole: true, value: () => get("horizon"), change: (year) => put(model, { horizon: year }) });
  const compare = checkField({ label: "Compare with a second scenario", value: () => get("compare"), change: (on) => put(model, { compare: on }) });
  const marks = checkField({ label: "Show what the publisher's editions say", value: () => get("show_editions"), change: (on) => put(model, { show_editions: on }) });

  const status = h("p", { class: "cw-status", role: "status" }), say = speaker(status);
  const heading = h("div", { class: "cw-chart-title" });
  const table = h("div", {}), rows = () => points(get).map(([series, year, value, basis]) => [year, series, billions(value), basis]);
  const picture = chart(model, () => ({ data: traces(get), layout: layout(get), alt: `Line chart. ${sentence(scenarios(get), horizonYear(get))}` }), 380);
  const save = () => download("market-growth.csv", csv([["series", "year", "billion_usd", "basis"], ...points(get).map(([series, year, value, basis]) => [series, year, value.toFixed(2), basis])]));

  el.append(frame(get("title"), "cw-growth",
    h("div", { class: "cw-controls" },
      h("div", { class: "cw-field" }, h("label", { for: pick.id }, "Load a published forecast"), pick),
      start.row,
      h("p", { class: "cw-hint" }, "A publisher's rate runs from the estimate year, the first year of its forecast. From the base year it would also be applied to a year that it does not cover."),
      size.row, growth.row, horizon.row, h("div", { class: "cw-choices" }, compare.row, marks.row), second.row),
    heading, status, picture.node,
    h("p", { class: "cw-hint" }, "Solid: sizes that the yearly editions give. Dashed and diamonds: projections. Hollow circles: known only as relayed by an aggregator, a page that collects figures; a teaching example, not a citation."),
    h("p", { class: "cw-source" }, `Source: ${get("source")}`),
    h("div", { class: "cw-bar" }, button("Download as CSV", save), button("Reset", () => put(model, initial))),
    h("details", {}, h("summary", {}, "The numbers as a table"), table)));

  const draw = () => {
    const until = horizonYear(get), now = scenarios(get);
    pick.value = get("edition");
    start.sync({ estimate: `estimate year ${get("estimate_year")} (${billions(get("estimate_value"))} bn)`, base: `base year ${get("base_year")} (${billions(get("base_value"))} bn)` });
    size.sync({ label: `Market size in ${startYear(get)}` });
    growth.sync({ label: get("compare") ? "Scenario A, growth a year" : "Growth a year (CAGR)" });
    second.sync();
    second.row.hidden = !get("compare");
    horizon.sync({ low: startYear(get) + 1 });
    compare.sync();
    marks.sync();
    heading.textContent = message(now, until);
    say(sentence(now, until));
    table.replaceChildren(dataTable("Every point of the chart, billions of US dollars", ["Year", "Series", "bn USD", "Basis"], rows()));
    picture.redraw();
  };
  const unwatch = watch(model, STATE, perFrame(draw));
  draw();
  return () => { unwatch(); picture.stop(); };
}
export default { render };
