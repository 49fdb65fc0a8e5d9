// comparison.js - BPO and KPO on each dimension, as the two sources have it

const KINDS = { bpo: "BPO", kpo: "KPO" };
const SOURCES = { s0: "S0", s1: "S1" };
const NOTHING = "says nothing";
const STATE = ["chosen", "show", "where"];

function render({ model, el }) {
  const get = (key) => model.get(key), all = get("dimensions"), groups = get("groups");
  const initial = Object.fromEntries(STATE.map((key) => [key, get(key)]));
  const address = addressState("compare");
  const inGroup = (row) => get("where") === "all" || row.group === get("where");
  const offered = () => all.filter(inGroup);
  const shown = () => offered().filter((row) => get("chosen").includes(row.id));
  const kinds = () => Object.keys(KINDS).filter((kind) => ["both", kind].includes(get("show")));

  // ---- state: the model, and in the book the address ----
  const params = () => ({ show: get("show"), where: get("where"), rows: get("chosen").length === all.length ? "all" : get("chosen").join(".") });
  const set = (values) => { put(model, values); address?.write(params()); };
  const choose = (ids) => set({ chosen: all.map((row) => row.id).filter((id) => ids.has(id)) });
  function restore() {
    const wanted = address?.read();
    if (!wanted) return false;
    const ids = wanted.get("rows") === "all" ? all.map((row) => row.id) : (wanted.get("rows") ?? "").split(".");
    put(model, {
      show: wanted.get("show") in KINDS ? wanted.get("show") : "both",
      where: wanted.get("where") in groups ? wanted.get("where") : "all",
      chosen: wanted.has("rows") ? all.map((row) => row.id).filter((id) => ids.includes(id)) : initial.chosen,
    });
    return true;
  }

  // ---- controls ----
  const show = radioField({ legend: "Show", options: [["both", "both side by side"], ["bpo", "BPO only"], ["kpo", "KPO only"]], value: () => get("show"), change: (value) => set({ show: value }) });
  const count = (key) => all.filter((row) => row.group === key).length;
  const where = radioField({ legend: "Where the two sources", value: () => get("where"), change: (value) => set({ where: value }),
    options: [["all", `whatever they say (${all.length})`], ...Object.entries(groups).map(([key, label]) => [key, `${label} (${count(key)})`])] });
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
  const cell = (row, source, kind) => {
    const text = row[`${source}_${kind}`];
    return h("td", { role: "cell", "data-kind": kind, "data-label": `${SOURCES[source]} on ${KINDS[kind]}`, "data-silent": text ? null : "" }, text || NOTHING);
  };
  const cells = (row, source) => (kinds().some((kind) => row[`${source}_${kind}`]) ? kinds().map((kind) => cell(row, source, kind))
    : h("td", { role: "cell", "data-kind": "none", "data-label": SOURCES[source], "data-silent": "", colspan: kinds().length }, NOTHING));
  // The roles are spelled out because a narrow page shows the table's parts as blocks, which would drop them.
  const dimension = (row) => h("tbody", { role: "rowgroup" },
    h("tr", { role: "row", class: "cw-dimension" }, h("th", { role: "rowheader", scope: "rowgroup", colspan: kinds().length + 1 }, row.name,
      h("span", { class: "cw-badge", "data-group": row.group }, row.reading))),
    Object.keys(SOURCES).map((source) => h("tr", { role: "row" }, h("th", { role: "rowheader", scope: "row" }, SOURCES[source]), cells(row, source))),
    h("tr", { role: "row", class: "cw-check" }, h("td", { role: "cell", colspan: kinds().length + 1 },
      row.note && `${row.note.replace(/[.]?$/, ".")} `, h("strong", {}, "Outside check"), row.reliability && ` (${row.reliability} reliability)`, ": ", row.check, " ",
      address && h("a", { href: `${get("facts_url")}#${row.id}` }, `Row ${row.id} with its sources`))));
  const table = () => h("table", { role: "table", class: "cw-compare" },
    h("caption", {}, "S0: an article of a Philippine vendor. S1: an Indian job blog, June 2020. In short words of ours."),
    h("colgroup", {}, h("col"), kinds().map(() => h("col"))),
    h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, h("th", { role: "columnheader", scope: "col" }, h("span", { class: "cw-hidden" }, "Source")),
      kinds().map((kind) => h("th", { role: "columnheader", scope: "col", "data-kind": kind }, KINDS[kind])))),
    shown().map(dimension));

  const save = () => download("bpo-kpo-comparison.csv", csv([
    ["id", "dimension", "sources", ...Object.keys(SOURCES).flatMap((source) => kinds().map((kind) => `${SOURCES[source]} on ${KINDS[kind]}`)), "note", "outside check", "reliability"],
    ...shown().map((row) => [row.id, row.name, row.reading, ...Object.keys(SOURCES).flatMap((source) => kinds().map((kind) => row[`${source}_${kind}`] || NOTHING)), row.note, row.check, row.reliability])]));
  const told = h("span", { class: "cw-note", role: "status" });
  const link = h("input", { class: "cw-link", type: "text", readonly: "", "aria-label": "Link to this view", hidden: true, onFocus: () => link.select() });
  const copy = async () => {
    link.value = address.link(params());
    const copied = await copyText(link.value);
    link.hidden = copied;
    told.textContent = copied ? "The link is on the clipboard." : "Copy the link from the box.";
    if (!copied) link.focus();
  };
  const reset = () => { put(model, initial); address?.write(null); };

  const root = frame(get("title"), "cw-comparison",
    h("div", { class: "cw-controls" }, show.row, where.row, picker),
    h("div", { class: "cw-bar" }, status, more), result,
    h("div", { class: "cw-bar" }, address && button("Copy link to this view", copy), button("Download as CSV", save), button("Reset", reset), told, link));
  el.append(root);

  function draw() {
    const rows = shown(), choice = offered(), filtered = get("where") !== "all", kind = get("show") === "both" ? "BPO and KPO side by side" : `${KINDS[get("show")]} only`;
    const group = filtered ? ` where the sources ${groups[get("where")]}`.replace("the sources only", "only").replace("the sources both", "both") : "";
    show.sync();
    where.sync();
    for (const box of boxes) { box.sync(); box.row.hidden = !inGroup(box.dimension); }
    summary.textContent = `Choose dimensions (${rows.length} of ${choice.length} chosen)`;
    pickAll.textContent = filtered ? `Choose these ${choice.length}` : `Choose all ${all.length}`;
    pickNone.textContent = filtered ? "Choose none of these" : "Choose none";
    more.textContent = `Show all ${choice.length}`;
    more.hidden = rows.length === choice.length;
    told.textContent = "";
    link.hidden = true;
    say(rows.length ? `${rows.length} of ${choice.length} dimensions${group}: ${kind}.` : `No dimension chosen${group}.`);
    result.replaceChildren(rows.length ? table() : h("p", {}, "Choose at least one dimension above."));
  }
  const unwatch = watch(model, STATE, perFrame(draw));
  const unfollow = address?.onMove(restore);
  if (restore()) root.scrollIntoView();
  draw();
  return () => { unwatch(); unfollow?.(); };
}
export default { render };
