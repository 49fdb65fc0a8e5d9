// matrix.js - the location matrix: a weighted sum over ten countries, and what would change its first place
const STATE = ["weights", "missing", "country"];
const WAYS = {
  drop: "leave the criterion out", countries: "rank only countries with every value", bounds: "fill with the worst and with the best known value",
};
const NEW_WEIGHT = 20, MOST = 100;
const SOURCES = "EF EPI 2024; World Bank 2023; IANA time zones, January 2026; Transparency International 2017; WorldRiskReport 2024; "
  + "Site Selection Group, March 2024; Kearney GSLI 2023. ";

function render({ model, el }) {
  const get = (key) => model.get(key), criteria = get("criteria"), values = get("values"), countries = Object.keys(values);
  const better = Object.fromEntries(criteria.map((one) => [one.id, one.better]));
  const byId = Object.fromEntries(criteria.map((one) => [one.id, one]));
  const short = (id) => byId[id].short, known = (id) => countries.filter((country) => values[country][id] != null).length;
  const used = () => criteria.filter(({ id }) => id in get("weights"));
  const weights = () => Object.fromEntries(used().map(({ id }) => [id, get("weights")[id]]));
  const state = () => decide(values, better, weights(), get("missing"));

  // ---- state: the model, and in the book the address ----
  /** id_points.id_points; an older address has the ids in a part of their own, as use=id.id&weights=points_points */
  const points = (text, said) => {
    const ids = said.get("use")?.split("."), split = (one) => [one.slice(0, Math.max(0, one.lastIndexOf("_"))), one.slice(one.lastIndexOf("_") + 1)];
    const pairs = (ids ? ids.map((id, at) => [id, text.split("_")[at]]) : text.split(".").map(split)).filter(([id, number]) => id in byId && within(0, MOST).read(number ?? "") !== undefined);
    return pairs.length ? Object.fromEntries(pairs.map(([id, number]) => [id, Number(number)])) : undefined;
  };
  const address = viewState(model, "matrix", { weights: { read: points, write: (all) => criteria.filter(({ id }) => id in all).map(({ id }) => `${id}_${all[id]}`).join(".") },
    missing: oneOf(...Object.keys(WAYS)), country: oneOf(...countries) });
  const set = (now) => put(model, now);

  // ---- controls ----
  const fields = criteria.map((one) => {
    const weight = rangeField({ label: `Weight of ${one.name}`, unit: "points", min: 0, max: MOST, step: 1,
      value: () => get("weights")[one.id] ?? 0, change: (value) => set({ weights: { ...get("weights"), [one.id]: value } }) });
    weight.row.querySelector("label").className = "cw-hidden";
    const box = checkField({ label: one.name, value: () => one.id in get("weights"), change: (on) => {
      const { [one.id]: _, ...others } = get("weights");
      set({ weights: on ? { ...others, [one.id]: NEW_WEIGHT } : others });
    } });
    const hint = h("p", { class: "cw-hint" }, h("strong", {}, `${one.better} is better`), `: ${one.unit}; ${known(one.id)} of ${countries.length} countries known. Mind: ${one.caution}.`);
    const out = h("p", { class: "cw-hint" }, `Left out: only ${known(one.id)} of ${countries.length} countries are known. Choose below what to do about blanks.`);
    const row = h("div", { class: "cw-criterion" }, box.row, weight.row, hint, out);
    return { id: one.id, row, sync() {
      box.sync();
      hint.hidden = !(one.id in get("weights"));
      out.hidden = hint.hidden || get("missing") !== "drop" || known(one.id) === countries.length;
      weight.row.hidden = hint.hidden || !out.hidden;  // no weight where it would move nothing
      weight.sync();
    } };
  });
  const missing = radioField({ legend: "Where a value is blank", options: Object.entries(WAYS), value: () => get("missing"),
    change: (value) => set({ missing: value }) });
  const pick = h("select", { id: uid(), onChange: () => set({ country: pick.value }) },
    countries.map((country) => h("option", { value: country }, country)));

  // ---- result ----
  const heading = h("div", { class: "cw-chart-title" }), status = h("p", { class: "cw-status", role: "status" }), say = speaker(status);
  const left = h("p", { class: "cw-hint" }), win = h("p", { role: "status", class: "cw-answer" }), tell = speaker(win);
  const favour = () => Object.fromEntries(used().map(({ id }) => [id, Math.round(1000 * (answered.shares[id] ?? 0)) / 10]));
  const apply = button("Set these weights", () => set({ weights: favour() }));
  const limitsTitle = h("div", { class: "cw-chart-title" },
    "How far each weight may move, the others in proportion, before another country is first");
  const nothing = { data: [], alt: "Nothing to rank", height: 60 };
  let now = state(), answered = {};
  const bars = chart(model, () => (now ? rankingChart(now, get("country"), `Bars, highest first. ${sentence(now)}`) : nothing), [340, 290]);
  const rooms = chart(model, () => (now?.rooms ? roomChart(now, short) : nothing));
  const rankRows = () => now.ranking.map((row) => [row.option, ranks(row), tenth(row.low), tenth(row.high)]);
  const roomRows = () => now.rooms.map((row) => [byId[row.criterion].name, per(row.share), per(row.low), row.below || "nobody",
    per(row.high), row.above || "nobody"]);
  const valueRows = () => countries.map((country) => [country, ...used().map(({ id }) => values[country][id] ?? "blank")]);

  /** what is missing from the ranking, and why */
  function leftOut() {
    if (!now) return "";
    const { dropped, excluded } = now.filled, all = countries.length;
    if (dropped.length) return `Left out: ${list(dropped.map((id) => `${short(id)} (${known(id)} of ${all} known)`))}.`;
    if (excluded.length) {
      return `Not ranked, because a value is missing: ${list(excluded.map(the))}. ${all - excluded.length} of ${all} countries are compared.`;
    }
    return now.rooms ? "" : "How far a weight may move is not shown: the blanks decide before the weights do. "
      + "A true value may even lie outside the known range.";
  }
  const tables = folded("The numbers as tables", () => (now ? [
    dataTable("Scores from 0 (the worst known value on every criterion) to 100 (the best)", ["Country", "Rank", "Score", "At most"], rankRows()),
    now.rooms && scrolled(dataTable("Share of each weight at which the first place changes",
      ["Criterion", "Now", "Lowest", "Below it leads", "Highest", "Above it leads"], roomRows())),
    scrolled(dataTable("The values, blank where nobody could source one",
      ["Country", ...used().map(({ id, unit }) => `${short(id)} (${unit})`)], valueRows())),
  ].filter(Boolean) : []));
  const draw = () => {
    now = state();
    bars.redraw();
    for (const field of fields) field.sync();
    missing.sync();
    pick.value = get("country");
    answered = now ? answer(now.filled, get("country"), short) : { text: "" };
    say(now ? sentence(now) : "There is nothing to rank: choose a criterion and give it a weight above 0.");
    tell(answered.text);
    apply.hidden = !answered.shares;
    heading.textContent = now ? together(message(now, short)) : "No ranking yet";
    rooms.node.hidden = limitsTitle.hidden = !now?.rooms;
    left.textContent = leftOut();
    tables.sync();
    rooms.redraw();  // a frame later than the ranking
    foot.quiet();
    address.save();
  };

  const column = ({ id, better: way }) => `${id} (${way} is better, ${id in now.shares ? `weight ${per(now.shares[id])}` : "left out"})`;
  const save = () => download("location-matrix.csv", csv([
    ["country", "best_rank", "worst_rank", "score_low", "score_high", ...used().map(column)],
    ...now.ranking.map((row) => [row.option, row.best, row.worst, (row.low * 100).toFixed(2), (row.high * 100).toFixed(2),
      ...used().map(({ id }) => values[row.option][id])])]));
  const saveRooms = () => download("location-weights.csv", csv([
    ["criterion", "share_now", "lowest", "below_it_leads", "highest", "above_it_leads"],
    ...(now.rooms ?? []).map((row) => [row.criterion, row.share.toFixed(4), row.low.toFixed(4), row.below, row.high.toFixed(4), row.above])]));
  const foot = tools(address, button("Download the ranking (CSV)", () => now && save()), button("Download the limits (CSV)", () => now && saveRooms()), button("Reset", address.reset));
  const root = frame(get("title"), "cw-matrix",
    bench([heading, bars.node], status, left,
      h("div", { class: "cw-controls" }, h("div", { role: "group", "aria-label": "Criteria and their weights" }, fields.map(({ row }) => row)),
        h("p", { class: "cw-hint" }, "Points become shares: they are divided by their sum. The worst known value of a criterion counts 0, ",
          "the best 100. Size, revenue and character are not on offer: they say nothing about the work, or cannot be measured.")),
      h("div", { class: "cw-controls" }, missing.row),
      h("div", { class: "cw-controls" }, h("div", { class: "cw-field" }, h("label", { for: pick.id }, "Can this country win?"), pick),
        h("p", { class: "cw-hint" }, "Its bar above has a colour of its own."), win, h("div", {}, apply))),
    limitsTitle, rooms.node,
    h("p", { class: "cw-source" }, `Source: ${SOURCES}`, address.inBook && h("a", { href: get("facts_url") }, "Each value with its source")),
    foot.node, tables.node);
  el.append(root);

  const unwatch = watch(model, STATE, perFrame(draw)), unfollow = address.begin(root);
  draw();
  return () => { unwatch(); unfollow(); bars.stop(); rooms.stop(); };
}
export default { render };
