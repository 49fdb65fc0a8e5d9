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
  const first = one("Scenario A", get("cagr"), "var(--cw-e)", "dash");
  return get("compare") ? [first, one("Scenario B", get("cagr_b"), "var(--cw-warn)", "dot")] : [first];
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

/** where a forecast lies beside others; no forecast is a fact, so nothing is judged */
const placed = (own, ends, all) => {
  const low = Math.min(...ends), high = Math.max(...ends);
  return own > high ? `${billions(own - high)} bn above ${all}` : own < low ? `${billions(low - own)} bn below ${all}` : `between ${billions(low)} and ${billions(high)} bn`;
};

/** the headline once the forecasts are shown: it speaks of the reader's own */
export const headline = (own, ends, other, year) =>
  `Your ${billions(own)} bn for ${year} lies ${placed(own, [...ends, other.end_value], "every forecast shown here")}${own < Math.min(...ends, other.end_value)
    || own > Math.max(...ends, other.end_value) ? "" : ", among the forecasts shown here"}`;

/** the reader's forecast beside the published ones, and these beside one another */
export function compared(own, ends, year, next, other) {
  const low = Math.min(...ends), high = Math.max(...ends);
  const place = own >= low && own <= high ? "between them" : placed(own, ends, "all of them");
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
    drawn.push({ name: "Published size", legend: "Sizes published, one edition a year", looks: joined(hollow, 9, "solid"), labelled: true,
      points: sizes(get).map((one) => [one.year, one.value, `${one.edition}, ${one.credit}`]) });
    drawn.push({ name: "Published estimate", legend: `Estimate for ${next.year}, not yet counted`, looks: joined("square-open", 10, "dash"), labelled: true,
      points: [[next.year, next.value, `${next.edition}, ${next.credit}: an estimate, not yet counted`]] });
  }
  if (known && shown) {
    const other = get("other");
    drawn.push({ name: "End of an edition's forecast", legend: "Where each edition's own rate leads", looks: dots("var(--cw-c)", "diamond-open", 11),
      points: forecasts(get).map((one) => [one.end_year, one.end_value,
        `${one.name}, ${one.credit}: ${rests({ ...one, start_value: one.estimate_value, start_year: one.estimate_year })}`]) });
    drawn.push({ name: "Another publisher's forecast", legend: `Where the rate of ${other.publisher} leads`, looks: dots("var(--cw-c)", "square-open", 10),
      points: [[other.end_year, other.end_value, `${other.publisher}, ${other.edition}: ${rests(other)}`]] });
  }
  for (const one of shown ? scenarios(get) : []) {
    drawn.push({ name: one.name, labelled: true, legend: `${one.name}: ${percent(one.rate)} a year (projected)`,
      points: one.rows.map((row) => [...row, `projected at ${percent(one.rate)} a year`]),
      looks: { mode: "lines+markers", line: { color: one.colour, dash: one.dash, width: 3 }, marker: { color: one.colour, size: 6 } },
    });
  }
  if (own != null || !shown) {
    drawn.push({ name: "Your forecast", legend: "Your forecast", labelled: true, looks: dots("var(--cw-d)", "diamond", 14),
      points: own == null ? [] : [[get("asked_year"), own, "your own forecast"]] });
  }
  return drawn;
}

/** every plotted point: series, year, value, what it rests on */
const everyPoint = (get, own) => series(get, own).flatMap(({ name, points }) => points.map((point) => [name, ...point]));

const traces = (get, own) => series(get, own).map(({ name, legend, points, looks, labelled }) => ({
  type: "scatter", name: legend, showlegend: !labelled, x: points.map(([year]) => year), y: points.map(([, value]) => value),
  text: points.map(([, , basis]) => basis.replace(/[,:] /g, "$&<br>")), hovertemplate: `%{x}: %{y:,.1f} bn USD<br>%{text}<extra>${name}</extra>`, ...looks,
}));

// fixed, so that the reader's own point can be dragged: where it lies is reckoned from these
const MARGIN = { l: 62, r: 16, t: 12, b: 32 }, LEAST_TOP = 750;
const known = (get) => get("show_editions") || !isOpen(get);
/** what the axes reach over */
function reach(get, own) {
  const points = everyPoint(get, own), years = points.map(([, year]) => year), from = Math.min(...years), to = Math.max(...years, known(get) ? get("asked_year") : 0);
  return { from, to, top: Math.max(known(get) ? LEAST_TOP : 0, Math.max(...points.map(([, , value]) => value)) * 1.08) };  // the same before and after the reveal
}

function layout(get, own) {
  const shown = isOpen(get), next = estimate(get), asked = get("asked_year"), all = sizes(get), last = all.at(-1), named = scenarios(get).length > 1;
  const { from, to, top } = reach(get, own), span = to - from;
  const label = (x, y, text, color, rest = {}) => ({
    x, y, text: `<b>${text}</b>`, showarrow: false, xanchor: "right", yanchor: "bottom", xshift: -6, yshift: 4, font: { color, size: 14 }, ...rest,
  });
  const small = (x, y, text, rest) => label(x, y, text, "var(--cw-ink)", { text, font: { size: 12, color: "var(--cw-muted)" }, ...rest });
  const line = (x0, y0, x1, y1, color, dash) => ({ type: "line", x0, y0, x1, y1, layer: "below", line: { color, width: 2, dash } });
  const ends = shown ? scenarios(get).map((one) => label(...one.rows.at(-1), `${named ? `${one.name.at(-1)}: ` : ""}${billions(one.rows.at(-1)[1])}`, one.colour)) : [];
  const below = shown && own < scenarios(get)[0].rows.at(-1)[1] ? { yanchor: "top", yshift: -20 } : { yshift: 20 };
  const yours = own == null ? [] : [label(asked, own, `yours: ${billions(own)}`, "var(--cw-d)", { xshift: 22, ...below })];
  const wanted = shown || own != null ? [] : [label(asked, next.value, "your forecast?", "var(--cw-d)", { xshift: -24, yanchor: "middle", yshift: 44 })];
  const names = known(get) ? [small(all[2].year, all[2].value, "sizes published", { xanchor: "left", yanchor: "top", xshift: 2, yshift: -8 }),
    small(next.year, next.value, `estimate ${next.year}`, { xshift: 0, yshift: shown ? -30 : 12, xanchor: shown ? "left" : "right" })] : [];
  return {
    margin: MARGIN, annotations: [...names, ...ends, ...yours, ...wanted],
    shapes: [
      known(get) && line(last.year, last.value, next.year, next.value, "var(--cw-ink)", "5px,4px"),
      known(get) && own != null && line(next.year, next.value, asked, own, "var(--cw-d)", "dot"),
      wanted.length && line(asked, 0, asked, top, "var(--cw-d)", "dot"),
    ].filter(Boolean),
    xaxis: { automargin: false, range: [from - 0.6, to + 0.6], tickformat: "d", dtick: span > 16 ? 4 : span > 8 ? 2 : 1, tick0: from + (span % 2) },
    yaxis: { automargin: false, title: { text: "bn USD" }, range: [0, top] },
  };
}

/** the reader's own point, to be dragged; the slider below is its twin for keys and screen readers. at() -> {year, value}, or null */
function grip(box, get, mine, at, change) {
  const node = h("div", { class: "cw-grip", "aria-hidden": "true" }, h("span", {}, "↕"));
  const high = () => box.clientHeight - MARGIN.t - MARGIN.b;
  const place = () => {
    const point = at();
    node.hidden = !point;
    if (!point) return;
    const { from, to, top } = reach(get, mine()), wide = box.clientWidth - MARGIN.l - MARGIN.r;
    node.style.left = `${box.offsetLeft + MARGIN.l + wide * (point.year - from + 0.6) / (to - from + 1.2)}px`;
    node.style.top = `${box.offsetTop + MARGIN.t + high() * (1 - point.value / top)}px`;
  };
  let top = null;  // of the axis, as it was when the drag began
  const drag = (event) => {
    if (top === null) return;
    const share = 1 - (event.clientY - box.getBoundingClientRect().top - MARGIN.t) / high(), step = OWN.step;
    change(Math.min(OWN.max, Math.max(OWN.min, Math.round(Math.min(1, Math.max(0, share)) * top / step) * step)));
  };
  node.addEventListener("pointerdown", (event) => { event.preventDefault(); node.setPointerCapture(event.pointerId); top = reach(get, mine()).top; });
  node.addEventListener("pointermove", drag);
  for (const name of ["pointerup", "pointercancel"]) node.addEventListener(name, () => { top = null; });
  new ResizeObserver(place).observe(box);
  return { node, place };
}

function render({ model, el }) {
  const get = (key) => model.get(key);
  const custom = (values) => put(model, { ...values, edition: "" });
  const estimated = () => get("start") === "estimate";

  function load(id) {
    const edition = get("editions").find((one) => one.id === id);
    if (!edition) return put(model, { edition: "" });
    const { base_year, base_value, estimate_year, estimate_value, end_year } = edition;
    put(model, { edition: id, base_year, base_value, estimate_year, estimate_value, cagr: edition.cagr ?? get("cagr"), horizon: end_year ?? Math.max(get("horizon"), estimate_year + 1) });
  }

  const pick = h("select", { id: uid(), onChange: () => load(pick.value) },
    get("editions").map((one) => h("option", { value: one.id }, `${one.name}: ${one.cagr == null ? "states no rate" : `${percent(one.cagr)} to ${one.end_year}`}${one.quoted ? " (in the vendor's guide)" : ""}`)),
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
  const setOwn = (value) => {
    if (isOpen(get)) return put(model, { own_forecast: value });
    draft = value;
    later();
  };
  const own = rangeField({ label: `Your forecast for ${get("asked_year")}`, unit: "bn USD", ...OWN, whole: false, from: estimate(get).value, value: mine, change: setOwn });
  const reveal = (forecast) => {
    draft = null;
    put(model, { own_forecast: forecast, revealed: true });
    draw();
    (forecast == null ? pick : own.slide).focus({ preventScroll: true });
  };
  const show = button("Show what was published", () => reveal(mine()), { "data-main": "" });
  const asking = h("p", { class: "cw-asking" },
    h("strong", {}, `First your own forecast: how large will the market be in ${get("asked_year")}?`), " Drag the mark in the chart, move the slider, or type a number.");
  const answers = h("div", { class: "cw-bar" }, show, h("button", { type: "button", class: "cw-quiet", onClick: () => reveal(null) }, "Skip"));
  const ends = () => forecasts(get).filter((one) => one.end_year === get("asked_year")).map((one) => one.end_value);
  const comparison = () => compared(get("own_forecast"), ends(), get("asked_year"), estimate(get), get("other"));
  const beside = h("p", { class: "cw-beside", role: "status" }), tell = speaker(beside);

  const maybe = { ...within(OWN.min, OWN.max), write: (value) => (value == null ? "" : String(value)) };
  const year = within(2000, LAST_HORIZON, true), amount = within(0, 10000), rates = within(0, 25);
  const state = viewState(model, "growth", { edition: oneOf(...get("editions").map((one) => one.id), ""), start: oneOf("estimate", "base"), base_year: year, base_value: amount,
    estimate_year: year, estimate_value: amount, cagr: rates, horizon: year, compare: yesNo, cagr_b: rates, show_editions: yesNo, own_forecast: maybe, revealed: yesNo,
    guess: { ...maybe, get: () => draft, set: (value) => { draft = value; later(); } } });

  const status = h("p", { class: "cw-status", role: "status" }), say = speaker(status);
  const heading = h("div", { class: "cw-chart-title" });
  const rows = () => everyPoint(get, mine()).map(([name, when, value, basis]) => [when, name, billions(value), basis]);
  const picture = chart(model, () => ({ data: traces(get, mine()), layout: layout(get, mine()),
    alt: isOpen(get) ? `Line chart. ${sentence(scenarios(get), horizonYear(get))} ${comparison()}` : `Line chart. ${soFar(get, mine())}` }), [340, 270]);
  const handle = grip(picture.box, get, mine, () => (isOpen(get) && (get("own_forecast") == null || !known(get)) ? null
    : { year: get("asked_year"), value: mine() ?? estimate(get).value }), setOwn);
  picture.node.append(handle.node);
  const table = folded("The numbers as a table",
    () => [dataTable("Every point of the chart, billions of US dollars", ["Year", "Series", "bn USD", "Basis"], rows())]);
  const save = () => download("market-growth.csv", csv([["series", "year", "billion_usd", "basis"],
    ...everyPoint(get, mine()).map(([name, when, value, basis]) => [name, when, value.toFixed(2), basis])]));
  const foot = tools(state, button("Download as CSV", save), button("Reset", state.reset));

  const sliders = h("div", { class: "cw-controls" }, growth.row, horizon.row, size.row,
    h("div", { class: "cw-choices" }, compareBox.row, marks.row), second.row,
    h("div", { class: "cw-field" }, h("label", { for: pick.id }, "Load a published forecast"), pick),
    start.row,
    h("p", { class: "cw-hint" }, "The rate of an edition covers the years from its estimate year on. From the base year it would also be applied to a year that it does not cover."));
  const root = frame(get("title"), "cw-growth",
    bench([heading, picture.node], status, h("div", { class: "cw-controls cw-own" }, asking, beside, own.row, answers), sliders),
    h("p", { class: "cw-hint" }, `Solid: sizes that an edition states for its base year. Hollow square on the dashed line: the estimate for ${estimate(get).year}, which no edition states as its base value yet. `
      + "Other dashed and dotted lines, diamonds and squares: forecasts. Hollow circles: known only as relayed by an aggregator, a page that collects figures; a teaching example, not a citation."),
    h("p", { class: "cw-source" }, `Source: ${get("source")}`), foot.node, table.node);
  el.append(root);

  const draw = () => {
    const until = horizonYear(get), now = scenarios(get), shown = isOpen(get), given = get("own_forecast");
    picture.redraw();
    handle.place();
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
    show.disabled = mine() == null;
    beside.hidden = sliders.hidden = !shown;
    own.row.hidden = shown && given == null;
    heading.textContent = together(!shown ? question(get) : given == null ? message(now, until) : headline(given, ends(), get("other"), get("asked_year")));
    say(shown ? sentence(now, until) : soFar(get, mine()));
    if (shown) tell(comparison()); else beside.textContent = "";
    table.sync();
    foot.quiet();
    state.save();
  };
  const later = perFrame(draw);
  const unwatch = watch(model, STATE, later), unfollow = state.begin(root);
  draw();
  return () => { unwatch(); unfollow(); picture.stop(); };
}
export default { render };
