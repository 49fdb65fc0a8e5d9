// matrix.js - the location matrix: a weighted sum over ten countries, and what would change its first place
const STATE = ["weights", "missing", "country"];
const WAYS = { drop: "leave the criterion out", countries: "rank only countries with every value", bounds: "fill with the worst and with the best known value" };
const NEW_WEIGHT = 20, MOST = 100, SMALL = 0.0005;

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
  if (firsts.some(({ worst }) => worst > 1)) return `The blank cells leave the first place open between ${list(firsts.map(({ option }) => the(option)))}.`;
  if (firsts.length > 1) return `${list(firsts.map(({ option }) => The(option)))} share the first place ${of} with a score of ${scored(first)} of 100.`;
  return `${The(first.option)} is first ${of} with a score of ${scored(first)} of 100${second ? `; ${the(second.option)} follows with ${scored(second)}` : ""}.`;
}

/** the limits of all rooms, nearest to the present share first */
const limits = (rooms) => rooms.flatMap((one) => [["below", one.low], ["above", one.high]].filter(([side]) => one[side])
  .map(([side, at]) => ({ ...one, side, at, rival: one[side], far: Math.abs(at - one.share) }))).sort((a, b) => a.far - b.far);

function message({ ranking, rooms }, short) {
  if (!rooms) return "The blank cells alone decide who is first";
  const [near] = limits(rooms), first = The(ranking[0].option);
  if (!near) return `${first} stays first, whichever single weight you move`;
  return `${first} is first until “${short(near.criterion)}” weighs ${near.side === "above" ? "more" : "less"} than ${per(near.at)} (now ${per(near.share)}): then ${the(near.rival)} leads`;
}

/** the answer to "can this country win?", with its proof */
function answer(filled, country, short) {
  if (!(country in filled.low)) return { text: `${The(country)} is not ranked here: a value is missing.` };
  const win = canWin(filled, country), sure = canWin(filled, country, false);
  const mix = (parts, name) => list(Object.entries(parts).filter(([, part]) => part >= SMALL).sort((a, b) => b[1] - a[1]).map(([key, part]) => `${per(part)} ${name(key)}`));
  if (win.margin < 0) {
    const [only] = Object.keys(win.blend).filter((rival) => win.blend[rival] > 1 - SMALL);
    const who = only ? `${The(only)} is` : `A blend of ${mix(win.blend, the)} is`;
    return { text: `No. No weights over these criteria put ${the(country)} first. ${who} better on every one of them, by ${tenth(-win.margin)} or more on the scale of 100; so under any weights somebody is ahead.` };
  }
  const best = sure.margin > 0 ? sure : win, weights = mix(best.shares, (name) => `on “${short(name)}”`);
  if (win.margin === 0) return { text: `Only together with another: with ${weights} ${the(country)} shares the first place, and no weights do better.`, shares: win.shares };
  const [how, ahead] = sure.margin > 0 ? ["Yes.", tenth(best.margin)] : ["Only if the blank cells turn out well for it.", `at most ${tenth(best.margin)}`];
  return { text: `${how} With ${weights} ${the(country)} is first, ${ahead} ahead of the next. No other weights favour it more.`, shares: best.shares };
}

function rankingChart({ ranking }, country, alt) {
  const rows = [...ranking].reverse(), names = rows.map(({ option }) => option), bounded = rows.some(({ low, high }) => high - low >= SMALL);
  const colour = names.map((name) => (name === country ? "var(--cw-b)" : "var(--cw-a)"));
  const bar = (more) => ({ type: "bar", orientation: "h", y: names, hovertemplate: "%{y}: %{customdata}<extra></extra>", customdata: rows.map((row) => `score ${scored(row)}, rank ${ranks(row)}`), ...more });
  return {
    alt, height: 70 + 31 * rows.length,
    data: [
      bar({ x: rows.map(({ low }) => low * 100), marker: { color: colour }, ...(bounded && { name: "certain: every blank filled with the worst known value" }) }),
      ...(bounded ? [bar({ name: "open: up to every blank filled with the best", x: rows.map(({ low, high }) => (high - low) * 100),
        marker: { color: colour, line: { color: colour, width: 1.5 }, pattern: { shape: "/", size: 6 } } })] : []),
    ],
    layout: {
      barmode: "stack", bargap: 0.32, xaxis: { range: [0, 112], title: { text: "score, 0 to 100" }, tickvals: [0, 25, 50, 75, 100] }, yaxis: { gridcolor: "rgba(0,0,0,0)" }, margin: { b: 44 },
      annotations: rows.map((row) => ({ x: row.high * 100, y: row.option, text: bounded ? ranks(row) : tenth(row.low), showarrow: false, xanchor: "left", xshift: 5 })),
    },
  };
}

function roomChart({ rooms }, short) {
  const rows = [...rooms].reverse(), names = rows.map(({ criterion }) => short(criterion));
  const note = (row, side, at) => row[side] && { x: at * 100, y: short(row.criterion), text: `${row[side]} ${side === "below" ? "below" : "above"} ${per(at)}`, showarrow: false,
    xanchor: at > 0.75 ? "right" : at < 0.4 ? "left" : "center", yshift: side === "below" ? 19 : -19, font: { size: 12, color: "var(--cw-muted)" } };
  return {
    alt: `Bars from the lowest to the highest share at which the first place holds. ${rooms.map((row) => `${short(row.criterion)}: ${per(row.low)} to ${per(row.high)}, now ${per(row.share)}`).join("; ")}.`,
    height: 60 + 62 * rows.length,
    data: [
      { type: "bar", orientation: "h", name: "the first place holds", y: names, base: rows.map(({ low }) => low * 100), x: rows.map(({ low, high }) => (high - low) * 100), width: 0.26,
        marker: { color: "var(--cw-e)" }, customdata: rows.map(({ low, high }) => `${per(low)} to ${per(high)}`), hovertemplate: "%{y}: holds from %{customdata}<extra></extra>" },
      { type: "scatter", mode: "markers", name: "weight now", y: names, x: rows.map(({ share }) => share * 100), hovertemplate: "%{y}: now %{x:.1f} %<extra></extra>",
        marker: { color: "var(--cw-ink)", size: 12, symbol: "diamond", line: { width: 1.5, color: "var(--cw-surface)" } } },
    ],
    layout: { annotations: rows.flatMap((row) => [note(row, "below", row.low), note(row, "above", row.high)]).filter(Boolean), margin: { b: 44 },
      xaxis: { range: [-3, 103], tickvals: [0, 25, 50, 75, 100], ticksuffix: " %", title: { text: "share of the whole weight" } }, yaxis: { gridcolor: "rgba(0,0,0,0)" } },
  };
}

function render({ model, el }) {
  const get = (key) => model.get(key), criteria = get("criteria"), values = get("values"), countries = Object.keys(values);
  const initial = Object.fromEntries(STATE.map((key) => [key, get(key)]));
  const better = Object.fromEntries(criteria.map((one) => [one.id, one.better])), byId = Object.fromEntries(criteria.map((one) => [one.id, one]));
  const short = (id) => byId[id].short, known = (id) => countries.filter((country) => values[country][id] != null).length;
  const used = () => criteria.filter(({ id }) => id in get("weights"));
  const weights = () => Object.fromEntries(used().map(({ id }) => [id, get("weights")[id]]));
  const state = () => decide(values, better, weights(), get("missing"));

  // ---- state: the model, and in the book the address ----
  const address = addressState("matrix");
  const params = () => ({ use: used().map(({ id }) => id).join("."), weights: used().map(({ id }) => get("weights")[id]).join("_"), missing: get("missing"), country: get("country") });
  const set = (now) => { put(model, now); address?.write(params()); };
  function restore() {
    const wanted = address?.read();
    if (!wanted) return false;
    const numbers = (wanted.get("weights") ?? "").split("_").map(Number), ids = (wanted.get("use") ?? "").split(".");
    const read = Object.fromEntries(ids.map((id, index) => [id, numbers[index]]).filter(([id, weight]) => id in byId && weight >= 0 && weight <= MOST));
    put(model, {
      weights: Object.keys(read).length ? read : initial.weights, missing: wanted.get("missing") in WAYS ? wanted.get("missing") : initial.missing,
      country: countries.includes(wanted.get("country")) ? wanted.get("country") : initial.country,
    });
    return true;
  }

  // ---- controls ----
  const fields = criteria.map((one) => {
    const weight = rangeField({ label: `Weight of ${one.name}`, unit: "points", min: 0, max: MOST, step: 1, value: () => get("weights")[one.id] ?? 0,
      change: (points) => set({ weights: { ...get("weights"), [one.id]: points } }) });
    weight.row.querySelector("label").className = "cw-hidden";
    const box = checkField({ label: one.name, value: () => one.id in get("weights"), change: (on) => {
      const { [one.id]: _, ...others } = get("weights");
      set({ weights: on ? { ...others, [one.id]: NEW_WEIGHT } : others });
    } });
    const caution = h("span", {}, ` Mind: ${one.caution}.`);
    const row = h("div", { class: "cw-criterion" }, box.row, weight.row,
      h("p", { class: "cw-hint" }, h("strong", {}, `${one.better} is better`), `: ${one.unit}; ${known(one.id)} of ${countries.length} countries known.`, caution));
    return { id: one.id, row, sync() {
      box.sync();
      weight.row.hidden = caution.hidden = !(one.id in get("weights"));
      weight.sync();
    } };
  });
  const missing = radioField({ legend: "Where a value is blank", options: Object.entries(WAYS), value: () => get("missing"), change: (value) => set({ missing: value }) });
  const pick = h("select", { id: uid(), onChange: () => set({ country: pick.value }) }, countries.map((country) => h("option", { value: country }, country)));

  // ---- result ----
  const heading = h("div", { class: "cw-chart-title" }), status = h("p", { class: "cw-status", role: "status" }), say = speaker(status);
  const left = h("p", { class: "cw-hint" }), win = h("p", { role: "status", class: "cw-answer" }), tell = speaker(win);
  const apply = button("Set these weights", () => set({ weights: Object.fromEntries(used().map(({ id }) => [id, Math.round(1000 * (answered.shares[id] ?? 0)) / 10])) }));
  const limitsTitle = h("div", { class: "cw-chart-title" }, "How far each weight may move, the others in proportion, before another country is first");
  const nothing = { data: [], alt: "Nothing to rank", height: 60 };
  let now = state(), answered = {};
  const bars = chart(model, () => (now ? rankingChart(now, get("country"), `Bars, highest first. ${sentence(now)}`) : nothing));
  const rooms = chart(model, () => (now?.rooms ? roomChart(now, short) : nothing));
  const tables = h("div", {});
  const rankRows = () => now.ranking.map((row) => [row.option, ranks(row), tenth(row.low), tenth(row.high)]);
  const roomRows = () => (now.rooms ?? []).map((row) => [byId[row.criterion].name, per(row.share), per(row.low), row.below || "nobody", per(row.high), row.above || "nobody"]);
  const draw = () => {
    now = state();
    for (const field of fields) field.sync();
    missing.sync();
    pick.value = get("country");
    answered = now ? answer(now.filled, get("country"), short) : { text: "" };
    say(now ? sentence(now) : "There is nothing to rank: choose a criterion and give it a weight above 0.");
    tell(answered.text);
    apply.hidden = !answered.shares;
    told.textContent = "";
    link.hidden = true;
    heading.textContent = now ? message(now, short) : "No ranking yet";
    rooms.node.hidden = limitsTitle.hidden = !now?.rooms;
    const { dropped = [], excluded = [] } = now?.filled ?? {};
    left.textContent = dropped.length ? `Left out: ${list(dropped.map((id) => `${short(id)} (${known(id)} of ${countries.length} known)`))}.`
      : excluded.length ? `Not ranked, because a value is missing: ${list(excluded.map(the))}. ${countries.length - excluded.length} of ${countries.length} countries are compared.`
        : now && !now.rooms && now.ranking.some((row) => row.best !== row.worst) ? "How far a weight may move is not shown: the blanks decide before the weights do. A true value may even lie outside the known range." : "";
    tables.replaceChildren(...(now ? [
      dataTable("Scores from 0 (the worst known value on every criterion) to 100 (the best)", ["Country", "Rank", "Score", "At most"], rankRows()),
      now.rooms ? scrolled(dataTable("Share of each weight at which the first place changes", ["Criterion", "Now", "Lowest", "Below it leads", "Highest", "Above it leads"], roomRows())) : "",
      scrolled(dataTable("The values, blank where nobody could source one", ["Country", ...used().map(({ id, unit }) => `${short(id)} (${unit})`)], countries.map((country) => [country, ...used().map(({ id }) => values[country][id] ?? "blank")]))),
    ] : []));
    bars.redraw();
    rooms.redraw();
  };

  const save = () => download("location-matrix.csv", csv([
    ["country", "best_rank", "worst_rank", "score_low", "score_high", ...used().map(({ id, better: way }) => `${id} (${way} is better${now.shares[id] === undefined ? ", left out" : `, weight ${per(now.shares[id])}`})`)],
    ...now.ranking.map((row) => [row.option, row.best, row.worst, (row.low * 100).toFixed(2), (row.high * 100).toFixed(2), ...used().map(({ id }) => values[row.option][id])])]));
  const saveRooms = () => download("location-weights.csv", csv([["criterion", "share_now", "lowest", "below_it_leads", "highest", "above_it_leads"],
    ...(now.rooms ?? []).map((row) => [row.criterion, row.share.toFixed(4), row.low.toFixed(4), row.below, row.high.toFixed(4), row.above])]));
  const told = h("span", { class: "cw-note", role: "status" }), link = h("input", { class: "cw-link", type: "text", readonly: "", "aria-label": "Link to this view", hidden: true, onFocus: () => link.select() });
  const copy = async () => {
    link.value = address.link(params());
    link.hidden = await copyText(link.value);
    told.textContent = link.hidden ? "The link is on the clipboard." : "Copy the link from the box.";
    if (!link.hidden) link.focus();
  };
  const root = frame(get("title"), "cw-matrix",
    h("div", { class: "cw-controls" }, h("div", { role: "group", "aria-label": "Criteria and their weights" }, fields.map(({ row }) => row)), missing.row,
      h("p", { class: "cw-hint" }, "Points become shares: they are divided by their sum. The worst known value of a criterion counts 0, the best 100. Size, revenue and character are not on offer: they say nothing about the work, or cannot be measured.")),
    heading, status, left, bars.node, limitsTitle, rooms.node,
    h("div", { class: "cw-controls" }, h("div", { class: "cw-field" }, h("label", { for: pick.id }, "Can this country win?"), pick), h("p", { class: "cw-hint" }, "Its bar above has a colour of its own."), win, h("div", {}, apply)),
    h("p", { class: "cw-source" }, "Source: EF EPI 2024; World Bank 2023; IANA time zones, January 2026; Transparency International 2017; WorldRiskReport 2024; Site Selection Group, March 2024; Kearney GSLI 2023. ",
      address && h("a", { href: get("facts_url") }, "Each value with its source")),
    h("div", { class: "cw-bar" }, address && button("Copy link to this view", copy), button("Download the ranking (CSV)", () => now && save()), button("Download the limits (CSV)", () => now && saveRooms()),
      button("Reset", () => { put(model, initial); address?.write(null); }), told, link),
    h("details", {}, h("summary", {}, "The numbers as tables"), tables));
  el.append(root);

  const unwatch = watch(model, STATE, perFrame(draw));
  const unfollow = address?.onMove(restore);
  if (restore()) root.scrollIntoView();
  draw();
  return () => { unwatch(); unfollow?.(); bars.stop(); rooms.stop(); };
}
export default { render };
