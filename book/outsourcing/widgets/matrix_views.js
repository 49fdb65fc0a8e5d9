// matrix_views.js - what the location matrix says and draws of a decision (scoring.js); matrix.js holds its controls

const SMALL = 0.0005;
const tenth = (value) => (value * 100).toFixed(1);
const per = (share) => `${Number((share * 100).toFixed(1))}\u00a0%`;
const the = (country) => (country === "Philippines" ? "the Philippines" : country);
const The = (country) => the(country).replace(/^t/, "T");
const list = (names) => (names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : names[0] ?? "");
const ranks = ({ best, worst }) => (best === worst ? String(best) : `${best} to ${worst}`);
const scored = ({ low, high }) => (high - low < SMALL ? tenth(low) : `${tenth(low)} to ${tenth(high)}`);

/** who is first, in one sentence */
function sentence({ ranking }) {
  const [first, second] = ranking, firsts = ranking.filter(({ best }) => best === 1), of = `of ${ranking.length} countries`;
  const names = firsts.map(({ option }) => the(option));
  if (firsts.some(({ worst }) => worst > 1)) return `The blank cells leave the first place open between ${list(names)}.`;
  if (names.length > 1) return `Equal: ${list(names)} share the first place ${of} with a score of ${scored(first)} of 100.`;
  const next = second ? `; ${the(second.option)} follows with ${scored(second)}` : "";
  return `${The(first.option)} is first ${of} with a score of ${scored(first)} of 100${next}.`;
}

/** the limits of all weights at which the first place changes, the nearest first */
const limits = (rooms) => rooms
  .flatMap((room) => [{ ...room, side: "below", at: room.low, rival: room.below }, { ...room, side: "above", at: room.high, rival: room.above }])
  .filter(({ rival }) => rival)
  .sort((a, b) => Math.abs(a.at - a.share) - Math.abs(b.at - b.share));

/** the charts' message: how near the first place is to changing */
function message({ ranking, rooms }, short) {
  if (!rooms) return "The blank cells alone decide who is first";
  const [near] = limits(rooms), first = The(ranking[0].option);
  if (!near) return `${first} stays first, whichever single weight you move`;
  const than = `${near.side === "above" ? "more" : "less"} than ${per(near.at)} (now ${per(near.share)})`;
  return `${first} is first until “${short(near.criterion)}” weighs ${than}: then ${the(near.rival)} leads`;
}

/** the answer to "can this country win?" with its proof: {text, shares: the weights to set, if there are any} */
function answer(filled, country, short) {
  if (!(country in filled.low)) return { text: `${The(country)} is not ranked here: a value is missing.` };
  const win = canWin(filled, country), sure = canWin(filled, country, false);
  const mix = (parts, name) => list(Object.entries(parts).filter(([, part]) => part >= SMALL).sort((a, b) => b[1] - a[1])
    .map(([key, part]) => `${per(part)} ${name(key)}`));
  const weights = (shares) => mix(shares, (name) => `on “${short(name)}”`);
  if (win.margin < 0) {
    const only = Object.keys(win.blend).find((rival) => win.blend[rival] > 1 - SMALL);
    const who = only ? `${The(only)} is` : `A blend of ${mix(win.blend, the)} is`;
    return { text: `No. No weights over these criteria put ${the(country)} first. ${who} better on every one of them, `
      + `by ${tenth(-win.margin)} or more on the scale of 100; so under any weights somebody is ahead.` };
  }
  if (win.margin === 0) {
    const text = `Only together with another: with ${weights(win.shares)} ${the(country)} shares the first place, and no weights do better.`;
    return { text, shares: win.shares };
  }
  const certain = sure.margin > 0, best = certain ? sure : win;
  const how = certain ? "Yes." : "Only if the blank cells turn out well for it.", ahead = `${certain ? "" : "at most "}${tenth(best.margin)}`;
  const text = `${how} With ${weights(best.shares)} ${the(country)} is first, ${ahead} ahead of the next. No other weights favour it more.`;
  return { text, shares: best.shares };
}

// Fixed margins: plotly would lay each chart out twice to find its own, at every step of a slider.
const NAMES = { gridcolor: "rgba(0,0,0,0)", automargin: false }, QUARTERS = [0, 25, 50, 75, 100];

/** scores as bars, the country of the question in a colour of its own; hatched: what the blanks leave open */
function rankingChart({ ranking }, country, alt) {
  const rows = [...ranking].reverse(), names = rows.map(({ option }) => option), open = rows.some(({ low, high }) => high - low >= SMALL);
  const colour = names.map((name) => (name === country ? "var(--cw-d)" : "var(--cw-e)"));
  const customdata = rows.map((row) => `score ${scored(row)}, rank ${ranks(row)}`);
  const bar = (more) => ({ type: "bar", orientation: "h", y: names, customdata, hovertemplate: "%{y}: %{customdata}<extra></extra>", ...more });
  const certain = bar({ x: rows.map(({ low }) => low * 100), marker: { color: colour } });
  if (open) certain.name = "certain: every blank filled with the worst known value";
  const upTo = bar({ name: "open: up to every blank filled with the best", x: rows.map(({ low, high }) => (high - low) * 100),
    marker: { color: colour, line: { color: colour, width: 1.5 }, pattern: { shape: "/", size: 6 } } });
  // a trace of text: ten annotations would take plotly as long as all the bars
  const labels = { type: "scatter", mode: "text", x: rows.map(({ high }) => high * 100), y: names, textposition: "middle right", hoverinfo: "skip",
    text: rows.map((row) => ` ${open ? ranks(row) : tenth(row.low)}`), cliponaxis: false };
  return { alt, height: [70 + 27 * rows.length, 50 + 22 * rows.length], data: open ? [certain, upTo, labels] : [certain, labels], layout: {
    barmode: "stack", bargap: 0.32, margin: { l: 92, t: 4, b: narrow() ? 26 : 44 }, yaxis: NAMES,
    xaxis: { range: [0, 112], automargin: false, title: { text: narrow() ? "" : "score, 0 to 100", font: { size: 13 }, standoff: 4 }, tickvals: QUARTERS },
  } };
}

/** for each weight the span in which the first place holds, where it is now, and who leads beyond */
function roomChart({ rooms }, short) {
  const rows = [...rooms].reverse(), y = rows.map(({ criterion }) => short(criterion));
  const beside = (at) => (at > 0.7 ? "left" : at < 0.2 ? "right" : "center");
  // texts at markers that nobody sees: plotly takes far longer for annotations
  const notes = (side, at, place) => {
    const told = rows.filter((row) => row[side]);
    return { type: "scatter", mode: "markers+text", hoverinfo: "skip", x: told.map((row) => row[at] * 100), y: told.map((row) => short(row.criterion)),
      text: told.map((row) => `${row[side]} ${side} ${per(row[at])}`), textposition: told.map((row) => `${place} ${beside(row[at])}`),
      textfont: { size: 11.5, color: "var(--cw-muted)" }, marker: { size: 20, opacity: 0 }, cliponaxis: false };
  };
  const span = { type: "bar", orientation: "h", name: "the first place holds", y, width: 0.26, marker: { color: "var(--cw-e)" },
    base: rows.map(({ low }) => low * 100), x: rows.map(({ low, high }) => (high - low) * 100),
    customdata: rows.map(({ low, high }) => `${per(low)} to ${per(high)}`), hovertemplate: "%{y}: holds from %{customdata}<extra></extra>" };
  const now = { type: "scatter", mode: "markers", name: "weight now", y, x: rows.map(({ share }) => share * 100),
    hovertemplate: "%{y}: now %{x:.1f} %<extra></extra>",
    marker: { color: "var(--cw-ink)", size: 12, symbol: "diamond", line: { width: 1.5, color: "var(--cw-surface)" } } };
  const said = rooms.map((row) => `${short(row.criterion)}: ${per(row.low)} to ${per(row.high)}, now ${per(row.share)}`).join("; ");
  return { alt: `Bars from the lowest to the highest share at which the first place holds. ${said}.`, height: 60 + 62 * rows.length,
    data: [span, now, notes("below", "low", "top"), notes("above", "high", "bottom")], layout: {
      margin: { l: 118, b: 50 },
      xaxis: { range: [-3, 103], automargin: false, tickvals: QUARTERS, ticksuffix: " %", title: { text: "share of the whole weight" } }, yaxis: NAMES,
    } };
}
