// comparison.js - BPO and KPO on each dimension: the work itself, and laid over it what the two sources say

const KINDS = { bpo: "BPO", kpo: "KPO" };
const SOURCES = { s0: "The vendor's guide", s1: "The job blog" };
const NOTHING = "says nothing", OPEN = "not stated";
const STATE = ["chosen", "show", "where", "sources"];

function render({ model, el }) {
  const get = (key) => model.get(key), all = get("dimensions"), groups = get("groups");
  const inGroup = (row) => get("where") === "all" || row.group === get("where");
  const offered = () => all.filter(inGroup);
  const shown = () => offered().filter((row) => get("chosen").includes(row.id));
  const kinds = () => Object.keys(KINDS).filter((kind) => ["both", kind].includes(get("show")));
  const layered = () => get("sources") || get("where") !== "all";  // a filter speaks of the sources: they are shown

  // ---- state: the model, and in the book the address ----
  const first = get("chosen");
  const state = viewState(model, "compare", { show: oneOf("both", ...Object.keys(KINDS)), where: oneOf("all", ...Object.keys(groups)), sources: yesNo,
    rows: { ...someOf(all.map((row) => row.id)), get: () => get("chosen"), set: (chosen) => put(model, { chosen }) } });
  const set = (values) => put(model, values);
  const choose = (ids) => set({ chosen: all.map((row) => row.id).filter((id) => ids.has(id)) });
  /** a filter shows all of its rows, whatever was chosen before; without one the view is as it began */
  const filter = (group) => set({ where: group, chosen: group === "all" ? first : all.filter((row) => row.group === group).map((row) => row.id) });

  // ---- controls ----
  const show = radioField({ legend: "Show", options: [["both", "both side by side"], ["bpo", "BPO only"], ["kpo", "KPO only"]], value: () => get("show"), change: (value) => set({ show: value }) });
  const count = (key) => all.filter((row) => row.group === key).length;
  const where = radioField({ legend: "Where the two sources", value: () => get("where"), change: filter,
    options: [["all", `whatever they say (${all.length})`], ...Object.entries(groups).map(([key, label]) => [key, `${label} (${count(key)})`])] });
  const layer = checkField({ label: "Show what the two sources say", value: layered, change: (on) => set(on ? { sources: true } : { sources: false, where: "all", chosen: get("where") === "all" ? get("chosen") : first }) });
  const boxes = all.map((row) => {
    const field = checkField({ label: row.name, value: () => get("chosen").includes(row.id), change: (on) => {
      const ids = new Set(get("chosen"));
      if (on) ids.add(row.id); else ids.delete(row.id);
      choose(ids);
    } });
    field.input.value = row.id;
    return { ...field, dimension: row };
  });
  const summary = h("summary");
  const pickAll = button("", () => choose(new Set([...get("chosen"), ...offered().map((row) => row.id)])));
  const pickNone = button("", () => { const gone = new Set(offered().map((row) => row.id)); choose(new Set(get("chosen").filter((id) => !gone.has(id)))); });
  const picker = h("details", { class: "cw-picker" }, summary, h("div", { role: "group", "aria-label": "Dimensions" }, boxes.map((box) => box.row)), h("p", { class: "cw-bar" }, pickAll, pickNone));

  // ---- result ----
  const status = h("p", { class: "cw-status", role: "status" }), say = speaker(status);
  const more = button("", () => pickAll.click());
  const result = h("div", { class: "cw-result" });
  const cell = (row, source, kind, whose, none) => {
    const text = row[`${source}_${kind}`];
    return h("td", { role: "cell", "data-kind": kind, "data-label": whose ? `${whose} on ${KINDS[kind]}` : KINDS[kind], "data-silent": text ? null : "" }, text || none);
  };
  const line = (row, source, whose, none) => h("tr", { role: "row", class: source === "work" ? "cw-work" : null },
    layered() && h("th", { role: "rowheader", scope: "row" }, whose || "The work"),
    source === "work" || kinds().some((kind) => row[`${source}_${kind}`]) ? kinds().map((kind) => cell(row, source, kind, whose, none))
      : h("td", { role: "cell", "data-kind": "none", "data-label": whose, "data-silent": "", colspan: kinds().length }, none));
  const check = (row) => h("tr", { role: "row", class: "cw-check" }, h("td", { role: "cell", colspan: kinds().length + 1 },
    row.note && `${row.note.replace(/[.]?$/, ".")} `, h("strong", {}, "Outside check"), row.reliability && ` (${row.reliability} reliability)`, ": ", row.check, " ",
    state.inBook && h("a", { href: `${get("facts_url")}#${row.id}` }, `${row.name}: the sources`)));
  // The roles are spelled out because a narrow page shows the table's parts as blocks, which would drop them.
  const dimension = (row) => h("tbody", { role: "rowgroup" },
    h("tr", { role: "row", class: "cw-dimension" }, h("th", { role: "rowheader", scope: "rowgroup", colspan: kinds().length + Number(layered()) }, row.name,
      layered() && h("span", { class: "cw-badge", "data-group": row.group }, row.reading))),
    line(row, "work", "", OPEN),
    layered() && Object.keys(SOURCES).map((source) => line(row, source, SOURCES[source], NOTHING)),
    layered() && check(row));
  const table = () => h("table", { role: "table", class: `cw-compare${layered() ? " cw-layered" : ""}` },
    h("caption", {}, layered() ? "The vendor's guide: an article of a Philippine vendor. The job blog: an Indian one, June 2020. In short words of ours."
      : "In short words of ours. What holds in general need not hold in each case."),
    h("colgroup", {}, layered() && h("col"), kinds().map(() => h("col"))),
    h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, layered() && h("th", { role: "columnheader", scope: "col" }, h("span", { class: "cw-hidden" }, "Who says it")),
      kinds().map((kind) => h("th", { role: "columnheader", scope: "col", "data-kind": kind }, KINDS[kind])))),
    shown().map(dimension));

  const save = () => download("bpo-kpo-comparison.csv", csv([
    ["id", "dimension", ...kinds().map((kind) => KINDS[kind]), "sources", ...Object.keys(SOURCES).flatMap((source) => kinds().map((kind) => `${SOURCES[source]} on ${KINDS[kind]}`)), "note", "outside check", "reliability"],
    ...shown().map((row) => [row.id, row.name, ...kinds().map((kind) => row[`work_${kind}`] || OPEN), row.reading, ...Object.keys(SOURCES).flatMap((source) => kinds().map((kind) => row[`${source}_${kind}`] || NOTHING)), row.note, row.check, row.reliability])]));
  const foot = tools(state, button("Download as CSV", save), button("Reset", state.reset));
  const root = frame(get("title"), "cw-comparison",
    h("div", { class: "cw-controls" }, show.row, layer.row, where.row, picker),
    h("div", { class: "cw-bar" }, status, more), result, foot.node);
  el.append(root);

  function draw() {
    const rows = shown(), choice = offered(), filtered = get("where") !== "all", kind = get("show") === "both" ? "BPO and KPO side by side" : `${KINDS[get("show")]} only`;
    const group = filtered ? ` where the sources ${groups[get("where")]}`.replace("the sources only", "only").replace("the sources both", "both") : "";
    show.sync();
    where.sync();
    layer.sync();
    for (const box of boxes) { box.sync(); box.row.hidden = !inGroup(box.dimension); }
    summary.textContent = `Choose dimensions (${rows.length} of ${choice.length} chosen)`;
    pickAll.textContent = filtered ? `Choose these ${choice.length}` : `Choose all ${all.length}`;
    pickNone.textContent = filtered ? "Choose none of these" : "Choose none";
    more.textContent = `Show all ${choice.length}`;
    more.hidden = rows.length === choice.length;
    foot.quiet();
    state.save();
    say(rows.length ? `${rows.length} of ${choice.length} dimensions${group}: ${kind}.` : `No dimension chosen${group}.`);
    result.replaceChildren(rows.length ? table() : h("p", {}, "Choose at least one dimension above."));
  }
  const unwatch = watch(model, STATE, perFrame(draw)), unfollow = state.begin(root);
  draw();
  return () => { unwatch(); unfollow(); };
}
export default { render };
