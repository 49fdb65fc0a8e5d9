// vintages_views.js - the four views of the vintages explorer, from numbers that outsourcing/vintages.py has computed.
// Each is data => {heading, sentence, chart: {data, layout, alt, height}, caption, source, columns, rows, file}

const decimal = (value) => value.toLocaleString("en-US", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const percent = (fraction) => `${Number((Math.abs(fraction) * 100).toFixed(1))}\u00a0%`;
const CANNOT_TELL = "A steady rate is an average; nobody outside has seen the publisher's own curve. "
  + "So these figures cannot tell “it was planned so” from “the plan slipped”.";

/** text broken into lines of about `width` letters, for an axis */
const lines = (text, width) => text.split(" ").reduce((done, word) => {
  const fits = done.at(-1).length + word.length < width;
  return fits ? [...done.slice(0, -1), `${done.at(-1)} ${word}`.trim()] : [...done, word];
}, [""]).join("<br>");

const relays = (published) => {
  const names = new Set(published.map(({ credit }) => credit.replace(/^as \w+ by /, "")));
  return `Grand View Research, editions 2020 to 2026, as relayed or reported by ${[...names].join(", ")}.`;
};
const years = (range) => ({ range, tickformat: "d", dtick: 2, tick0: 2020, tickangle: 0 });
/** the followed edition last, so that it lies on top; it and the first of the others stand in the legend */
const ordered = (drawn, followed) => [...drawn.filter(({ id }) => id !== followed.id), ...drawn.filter(({ id }) => id === followed.id)];
const look = (vintage, followed, drawn) => {
  const main = vintage.id === followed.id;
  return { main, colour: main ? "var(--cw-b)" : "var(--cw-line)", width: main ? 3.5 : 1.5, showlegend: main || vintage === ordered(drawn, followed)[0] };
};

/** what an edition's own path says beside the latest size known for its years */
function againstPath({ name, cagr, later, path }) {
  const last = later.at(-1), end = path.at(-1);
  if (cagr == null) return `The ${name} states no rate that reached us: it gives ${path.map(({ year, value }) => `${decimal(value)} bn USD for ${year}`).join(" and ")}.`;
  if (!last) return `At its own ${percent(cagr)} a year the ${name} leads to ${decimal(end.value)} bn USD in ${end.year}; no later size is known for its years.`;
  return `At its own ${percent(cagr)} a year the ${name} leads to ${decimal(last.path)} bn USD in ${last.year}; `
    + `the size given later for ${last.year} is ${decimal(last.published)} bn, ${percent(last.gap)} ${last.gap < 0 ? "less" : "more"}.`;
}

function editionsView({ drawn, followed, published }) {
  const gaps = drawn.flatMap(({ later }) => later.map(({ gap }) => gap)), sentence = againstPath(followed), end = followed.path.at(-1);
  const below = gaps.length && gaps.every((gap) => gap < 0);
  const path = (vintage) => {
    const { main, colour, width, showlegend } = look(vintage, followed, drawn);
    return { type: "scatter", mode: main ? "lines+markers" : "lines", name: main ? `${vintage.name}, its own path` : "Other editions, their own paths",
      showlegend, x: vintage.path.map(({ year }) => year), y: vintage.path.map(({ value }) => value), line: { dash: "dash", width, color: colour },
      marker: { size: 6, color: colour }, text: vintage.path.map(({ basis }) => basis),
      hovertemplate: `%{x}: %{y:,.1f} bn USD<br>%{text}<extra>${vintage.name}</extra>` };
  };
  const solid = { type: "scatter", mode: "lines+markers", name: "Sizes published, one edition a year", x: published.map(({ year }) => year),
    y: published.map(({ value }) => value), line: { width: 2.5, color: "var(--cw-ink)" },
    marker: { size: 9, color: "var(--cw-ink)", line: { width: 2, color: "var(--cw-ink)" },
      symbol: published.map(({ reliability }) => (reliability === "low-aggregator" ? "circle-open" : "circle")) },
    text: published.map(({ edition, credit }) => `${edition},<br>${credit}`), hovertemplate: "%{x}: %{y:,.1f} bn USD<br>%{text}<extra></extra>" };
  const annotations = followed.cagr == null ? [] : [{ x: end.year, y: end.value, text: `<b>${decimal(end.value)}</b>`, showarrow: false,
    xanchor: "right", yanchor: "bottom", xshift: -6, yshift: 2, font: { size: 14, color: "var(--cw-b)" } }];
  return {
    heading: below ? "Every size given later lies below the steady paths of earlier editions" : "Sizes given later, and the steady paths of earlier editions",
    sentence, source: relays(published), file: "vintages",
    caption: "Solid: sizes that the editions published; that of 2026 is still an estimate. Dashed: each edition's base and estimate, then its own rate held steady, drawn by us. "
      + `Hollow circles: known only as relayed by an aggregator, a page that collects figures. ${CANNOT_TELL}`,
    chart: { data: [...ordered(drawn, followed).map(path), solid], height: 400, alt: `Line chart, 2019 to 2030. ${sentence}`,
      layout: { annotations, xaxis: years([2018.5, 2030.7]), yaxis: { title: { text: "bn USD" }, range: [190, 560] } } },
    columns: ["Year", "Edition", "bn USD", "Basis"],
    rows: [...drawn.flatMap((vintage) => vintage.path.map(({ year, value, basis }) => [year, vintage.name, value, basis])),
      ...published.map(({ year, value, edition, credit }, n) => [year, n < published.length - 1 ? "published size" : "published estimate", value, `${edition}, ${credit}`])],
  };
}

function gapsView({ drawn: all, followed, published }) {
  const drawn = all.filter(({ later }) => later.length), last = followed.later.at(-1);
  const sentence = last ? `The sizes published later are below the steady path of the ${followed.name} by `
    + `${followed.later.map(({ year, gap }) => `${percent(gap)} in ${year}`).join(", ")}.` : `No later size is known for the years of the ${followed.name}.`;
  const line = (vintage) => {
    const { main, colour, width, showlegend } = look(vintage, followed, drawn);
    return { type: "scatter", mode: "lines+markers", name: main ? vintage.name : "Other editions", showlegend, line: { width, color: colour },
      x: [vintage.path[1].year, ...vintage.later.map(({ year }) => year)], y: [0, ...vintage.later.map(({ gap }) => gap * 100)],
      marker: { size: main ? 9 : 6, color: colour }, hovertemplate: `%{x}: %{y:.1f} %<extra>${vintage.name}</extra>` };
  };
  const low = Math.min(0, ...drawn.flatMap(({ later }) => later.map(({ gap }) => gap)));
  return {
    heading: drawn.length ? `No steady path was reached, and none was missed by more than ${percent(low)}` : "Choose an edition that has later sizes",
    sentence, source: relays(published), file: "vintages-gaps",
    caption: "0 is an edition's own rate held steady. In its estimate year each line is 0 by itself: the estimate is known from the next edition's "
      + "base value. For the oldest editions the distance grows and then shrinks again, as it would for a curve that is planned to grow "
      + `slowly first. ${CANNOT_TELL}`,
    chart: { data: ordered(drawn, followed).map(line), height: 360, alt: `Line chart of the distance in per cent. ${sentence}`,
      layout: { xaxis: years([2019.5, 2026.5]), yaxis: { range: [-5, 0.6], ticksuffix: " %", title: { text: "published later, against the path" } } } },
    columns: ["Year", "Edition", "Against the path, %", "Published later, bn USD", "Path, bn USD"],
    rows: drawn.flatMap(({ name, path: [, start], later }) => [[start.year, name, 0, start.value, start.value],
      ...later.map((one) => [one.year, name, one.gap * 100, one.published, one.path])]),
  };
}

function publishersView({ sizes }) {
  const known = [...new Set(sizes.map(({ year }) => year))], of = (year) => sizes.filter((size) => size.year === year);
  const label = ({ publisher, year }) => lines(`${publisher.replace(/, as relayed.*/, " (relayed)")} ${year}`, 22);
  const spread = known.map((year) => ({ year, low: Math.min(...of(year).map(({ low }) => low)), high: Math.max(...of(year).map(({ high }) => high)) }));
  const sentence = `${spread.map(({ year, low, high }) => `For ${year} the sizes run from ${low} to ${high} bn USD, a factor of ${(high / low).toFixed(1)}`).join(". ")}.`;
  const marks = (year, index) => {
    const colour = index ? "var(--cw-b)" : "var(--cw-a)", symbol = index ? "diamond" : "circle";
    // one point or the two ends of a range, then a gap in the line
    const each = (fn, gap) => of(year).flatMap((size) => [...new Set([size.low, size.high])].map((value) => fn(size, value)).concat([gap]));
    return { type: "scatter", mode: "lines+markers", name: `size for ${year}`, x: each((_, value) => value, null), y: each(label, null),
      line: { color: colour, width: 4, dash: "dot" }, connectgaps: false, hovertemplate: `%{x} bn USD for ${year}<extra></extra>`,
      marker: { size: 12, color: colour, line: { width: 2.5, color: colour }, symbol: each((size) => (size.relayed ? `${symbol}-open` : symbol), symbol) } };
  };
  return {
    heading: `For one and the same year KPO is put at ${spread[0].low} or at ${spread[0].high} billion`, sentence, file: "kpo-sizes",
    caption: "Circles: 2025. Diamonds: 2026. Hollow: known only as relayed by others. A dotted line joins the ends of a range; the range is itself "
      + "put together from publishers, one of which stands here on its own as well. What each of them counts as KPO did not reach us, and none "
      + "is an official body: read the spread, not a size.",
    source: `${[...new Set(sizes.map(({ id }) => id))].join(", ")} of the table of forecasts; publishers as named there, editions of 2025 and 2026.`,
    chart: { data: known.map(marks), height: 500, alt: `Dots for each publisher. ${sentence}`, layout: { margin: { b: 44 },
      xaxis: { range: [0, 135], title: { text: "bn USD" } }, yaxis: { autorange: "reversed", tickfont: { size: 12 } } } },
    columns: ["Year", "Publisher", "Low, bn USD", "High, bn USD", "Reliability", "Row"],
    rows: sizes.map(({ year, publisher, low, high, reliability, id }) => [year, publisher, low, high, reliability, id]),
  };
}

function outcomesView({ outcomes }) {
  const all = (fn, joint) => outcomes.map(fn).join(joint);
  const bar = (pair, index, later) => {
    const colour = later ? "var(--cw-a)" : "var(--cw-b)", value = later ? pair.outcome : pair.forecast;
    return { type: "bar", orientation: "h", name: later ? "stated later" : "forecast", showlegend: index === 0, xaxis: index ? "x2" : "x",
      yaxis: index ? "y2" : "y", y: [later ? "stated<br>later" : "forecast"], x: [value], width: 0.6,
      marker: { color: colour, line: { color: colour, width: 2 }, ...(!later && { pattern: { shape: "/", size: 7 } }) },
      text: [`<b>${value} ${pair.unit}</b>`], textposition: "outside", cliponaxis: false,
      hovertemplate: `${later ? pair.stated : pair.said}: %{x} ${pair.unit}<extra></extra>` };
  };
  const axis = (index) => ({ range: [0, outcomes[index].forecast * 1.8], anchor: index ? "y2" : "y", ticksuffix: index ? " %" : "" });
  const annotations = outcomes.map((pair, index) => ({ text: `<b>${pair.what}</b>`, xref: "paper", x: 0, xanchor: "left", xshift: -58,
    yref: "paper", y: index ? 0.37 : 0.93, yanchor: "bottom", showarrow: false }));
  const third = outcomes.every(({ ratio }) => ratio > 3);
  return {
    heading: third ? "In both pairs, what was stated later is less than a third of the forecast" : "Two forecasts, and what was stated later",
    sentence: all((pair) => `${pair.what}: forecast ${pair.forecast} ${pair.unit}, stated later ${pair.outcome} ${pair.unit}; `
      + `the forecast is ${pair.ratio.toFixed(1)} times as high.`, " "),
    caption: `${all((pair) => `${pair.what}: ${pair.caution}`, " ")} Two pairs are not a rule: they are those for which both ends could be found.`,
    source: `${all((pair) => `${pair.said}; ${pair.stated} (${pair.facts.join(", ")})`, ". ")}.`, file: "forecasts-and-outcomes",
    chart: { data: outcomes.flatMap((pair, index) => [bar(pair, index, false), bar(pair, index, true)]), height: 400,
      alt: `Bars in pairs. ${all((pair) => `${pair.what}: forecast ${pair.forecast}, later ${pair.outcome} ${pair.unit}`, ". ")}.`,
      layout: { bargap: 0.2, annotations, xaxis: axis(0), xaxis2: { ...AXIS, ...axis(1) }, yaxis: { domain: [0.6, 0.93], autorange: "reversed" },
        yaxis2: { ...AXIS, domain: [0.04, 0.37], anchor: "x2", autorange: "reversed" } } },
    columns: ["What", "Forecast", "Stated later", "Unit", "Who said it", "Who stated it"],
    rows: outcomes.map((pair) => [pair.what, pair.forecast, pair.outcome, pair.unit, pair.said, pair.stated]),
  };
}
