// cost.js - the cost of a seat and year. seatCost is the twin of outsourcing/cost.py; a test holds them equal.

const SOURCED = "published", MIXED = "published rate on an assumption", ASSUMED = "assumption";

export const loadedWage = (base, bonus, benefits) => base * (1 + bonus + benefits);

/** the parts of what a seat costs a year: [{id, name, usd, basis}]. Rates and shares are fractions */
export function seatCost(base, bonus, benefits, given, nightBasis = ASSUMED) {
  const wage = base * given.hours, pay = wage * (1 + bonus + benefits);
  const night = wage * (given.night_share * given.premium);
  const leavers = given.hours / given.contract_hours * given.attrition * given.replacing;
  const managing = given.management * (pay + night + leavers), moving = given.transition / given.years;
  const choosing = (pay + night + leavers + managing + moving) * given.selection;
  const part = (id, name, usd, basis) => ({ id, name, usd, basis });
  return [
    part("wage", "Base wage", wage, SOURCED), part("bonus", "Bonus", wage * bonus, SOURCED), part("benefits", "Benefits", wage * benefits, SOURCED),
    part("night", "Night premium", night, nightBasis), part("attrition", "Replacing leavers", leavers, ASSUMED),
    part("management", "Management", managing, ASSUMED), part("transition", "Transition", moving, ASSUMED), part("selection", "Choosing a vendor", choosing, MIXED),
  ];
}

export const total = (parts) => parts.reduce((sum, part) => sum + part.usd, 0);

// ---- the page ----------------------------------------------------------------------------------------------------

const PAY = ["base", "bonus", "benefits"];
const STATE = ["country", ...PAY, "service", "own_night", "premium", "hours", "attrition", "replacing", "management", "transition",
  "years", "selection"];
const dollars = (amount) => Math.round(amount).toLocaleString("en-US");
const percent = (share) => `${(share * 100).toFixed(1)} %`;
const published = (parts) => total(parts.filter((part) => part.basis === SOURCED));

/** the assumptions as fractions, for one country: its own clock decides what is night, its own law how little a night may cost */
function assumptions(get, place) {
  const share = (key) => get(key) / 100;
  return {
    hours: get("hours"), contract_hours: get("contract_hours"),
    night_share: get("service") === "own" ? share("own_night") : place.night[get("service")], premium: Math.max(place.law, get("premium")) / 100, attrition: share("attrition"),
    replacing: get("replacing"), management: share("management"), transition: get("transition"), years: get("years"), selection: share("selection"),
  };
}

/** everything that the settings lead to: the chosen country's parts, and all countries, the cheapest first */
function plan(get) {
  const parts = (place, [base, bonus, benefits]) => seatCost(base, bonus / 100, benefits / 100, assumptions(get, place), place.law ? MIXED : ASSUMED);
  const at = (place, end) => PAY.map((key) => place[key][end]);
  const chosen = get("destinations").find((one) => one.country === get("country"));
  const places = get("destinations").map((place) => {
    const own = place === chosen, known = parts(place, own ? PAY.map(get) : at(place, 1));
    return { country: place.country, own, night: assumptions(get, place).night_share,
      sourced: published(known), rest: total(known) - published(known), usd: total(known), low: total(parts(place, at(place, 0))), high: total(parts(place, at(place, 2))) };
  }).sort((one, other) => one.usd - other.usd);
  const lines = parts(chosen, PAY.map(get)), sum = total(lines), given = assumptions(get, chosen);
  return { country: chosen.country, chosen, lines, sum, given, places, sourced: published(lines),
    pay: loadedWage(get("base"), get("bonus") / 100, get("benefits") / 100) + get("base") * given.night_share * given.premium };
}

const inThe = (country) => (country === "Philippines" ? "the Philippines" : country);
const message = ({ sum, sourced }) => `Published pay is ${Math.round(sourced / sum * 100)} % of this sum; the rest hangs on assumptions`;
const sentence = ({ country, sum, sourced, given }) => `A seat in ${inThe(country)} would cost ${dollars(sum)} USD a year: `
  + `${dollars(sourced)} of published pay and ${dollars(sum - sourced)} that rest on assumptions. ${percent(given.night_share)} of its hours are at night there.`;
const compareMessage = ({ places }) => {
  const first = places[0], last = places.at(-1);
  return `With these settings a seat costs least in ${inThe(first.country)}, `
    + `and ${(last.usd / first.usd).toFixed(1)} times as much in ${inThe(last.country)}`;
};
const compareSentence = ({ places }) => `${places.map((one) => `${one.country} ${dollars(one.usd)}`).join(", ")} USD a seat and year. `
  + "The thin lines show what the published ranges of pay alone leave open.";

/** bars that begin where the one before ended, and the sum */
function waterfall({ lines, sum }) {
  let reached = 0;
  return [...lines.map((part) => ({ ...part, start: (reached += part.usd) - part.usd })),
    { id: "sum", name: "A seat and year", usd: sum, basis: "sum", start: 0 }];
}

// full bars have a source, hatched ones rest on an assumption: told apart without colour too
const full = (color) => ({ color, line: { width: 0 } });
const hatched = (color, solidity) => ({ color, line: { color, width: 1 }, pattern: { shape: "/", solidity, fgcolor: color, bgcolor: "rgba(0,0,0,0)" } });
const PUBLISHED = full("var(--cw-a)"), PARTLY = hatched("var(--cw-c)", 0.55), OWN = hatched("var(--cw-b)", 0.3);
const LOOKS = [[SOURCED, "Published", PUBLISHED], [MIXED, "Published rate on an assumption", PARTLY], [ASSUMED, "Your assumption", OWN],
  ["sum", "Sum", full("var(--cw-muted)")]];

const partTraces = (bars) => [...LOOKS.map(([basis, name, marker]) => ({ name, marker, own: bars.filter((bar) => bar.basis === basis) }))
  .filter(({ own }) => own.length)
  .map(({ name, marker, own }) => ({ type: "bar", orientation: "h", name, marker, y: own.map((bar) => bar.name), x: own.map((bar) => bar.usd),
    base: own.map((bar) => bar.start), text: own.map((bar) => dollars(bar.usd)), textposition: "none", hovertemplate: "%{y}: %{text} USD a year<extra></extra>" })),
  endLabels(bars.map((bar) => bar.start + bar.usd), bars.map((bar) => bar.name), bars.map((bar) => (bar.id === "sum" ? `<b>${dollars(bar.usd)}</b>` : dollars(bar.usd))))];

// the labels at the ends of the bars stand in the right margin, where a phone has room for them too
const MARGIN = { b: 48, r: 54 }, AMOUNTS = { automargin: false, tickformat: ",.0f", nticks: 4, tickangle: 0, title: { text: "USD a seat and year", font: { size: 13 } } };
const nameAxis = (names) => ({ categoryorder: "array", categoryarray: names.reverse(), automargin: false, gridcolor: "rgba(0,0,0,0)", color: "var(--cw-ink)", ticklabelstandoff: 6 });
const endLabels = (x, y, text) => ({ type: "scatter", mode: "text", x, y, text: text.map((one) => ` ${one}`), textposition: "middle right", hoverinfo: "skip",
  cliponaxis: false });

const partLayout = (bars, sum) => ({
  barmode: "overlay", bargap: 0.3, xaxis: { range: [0, sum * 1.01], ...AMOUNTS }, margin: { l: 134, ...MARGIN },
  yaxis: nameAxis(bars.map((bar) => bar.name)),
});

const label = (one) => (one.own ? `<b>${one.country}</b>` : one.country);
function placeTraces(places) {
  const bar = (name, key, marker, more) => ({ type: "bar", orientation: "h", name, marker, y: places.map(label), x: places.map((one) => one[key]),
    text: places.map((one) => dollars(one[key])), textposition: "none", hovertemplate: `%{y}: %{text} USD, ${name.toLowerCase()}<extra></extra>`, ...more });
  const open = { type: "data", symmetric: false, color: "var(--cw-ink)", thickness: 1.5, width: 5,
    array: places.map((one) => Math.max(0, one.high - one.usd)), arrayminus: places.map((one) => Math.max(0, one.usd - one.low)) };
  return [bar("Published pay", "sourced", PUBLISHED), bar("What rests on assumptions", "rest", OWN, { error_x: open }),
    endLabels(places.map(reach), places.map(label), places.map((one) => dollars(one.usd)))];
}
const reach = (one) => Math.max(one.high, one.usd);
const placeLayout = (places) => ({
  barmode: "stack", bargap: 0.35, margin: { l: 94, ...MARGIN }, xaxis: { range: [0, Math.max(...places.map(reach)) * 1.01], ...AMOUNTS },
  yaxis: nameAxis(places.map(label)),
});

const placeRows = ({ places }) => places.map((one) => [one.country, dollars(one.sourced), dollars(one.rest), dollars(one.usd),
  `${dollars(one.low)} to ${dollars(one.high)}`, percent(one.night), one.own ? "your pay" : "middle of the ranges"]);

/** one vendor's price, beside the pay that the reader has set */
function vendorTable(get, { pay }) {
  const { parts } = get("breakdown"), price = pay / (parts.find(([name]) => name === "agents' pay")[1] / 100);
  return dataTable(`If agents' pay (here ${pay.toFixed(2)} USD an hour) were the same share of the price as at that vendor, `
    + `an hour would be sold at ${price.toFixed(2)} USD`,
    ["Part of the price", "Share", "USD an hour"], parts.map(([name, share]) => [name, `${share} %`, (price * share / 100).toFixed(2)]));
}

function render({ model, el }) {
  const get = (key) => model.get(key);
  const initial = Object.fromEntries(STATE.map((key) => [key, get(key)]));
  const place = () => get("destinations").find((one) => one.country === get("country"));
  const slider = (key, text, unit, min, max, step, whole = true) => rangeField({ label: text, unit, min, max, step, whole,
    value: () => get(key), change: (value) => put(model, { [key]: value }) });
  function choose(key, text, options, change) {
    const node = h("select", { id: uid(), onChange: () => change(node.value) }, options.map(([value, name]) => h("option", { value }, name)));
    return { row: h("div", { class: "cw-field" }, h("label", { for: node.id }, text), node), sync: () => { node.value = get(key); } };
  }

  /** another country brings the middle of its ranges, and a premium that its law allows */
  function move(country) {
    const next = get("destinations").find((one) => one.country === country);
    put(model, { country, ...Object.fromEntries(PAY.map((key) => [key, next[key][1]])), premium: Math.max(next.law, get("premium")) });
  }
  const where = choose("country", "Country", get("destinations").map((one) => [one.country, one.country]), move);
  const service = choose("service", "Hours served", [["New York", "9 to 17 in New York"], ["London", "9 to 17 in London"], ["site", "9 to 17 at the seat's own place"],
    ["round", "24 hours, every day"], ["own", "a share of your own"]], (value) => put(model, { service: value }));
  const [low, , high] = get("selection_range");
  const pay = {
    base: slider("base", "Base wage an hour", "USD", 0, 99, 0.05, false), bonus: slider("bonus", "Bonus, on the base wage", "%", 0, 99, 1, false),
    benefits: slider("benefits", "Benefits, on the base wage", "%", 0, 99, 1, false),
  };
  const selection = slider("selection", "Choosing a vendor, of the contract", "%", low, high, 0.1, false);
  const night = slider("own_night", "Share of hours at night", "%", 0, 100, 1), premium = slider("premium", "Extra pay at night", "%", 0, 50, 1);
  const free = [
    slider("hours", "Paid hours a seat and year", "hours", 1000, 13000, 10), slider("attrition", "Leavers a year, of the people", "%", 0, 150, 1),
    slider("replacing", "Replacing one leaver", "USD", 0, 10000, 50), slider("management", "Management, on pay and leavers", "%", 0, 100, 1),
    slider("transition", "Transition a seat, once", "USD", 0, 10000, 50), slider("years", "Years of the contract", "years", 1, 10, 1),
  ];

  const status = h("p", { class: "cw-status", role: "status" }), say = speaker(status), title = () => h("div", { class: "cw-chart-title" });
  const heading = title(), compareHeading = title(), compareText = h("p", { class: "cw-status" });
  const law = h("p", { class: "cw-hint" });
  let now = plan(get);
  const parts = chart(model, () => {
    const bars = waterfall(now);
    return { data: partTraces(bars), layout: partLayout(bars, now.sum), alt: `Waterfall of bars. ${message(now)}. ${sentence(now)}` };
  }, 370);
  const others = chart(model, () => ({ data: placeTraces(now.places), layout: placeLayout(now.places),
    alt: `Bar chart of ${now.places.length} countries. ${compareSentence(now)}` }), 260);
  const vendor = folded("One vendor's price, for comparison", () => [h("p", {}, "A vendor in the Philippines says how its hourly price is made up ",
    `(${get("breakdown").source}, ${get("breakdown").year}). It is one vendor's word.`), vendorTable(get, now)]);
  const tables = folded("The numbers as a table", () => [
    dataTable(`A seat in ${inThe(now.country)}, USD a year`, ["Part", "USD", "Share", "Basis"],
      waterfall(now).map((bar) => [bar.name, dollars(bar.usd), percent(bar.usd / now.sum), bar.basis])),
    scrolled(dataTable("Countries, USD a seat and year",
      ["Country", "Published pay", "On assumptions", "Sum", "Over the published ranges", "Hours at night", "Pay"], placeRows(now)))]);
  const cents = (amount) => amount.toFixed(2);
  const save = () => download("seat-cost.csv", csv([["chart", "item", "usd", "low_usd", "high_usd", "basis"],
    ...waterfall(now).map((bar) => [now.country, bar.name, cents(bar.usd), "", "", bar.basis]),
    ...now.places.flatMap((one) => [["comparison", one.country, cents(one.sourced), "", "", SOURCED], ["comparison", one.country, cents(one.rest), "", "", ASSUMED],
      ["comparison", one.country, cents(one.usd), cents(one.low), cents(one.high), "sum"]])]));

  el.append(frame(get("title"), "cw-cost",
    h("div", { class: "cw-controls", role: "group", "aria-label": "Published figures" },
      h("div", { class: "cw-group" }, "Published figures: choose within their ranges"), where.row, pay.base.row, pay.bonus.row, pay.benefits.row, selection.row),
    h("div", { class: "cw-controls", "data-basis": "assumption", role: "group", "aria-label": "Your assumptions" },
      h("div", { class: "cw-group" }, "Your assumptions: round numbers to start from, without a source"), service.row, night.row, premium.row, law,
      free.map((one) => one.row)),
    heading, status, parts.node, compareHeading, compareText, others.node,
    h("p", { class: "cw-hint" }, "Pay is for 52 weeks of 40 hours a person unless you change the hours. Not in these sums: workplace, technology, telephone, tax, ",
      "the provider's margin, exchange rates, and the way out. The other countries of this course are missing because no survey of agents' pay ",
      "covers them together with these."),
    h("p", { class: "cw-source" }, `Source: ${get("source")}`),
    h("div", { class: "cw-bar" }, button("Download as CSV", save), button("Reset", () => put(model, initial))),
    vendor.node, tables.node));

  const draw = () => {
    now = plan(get);
    parts.redraw();
    for (const one of [where, service, selection, night, ...free]) one.sync();
    for (const key of PAY) pay[key].sync({ low: place()[key][0], high: place()[key][2] });
    premium.sync({ low: place().law });
    night.row.hidden = get("service") !== "own";
    law.textContent = together((place().law ? `The law of the country asks for at least ${place().law} % more for hours between 22:00 and 06:00; `
      : "What the law of this country asks for at night, 22:00 to 06:00, is not in the course's tables; ") + `${percent(now.given.night_share)} of these hours are night.`);
    heading.textContent = together(message(now));
    say(sentence(now));
    compareHeading.textContent = together(compareMessage(now));
    compareText.textContent = compareSentence(now);
    tables.sync();
    vendor.sync();
    others.redraw();  // a frame later than the waterfall
  };
  const unwatch = watch(model, STATE, perFrame(draw));
  draw();
  return () => { unwatch(); parts.stop(); others.stop(); };
}
export default { render };
