// growth.js - market growth sliders. The three formulas are twins of outsourcing/market.py; a test holds them equal.

/** value after `years` at `rate` (a fraction a year) */
export const project = (value, rate, years) => value * (1 + rate) ** years;

/** [[year, value], ...] from startYear to endYear, both included */
export const path = (value, rate, startYear, endYear) =>
  Array.from({ length: endYear - startYear + 1 }, (_, years) => [startYear + years, project(value, rate, years)]);

/** the constant yearly rate (a fraction) that joins two values */
export const cagr = (start, end, years) => (end / start) ** (1 / years) - 1;

const oneDecimal = new Intl.NumberFormat("en-US", { minimumFractionDigits: 1, maximumFractionDigits: 1 }); // made once: it is slow to make
const billions = (value) => oneDecimal.format(value);
const percent = (rate) => `${Number(rate.toFixed(2))} %`;
const STATE = ["edition", "start", "base_year", "base_value", "estimate_year", "estimate_value", "cagr", "horizon", "compare", "cagr_b", "show_editions",
  "own_forecast", "revealed"];
const LAST_HORIZON = 2040;
const OWN = { min: 50, max: 1500, step: 5 };

const startYear = (get) => get(get("start") === "estimate" ? "estimate_year" : "base_year");
/** the year where the projection ends; never before its start, whatever Python sets */
const horizonYear = (get) => Math.max(get("horizon"), startYear(get));

/** published forecasts stay out of sight until the reader has given one, or skipped the question */
const isOpen = (get) => get("revealed") || get("own_forecast") != null;
const sizes = (get) => get("published").filter((one) => !one.estimate);
const estimate = (get) => get("published").find((one) => one.estimate);
const forecasts = (get) => get("editions").filter((one) => one.cagr != null);

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

/** the heading and the sentence while the reader's forecast is asked for */
function question(get) {
  const first = sizes(get)[0], last = sizes(get).at(-1);
  return `From ${billions(first.value)} bn USD in ${first.year} to ${billions(last.value)} bn in ${last.year}: and in ${get("asked_year")}?`;
}
function soFar(get, own) {
  const next = estimate(get);
  if (own == null) return `For ${next.year} there is only an estimate so far: ${billions(next.value)} bn USD.`;
  const rate = cagr(next.value, own, get("asked_year") - next.year) * 100;
  return `Your forecast: ${billions(own)} bn USD in ${get("asked_year")}, ${percent(Number(rate.toFixed(1)))} a year from the estimate for ${next.year}.`;
}

/** the reader's forecast beside the published ones, and these beside one another; no forecast is a fact, so nothing is judged */
export function compared(own, ends, year, next, other) {
  const low = Math.min(...ends), high = Math.max(...ends);
  const place = own > high ? `${billions(own - high)} bn above all of them` : own < low ? `${billions(low - own)} bn below all of them` : "between them";
  return (own == null ? `Forecasts for ${year}: one` : `Your forecast for ${year} is ${billions(own)} bn USD. One`)
    + ` publisher's ${ends.length} editions that end there lead to ${billions(low)} to ${billions(high)} bn${own == null ? "" : `; yours lies ${place}`}.`
    + ` Another publisher, ${other.publisher}, leads to ${billions(other.end_value)} bn at its own rate.`
    + ` For ${next.year} the two differ already: ${billions(next.value)} and ${billions(other.start_value)} bn. Nobody has counted ${year} yet: none of these is a fact.`;
}

/** all that is drawn: each series with its points ([year, value, what it rests on]) and its looks */
function series(get, own) {
  const shown = isOpen(get), known = get("show_editions") || !shown, drawn = [];
  const dots = (color, symbol, size) => ({ mode: "markers", marker: { color, size, symbol, line: { width: 2, color } } });
  const ink = "var(--cw-ink)", joined = (symbol, size, dash) => ({ ...dots(ink, symbol, size), mode: "lines+markers", line: { color: ink, width: 2, dash } });
  const rests = (one) => `${billions(one.start_value)} bn in ${one.start_year} at ${percent(one.cagr)} a year, computed here`;
  if (known) {
    const next = estimate(get), hollow = sizes(get).map((one) => (one.reliability === "low-aggregator" ? "circle-open" : "circle"));
    drawn.push({ name: "Published size", legend: "Sizes published, one edition a year", looks: joined(hollow, 9, "solid"),
      points: sizes(get).map((one) => [one.year, one.value, `${one.edition}, ${one.credit}`]) });
    drawn.push({ name: "Published estimate", legend: `Estimate for ${next.year}, not yet counted`, looks: joined("square-open", 10, "dash"),
      points: [[next.year, next.value, `${next.edition}, ${next.credit}: an estimate, not yet counted`]] });
  }
  if (known && shown) {
    const other = get("other");
    drawn.push({ name: "End of an edition's forecast", legend: "Where each edition's own rate leads", looks: dots("var(--cw-c)", "diamond-open", 11),
      points: forecasts(get).map((one) => [one.end_year, one.end_value,
        `${one.name}, ${one.credit}: ${rests({ ...one, start_value: one.estimate_value, start_year: one.estimate_year })}`]) });
    drawn.push({ name: "Another publisher's forecast", legend: `Where the rate of ${other.publisher} leads`, looks: dots("var(--cw-e)", "square-open", 10),
      points: [[other.end_year, other.end_value, `${other.publisher}, ${other.edition}: ${rests(other)}`]] });
  }
  for (const one of shown ? scenarios(get) : []) {
    drawn.push({ name: one.name, legend: `${one.name}: ${percent(one.rate)} a year (projected)`,
      points: one.rows.map((row) => [...row, `projected at ${percent(one.rate)} a year`]),
      looks: { mode: "lines+markers", line: { color: one.colour, dash: one.dash, width: 3 }, marker: { color: one.colour, size: 6 } },
    });
  }
  if (own != null || !shown) { // in the legend from the start: nothing may move under the reader's finger
    drawn.push({ name: "Your forecast", legend: "Your forecast", looks: dots("var(--cw-d)", "diamond", 14),
      points: own == null ? [] : [[get("asked_year"), own, "your own forecast"]] });
  }
  return drawn;
}

/** every plotted point: series, year, value, what it rests on */
const everyPoint = (get, own) => series(get, own).flatMap(({ name, points }) => points.map((point) => [name, ...point]));

const traces = (get, own) => series(get, own).map(({ name, legend, points, looks }) => ({
  type: "scatter", name: legend, x: points.map(([year]) => year), y: points.map(([, value]) => value),
  text: points.map(([, , basis]) => basis.replace(/[,:] /g, "$&<br>")), hovertemplate: `%{x}: %{y:,.1f} bn USD<br>%{text}<extra>${name}</extra>`, ...looks,
}));

function layout(get, own) {
  const shown = isOpen(get), known = get("show_editions") || !shown, next = estimate(get), asked = get("asked_year"), last = sizes(get).at(-1);
  const years = everyPoint(get, own).map(([, year]) => year), from = Math.min(...years), to = Math.max(...years, known ? asked : 0), span = to - from;
  const highest = Math.max(...everyPoint(get, own).map(([, , value]) => value));
  const label = (x, y, text, color, rest = {}) => ({
    x, y, text: `<b>${text}</b>`, showarrow: false, xanchor: "right", yanchor: "bottom", xshift: -6, yshift: 4, font: { color, size: 14 }, ...rest,
  });
  const line = (x0, y0, x1, y1, color, dash) => ({ type: "line", x0, y0, x1, y1, layer: "below", line: { color, width: 2, dash } });
  const ends = shown ? scenarios(get).map((one) => label(...one.rows.at(-1), billions(one.rows.at(-1)[1]), one.colour)) : [];
  const below = shown && own < scenarios(get)[0].rows.at(-1)[1] ? { xshift: 22, yanchor: "top", yshift: -10 } : {};
  const yours = own == null ? [] : [label(asked, own, billions(own), "var(--cw-d)", { xshift: -12, ...below })];
  const wanted = shown || own != null ? [] : [label(asked, next.value, "your<br>forecast?", "var(--cw-d)", { xshift: 24 })];
  return {
    margin: { l: 62 }, annotations: [...ends, ...yours, ...wanted],
    shapes: [
      known && line(last.year, last.value, next.year, next.value, "var(--cw-ink)", "5px,4px"),
      known && own != null && line(next.year, next.value, asked, own, "var(--cw-d)", "dot"),
      wanted.length && line(asked, 0, asked, next.value, "var(--cw-d)", "dot"),
    ].filter(Boolean),
    xaxis: { automargin: false, range: [from - 0.6, to + 0.6], tickformat: "d", dtick: span > 16 ? 4 : span > 8 ? 2 : 1, tick0: from + (span % 2) },
    // the same height before and after the published forecasts appear
    yaxis: { automargin: false, title: { text: "bn USD" }, range: [0, Math.max(known ? 650 : 0, highest * 1.08)] },
  };
}

function render({ model, el }) {
  const get = (key) => model.get(key);
  const initial = Object.fromEntries(STATE.map((key) => [key, get(key)]));
  const custom = (values) => put(model, { ...values, edition: "" });
  const estimated = () => get("start") === "estimate";

  function load(id) {
    const edition = get("editions").find((one) => one.id === id);
    if (!edition) return put(model, { edition: "" });
    const { base_year, base_value, estimate_year, estimate_value, end_year } = edition;
    put(model, { edition: id, base_year, base_value, estimate_year, estimate_value, cagr: edition.cagr ?? get("cagr"), horizon: end_year ?? Math.max(get("horizon"), estimate_year + 1) });
  }

  const pick = h("select", { id: uid(), onChange: () => load(pick.value) },
    get("editions").map((one) => h("option", { value: one.id }, `${one.name}: ${one.cagr == null ? "states no rate" : `${percent(one.cagr)} to ${one.end_year}`}${one.quoted ? " (quoted by S0)" : ""}`)),
    h("option", { value: "" }, "values of your own"));
  const start = radioField({ legend: "Start from the", options: [["estimate", ""], ["base", ""]], value: () => get("start"),
    change: (value) => put(model, { start: value, horizon: Math.max(get("horizon"), get(`${value}_year`) + 1) }) });
  const size = rangeField({ label: "Market size", unit: "bn USD", min: 10, max: 800, step: 1, whole: false, value: () => get(estimated() ? "estimate_value" : "base_value"),
    change: (value) => custom({ [estimated() ? "estimate_value" : "base_value"]: value }) });
  const rate = (label, key, change) => rangeField({ label, unit: "%", min: 0, max: 25, step: 0.1, whole: false, value: () => get(key), change });
  const growth = rate("Growth a year (CAGR)", "cagr", (value) => custom({ cagr: value }));
  const second = rate("Scenario B, growth a year", "cagr_b", (cagr_b) => put(model, { cagr_b }));
  const horizon = rangeField({ label: "Up to the year", min: startYear(get) + 1, max: LAST_HORIZON, step: 1, whole: true, value: () => get("horizon"), change: (year) => put(model, { horizon: year }) });
  const compareBox = checkField({ label: "Compare with a second scenario", value: () => get("compare"), change: (on) => put(model, { compare: on }) });
  const marks = checkField({ label: "Show the published sizes and forecasts", value: () => get("show_editions"), change: (on) => put(model, { show_editions: on }) });

  // the forecast that is still being set: the model knows it only once it is given
  let draft = null;
  const mine = () => get("own_forecast") ?? (isOpen(get) ? null : draft);
  const own = rangeField({ label: `Your forecast for ${get("asked_year")}`, unit: "bn USD", ...OWN, whole: false, value: () => mine() ?? estimate(get).value,
    change: (value) => {
      if (isOpen(get)) return put(model, { own_forecast: value });
      draft = value;
      later();
    } });
  const reveal = (forecast) => {
    put(model, { own_forecast: forecast, revealed: true });
    draw();
    (forecast == null ? pick : own.row.querySelector("input")).focus({ preventScroll: true });
  };
  const asking = h("div", { class: "cw-asking" },
    h("p", {}, h("strong", {}, `First your own view: how large will the market be in ${get("asked_year")}?`), " Then see what was published. There is no right answer yet."));
  const answers = h("div", { class: "cw-bar" }, button("Show what was published", () => reveal(mine() ?? estimate(get).value), { "data-main": "" }),
    h("button", { type: "button", class: "cw-quiet", onClick: () => reveal(null) }, "Skip"));
  const comparison = () => compared(get("own_forecast"), forecasts(get).filter((one) => one.end_year === get("asked_year")).map((one) => one.end_value),
    get("asked_year"), estimate(get), get("other"));
  const beside = h("p", { class: "cw-beside", role: "status" }), tell = speaker(beside);

  const status = h("p", { class: "cw-status", role: "status" }), say = speaker(status);
  const heading = h("div", { class: "cw-chart-title" });
  const rows = () => everyPoint(get, mine()).map(([name, year, value, basis]) => [year, name, billions(value), basis]);
  const picture = chart(model, () => ({ data: traces(get, mine()), layout: layout(get, mine()),
    alt: isOpen(get) ? `Line chart. ${sentence(scenarios(get), horizonYear(get))} ${comparison()}` : `Line chart. ${soFar(get, mine())}` }), 380);
  const table = folded("The numbers as a table",
    () => [dataTable("Every point of the chart, billions of US dollars", ["Year", "Series", "bn USD", "Basis"], rows())]);
  const save = () => download("market-growth.csv", csv([["series", "year", "billion_usd", "basis"],
    ...everyPoint(get, mine()).map(([name, year, value, basis]) => [name, year, value.toFixed(2), basis])]));
  const reset = () => { draft = null; put(model, initial); later(); };

  const sliders = h("div", { class: "cw-controls" },
    h("div", { class: "cw-field" }, h("label", { for: pick.id }, "Load a published forecast"), pick),
    start.row,
    h("p", { class: "cw-hint" }, "The rate of an edition covers the years from its estimate year on. From the base year it would also be applied to a year that it does not cover."),
    size.row, growth.row, horizon.row, h("div", { class: "cw-choices" }, compareBox.row, marks.row), second.row);
  el.append(frame(get("title"), "cw-growth",
    heading, status, picture.node,
    h("div", { class: "cw-controls cw-own" }, asking, beside, own.row, answers),
    sliders,
    h("p", { class: "cw-hint" }, `Solid: sizes that an edition states for its base year. Hollow square on the dashed line: the estimate for ${estimate(get).year}, which no edition states as its base value yet. `
      + "Other dashed and dotted lines, diamonds and squares: forecasts. Hollow circles: known only as relayed by an aggregator, a page that collects figures; a teaching example, not a citation."),
    h("p", { class: "cw-source" }, `Source: ${get("source")}`),
    h("div", { class: "cw-bar" }, button("Download as CSV", save), button("Reset", reset)),
    table.node));

  const draw = () => {
    const until = horizonYear(get), now = scenarios(get), shown = isOpen(get);
    picture.redraw();
    pick.value = get("edition");
    start.sync({ estimate: `estimate year ${get("estimate_year")} (${billions(get("estimate_value"))} bn)`, base: `base year ${get("base_year")} (${billions(get("base_value"))} bn)` });
    size.sync({ label: `Market size in ${startYear(get)}` });
    growth.sync({ label: get("compare") ? "Scenario A, growth a year" : "Growth a year (CAGR)" });
    second.sync();
    second.row.hidden = !get("compare");
    horizon.sync({ low: startYear(get) + 1 });
    compareBox.sync();
    marks.sync();
    own.sync();
    asking.hidden = answers.hidden = shown;
    beside.hidden = sliders.hidden = !shown;
    own.row.hidden = shown && get("own_forecast") == null;
    heading.textContent = together(shown ? message(now, until) : question(get));
    say(shown ? sentence(now, until) : soFar(get, mine()));
    if (shown) tell(comparison()); else beside.textContent = "";
    table.sync();
  };
  const later = perFrame(draw);
  const unwatch = watch(model, STATE, later);
  draw();
  return () => { unwatch(); picture.stop(); };
}
export default { render };
