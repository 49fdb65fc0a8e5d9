// vintages.js - what became of the forecasts: four views. The numbers come computed from outsourcing/vintages.py.
const STATE = ["view", "follow", "shown"];
const VIEWS = { editions: "seven editions of one publisher", gaps: "later sizes against each edition's path", publishers: "KPO by publisher", outcomes: "forecasts and their outcomes" };
const decimal = (value) => value.toLocaleString("en-US", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const percent = (fraction) => `${Number((Math.abs(fraction) * 100).toFixed(1))}\u00a0%`;
const CANNOT_TELL = "A steady rate is an average; nobody outside has seen the publisher's own curve. So these figures cannot tell “the market sped up” from “the forecast slipped”.";

/** text broken into lines of about `width` letters, for an axis */
const lines = (text, width) => text.split(" ").reduce((done, word) => (done.at(-1).length + word.length < width ? [...done.slice(0, -1), `${done.at(-1)} ${word}`.trim()] : [...done, word]), [""]).join("<br>");

// Each view: heading, sentence, chart {data, layout, alt, height}, caption, source, columns and rows of its table.
const view = {
  editions({ editions, published, follow, shown }) {
    const drawn = editions.filter(({ id }) => shown.includes(id)), followed = editions.find(({ id }) => id === follow) ?? editions[0];
    const last = followed.later.at(-1), rate = followed.cagr == null ? "" : percent(followed.cagr);
    const sentence = last ? `At its own ${rate} a year the ${followed.name} leads to ${decimal(last.path)} bn USD in ${last.year}; the size published later for ${last.year} is ${decimal(last.published)} bn, ${percent(last.gap)} ${last.gap < 0 ? "less" : "more"}.`
      : followed.cagr == null ? `The ${followed.name} states no rate that reached us: it gives ${followed.path.map(({ year, value }) => `${decimal(value)} bn USD for ${year}`).join(" and ")}.`
        : `At its own ${rate} a year the ${followed.name} leads to ${decimal(followed.path.at(-1).value)} bn USD in ${followed.path.at(-1).year}; no later size is known for its years.`;
    const gaps = drawn.flatMap(({ later }) => later.map(({ gap }) => gap));
    const heading = gaps.length && gaps.every((gap) => gap < 0) ? "Every size published later lies below the steady paths of earlier editions" : "Sizes published later, and the steady paths of earlier editions";
    const path = (vintage) => {
      const main = vintage.id === followed.id, colour = main ? "var(--cw-b)" : "var(--cw-line)";
      return { type: "scatter", mode: main ? "lines+markers" : "lines", x: vintage.path.map(({ year }) => year), y: vintage.path.map(({ value }) => value), line: { dash: "dash", width: main ? 3.5 : 1.5, color: colour },
        marker: { size: 6, color: colour }, text: vintage.path.map(({ basis }) => basis), hovertemplate: `%{x}: %{y:,.1f} bn USD<br>%{text}<extra>${vintage.name}</extra>`,
        name: main ? `${vintage.name}, its own path` : "Other editions, their own paths", showlegend: main || vintage === drawn.find(({ id }) => id !== followed.id) };
    };
    const ends = drawn.filter(({ id, cagr }) => id === followed.id && cagr != null).map((vintage) => ({ x: vintage.path.at(-1).year, y: vintage.path.at(-1).value, text: `<b>${decimal(vintage.path.at(-1).value)}</b>`,
      showarrow: false, xanchor: "right", yanchor: "bottom", xshift: -6, yshift: 2, font: { size: 14, color: "var(--cw-b)" } }));
    const steady = drawn.filter(({ id }) => id !== followed.id).concat(drawn.filter(({ id }) => id === followed.id)).map(path);
    const solid = { type: "scatter", mode: "lines+markers", name: "Sizes published, one edition a year", x: published.map(({ year }) => year), y: published.map(({ value }) => value), line: { width: 2.5, color: "var(--cw-ink)" },
      marker: { size: 9, color: "var(--cw-ink)", symbol: published.map(({ reliability }) => (reliability === "low-aggregator" ? "circle-open" : "circle")), line: { width: 2, color: "var(--cw-ink)" } },
      text: published.map(({ edition, credit }) => `${edition},<br>${credit}`), hovertemplate: "%{x}: %{y:,.1f} bn USD<br>%{text}<extra></extra>" };
    return {
      heading, sentence,
      chart: { data: [...steady, solid], height: 400, alt: `Line chart, 2019 to 2030. ${sentence}`, layout: { annotations: ends, xaxis: { range: [2018.5, 2030.7], tickformat: "d", dtick: 2, tick0: 2020 }, yaxis: { title: { text: "bn USD" }, range: [190, 560] } } },
      caption: `Solid: sizes that the editions published. Dashed: each edition's base and estimate, then its own rate held steady, drawn by us. Hollow circles: known only as relayed by an aggregator, a page that collects figures. ${CANNOT_TELL}`,
      source: `Grand View Research, editions 2020 to 2026, ${[...new Set(published.map(({ credit }) => credit.replace(/^as \w+ by /, "")))].join(", ").replace(/^/, "as relayed or reported by ")}.`,
      columns: ["Year", "Edition", "bn USD", "Basis"], file: "vintages",
      rows: [...drawn.flatMap((vintage) => vintage.path.map(({ year, value, basis }) => [year, vintage.name, value, `${basis}; ${vintage.credit}`])), ...published.map(({ year, value, edition, credit }) => [year, "published size", value, `${edition}, ${credit}`])],
    };
  },
  gaps({ editions, published, follow, shown }) {
    const drawn = editions.filter(({ id, later }) => shown.includes(id) && later.length), followed = editions.find(({ id }) => id === follow) ?? editions[0], last = followed.later.at(-1);
    const sentence = last ? `The sizes published later are below the steady path of the ${followed.name} by ${followed.later.map(({ year, gap }) => `${percent(gap)} in ${year}`).join(", ")}.`
      : `No later size is known for the years of the ${followed.name}.`;
    const line = (vintage) => {
      const main = vintage.id === followed.id, colour = main ? "var(--cw-b)" : "var(--cw-line)", start = vintage.path[1].year;
      return { type: "scatter", mode: "lines+markers", x: [start, ...vintage.later.map(({ year }) => year)], y: [0, ...vintage.later.map(({ gap }) => gap * 100)], line: { width: main ? 3.5 : 1.5, color: colour }, marker: { size: main ? 9 : 6, color: colour },
        hovertemplate: `%{x}: %{y:.1f} %<extra>${vintage.name}</extra>`, name: main ? `${vintage.name}` : "Other editions", showlegend: main || vintage === drawn.find(({ id }) => id !== followed.id) };
    };
    const order = [...drawn.filter(({ id }) => id !== followed.id), ...drawn.filter(({ id }) => id === followed.id)];
    const low = Math.min(0, ...drawn.flatMap(({ later }) => later.map(({ gap }) => gap)));
    return {
      heading: drawn.length ? `No edition's steady path was reached, and none was missed by more than ${percent(low)}` : "Choose an edition that has later sizes", sentence,
      chart: { data: order.map(line), height: 360, alt: `Line chart of the distance in per cent. ${sentence}`, layout: { xaxis: { range: [2019.5, 2026.5], tickformat: "d", dtick: 1 }, yaxis: { range: [-5, 0.6], ticksuffix: " %", title: { text: "published later, against the path" } } } },
      caption: `0 is an edition's own rate held steady. In its estimate year each line is 0 by itself: the estimate is known from the next edition's base value. For the oldest editions the distance grows and then shrinks again, as it would for a curve that is planned to grow slowly first. ${CANNOT_TELL}`,
      source: view.editions({ editions, published, follow, shown }).source,
      columns: ["Year", "Edition", "Against the path, %", "Published later, bn USD", "Path, bn USD"], file: "vintages-gaps",
      rows: drawn.flatMap((vintage) => [[vintage.path[1].year, vintage.name, 0, vintage.path[1].value, vintage.path[1].value], ...vintage.later.map((one) => [one.year, vintage.name, one.gap * 100, one.published, one.path])]),
    };
  },
  publishers({ sizes }) {
    const years = [...new Set(sizes.map(({ year }) => year))];
    const label = ({ publisher, year }) => lines(`${publisher.replace(/, as relayed.*/, " (relayed)")} ${year}`, 22);
    const spread = years.map((year) => { const those = sizes.filter((size) => size.year === year); return { year, low: Math.min(...those.map(({ low }) => low)), high: Math.max(...those.map(({ high }) => high)) }; });
    const sentence = `${spread.map(({ year, low, high }) => `For ${year} the sizes run from ${low} to ${high} bn USD, a factor of ${(high / low).toFixed(1)}`).join(". ")}.`;
    const marks = (year, index) => {
      const those = sizes.filter((size) => size.year === year), colour = index ? "var(--cw-b)" : "var(--cw-a)";
      const each = (fn, gap) => those.flatMap((size) => [...(size.low === size.high ? [fn(size, size.low)] : [fn(size, size.low), fn(size, size.high)]), gap]);
      const symbol = index ? "diamond" : "circle";
      return { type: "scatter", mode: "lines+markers", name: `size for ${year}`, x: each((_, value) => value, null), y: each(label, null), line: { color: colour, width: 4, dash: "dot" }, connectgaps: false, hovertemplate: `%{x} bn USD for ${year}<extra></extra>`,
        marker: { size: 12, color: colour, line: { width: 2.5, color: colour }, symbol: each((size) => (size.relayed ? `${symbol}-open` : symbol), symbol) } };
    };
    return {
      heading: `For one and the same year KPO is put at ${spread[0].low} or at ${spread[0].high} billion`, sentence,
      chart: { data: years.map(marks), height: 500, alt: `Dots for each publisher. ${sentence}`, layout: { xaxis: { range: [0, 135], title: { text: "bn USD" } }, yaxis: { autorange: "reversed", tickfont: { size: 12 } }, margin: { b: 44 } } },
      caption: "Circles: 2025. Diamonds: 2026. Hollow: known only as relayed by others. A dotted line joins the ends of a range; the range is itself put together from publishers, one of which stands here on its own as well. What each of them counts as KPO did not reach us, and none is an official body: read the spread, not a size.",
      source: `${sizes.map(({ id }) => id).filter((id, at, all) => all.indexOf(id) === at).join(", ")} of the table of forecasts; publishers as named there, editions of 2025 and 2026.`,
      columns: ["Year", "Publisher", "Low, bn USD", "High, bn USD", "Reliability", "Row"], file: "kpo-sizes",
      rows: sizes.map(({ year, publisher, low, high, reliability, id }) => [year, publisher, low, high, reliability, id]),
    };
  },
  outcomes({ outcomes }) {
    const share = Math.max(...outcomes.map(({ ratio }) => 1 / ratio));
    const bars = outcomes.flatMap((pair, index) => [["forecast", pair.forecast, pair.said, "var(--cw-b)", "/"], ["outcome", pair.outcome, pair.stated, "var(--cw-a)", ""]].map(([kind, value, who, colour, shape]) => ({
      type: "bar", orientation: "h", name: kind === "forecast" ? "forecast" : "stated later", showlegend: index === 0, xaxis: index ? "x2" : "x", yaxis: index ? "y2" : "y", y: [kind === "forecast" ? "forecast" : "stated<br>later"], x: [value], width: 0.6,
      marker: { color: colour, line: { color: colour, width: 2 }, ...(shape && { pattern: { shape, size: 7 } }) }, text: [`<b>${value} ${pair.unit}</b>`], textposition: "outside", cliponaxis: false, hovertemplate: `${who}: %{x} ${pair.unit}<extra></extra>`,
    })));
    const axis = (index) => ({ range: [0, outcomes[index].forecast * 1.8], anchor: index ? "y2" : "y", ticksuffix: index ? " %" : "" });
    return {
      heading: share < 1 / 3 ? "In both pairs, what was stated later is less than a third of the forecast" : "Two forecasts, and what was stated later",
      sentence: outcomes.map((pair) => `${pair.what}: forecast ${pair.forecast} ${pair.unit}, stated later ${pair.outcome} ${pair.unit}; the forecast is ${pair.ratio.toFixed(1)} times as high.`).join(" "),
      chart: { data: bars, height: 400, alt: `Bars in pairs. ${outcomes.map((pair) => `${pair.what}: forecast ${pair.forecast}, later ${pair.outcome} ${pair.unit}`).join(". ")}.`, layout: {
        xaxis: axis(0), yaxis: { domain: [0.6, 0.93], autorange: "reversed" }, xaxis2: { ...AXIS, ...axis(1) }, yaxis2: { ...AXIS, domain: [0.04, 0.37], anchor: "x2", autorange: "reversed" }, bargap: 0.2,
        annotations: outcomes.map((pair, index) => ({ text: `<b>${pair.what}</b>`, xref: "paper", x: 0, xanchor: "left", yref: "paper", y: index ? 0.37 : 0.93, yanchor: "bottom", xshift: -58, showarrow: false })) } },
      caption: `${outcomes.map((pair) => `${pair.what}: ${pair.caution}`).join(" ")} Two pairs are not a rule: they are those for which both ends could be found.`,
      source: outcomes.map((pair) => `${pair.said}; ${pair.stated} (${pair.facts.join(", ")})`).join(". ") + ".",
      columns: ["What", "Forecast", "Stated later", "Unit", "Who said it", "Who stated it"], file: "forecasts-and-outcomes",
      rows: outcomes.map((pair) => [pair.what, pair.forecast, pair.outcome, pair.unit, pair.said, pair.stated]),
    };
  },
};

function render({ model, el }) {
  const get = (key) => model.get(key), editions = get("editions");
  const initial = Object.fromEntries(STATE.map((key) => [key, get(key)]));
  const now = () => view[get("view")]({ editions, published: get("published"), sizes: get("sizes"), outcomes: get("outcomes"), follow: get("follow"), shown: get("shown") });

  const views = radioField({ legend: "Show", options: Object.entries(VIEWS), value: () => get("view"), change: (value) => put(model, { view: value }) });
  const name = (vintage) => `${vintage.id.slice(-4)} (${vintage.cagr == null ? "no rate" : `${percent(vintage.cagr)} to ${vintage.path.at(-1).year}`}${vintage.relayed ? ", as relayed" : ""})`;
  const follow = h("select", { id: uid(), onChange: () => put(model, { follow: follow.value, shown: order([...get("shown"), follow.value]) }) }, editions.map((vintage) => h("option", { value: vintage.id }, name(vintage))));
  const order = (ids) => editions.map(({ id }) => id).filter((id) => ids.includes(id));
  const boxes = editions.map((vintage) => {
    const field = checkField({ label: vintage.name, value: () => get("shown").includes(vintage.id), change: (on) => put(model, { shown: order(on ? [...get("shown"), vintage.id] : get("shown").filter((id) => id !== vintage.id)) }) });
    return { ...field, id: vintage.id };
  });
  const which = [h("div", { class: "cw-field" }, h("label", { for: follow.id }, "Follow the edition of"), follow),
    h("fieldset", { class: "cw-choices" }, h("legend", {}, "Draw the"), boxes.map(({ row }) => row)),
    h("div", { class: "cw-bar" }, button("Draw only the followed one", () => put(model, { shown: [get("follow")] })), button("Draw all", () => put(model, { shown: editions.map(({ id }) => id) })))];

  const heading = h("div", { class: "cw-chart-title" }), status = h("p", { class: "cw-status", role: "status" }), say = speaker(status);
  const caption = h("p", { class: "cw-hint" }), source = h("p", { class: "cw-source" }), table = h("div", {});
  const picture = chart(model, () => now().chart);
  const save = () => { const { columns, rows, file } = now(); download(`${file}.csv`, csv([columns, ...rows.map((row) => row.map((cell) => (typeof cell === "number" ? Number(cell.toFixed(4)) : cell)))])); };
  el.append(frame(get("title"), "cw-vintages", h("div", { class: "cw-controls" }, views.row, which), heading, status, picture.node, caption, source,
    h("div", { class: "cw-bar" }, button("Download as CSV", save), button("Reset", () => put(model, initial)), globalThis.courseHost?.book && h("a", { href: `${get("facts_url")}#GVR-2022` }, "The rows with their sources")),
    h("details", {}, h("summary", {}, "The numbers as a table"), table)));

  const draw = () => {
    const { heading: message, sentence, caption: reading, source: credits, columns, rows } = now();
    views.sync();
    for (const row of which) row.hidden = !["editions", "gaps"].includes(get("view"));
    follow.value = get("follow");
    for (const box of boxes) { box.sync(); box.input.disabled = box.id === get("follow"); }
    heading.textContent = message;
    say(sentence);
    caption.textContent = reading;
    source.textContent = `Source: ${credits}`;
    table.replaceChildren(scrolled(dataTable("Every point of the chart", columns, rows.map((row) => row.map((cell, at) => (at && typeof cell === "number" ? cell.toLocaleString("en-US", { maximumFractionDigits: 2 }) : cell))))));
    picture.redraw();
  };
  const unwatch = watch(model, STATE, perFrame(draw));
  draw();
  return () => { unwatch(); picture.stop(); };
}
export default { render };
