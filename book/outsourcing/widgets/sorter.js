// sorter.js - sort tasks into BPO, KPO, both or neither: two tries a task, then the reason. Progress stays in this browser.
const KEPT = "course-along-tasks", TRIES = 2;
// { schema: 1, tasks: { id: { answer, first, tries, right, done, time, page } } }, as the questions keep theirs

let unkept = null;  // this page's progress, in a browser that keeps nothing
function readKept() {
  if (unkept) return unkept;
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT));
    return kept?.schema === 1 && kept.tasks ? kept.tasks : {};
  } catch { return {}; }
}
function writeKept(tasks) {
  try {
    localStorage.setItem(KEPT, JSON.stringify({ schema: 1, tasks }));
    unkept = null;
  } catch { unkept = tasks; }
  return !unkept;
}

const HINT = "Not this one. Ask first: does an outside firm run a process for the client? Then: is the work done by rule, by judgement, or a part of each? One more try.";
const count = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;

function render({ model, el }) {
  const tasks = model.get("tasks"), bins = model.get("bins"), inBook = Boolean(globalThis.courseHost?.book);
  // what was kept may be of an older table
  const load = () => Object.fromEntries(Object.entries(readKept()).filter(([id, entry]) => tasks.some((task) => task.id === id && entry?.tries > 0 && entry.answer in bins && entry.right === (entry.answer === task.answer))));
  let entries = load(), at = 0, chosen = null, keeps = true;
  const task = () => tasks[at], entry = () => entries[task().id], done = (id) => Boolean(entries[id]?.done);
  const nextOpen = () => { const order = tasks.map((_, step) => (at + 1 + step) % tasks.length); return order.find((index) => !done(tasks[index].id)); };
  at = Math.max(0, tasks.findIndex(({ id }) => !done(id)));

  function keep(next) {
    entries = next;
    keeps = writeKept(entries);
    put(model, { placed: Object.fromEntries(Object.entries(entries).map(([id, { answer }]) => [id, answer])) });
    draw();
  }
  function go(index) { at = index; chosen = null; draw(); }
  /** the reader goes to a task: the focus goes along */
  function visit(index) { go(index); (done(task().id) ? main : radios.find((radio) => radio.checked) ?? radios[0]).focus(); }
  function press() {
    if (done(task().id)) return nextOpen() === undefined ? undefined : visit(nextOpen());
    if (!chosen) return tell("Choose one of the four first.", "missing");
    const old = entry(), right = chosen === task().answer, tries = (old?.tries ?? 0) + 1;
    keep({ ...entries, [task().id]: { answer: chosen, first: old?.first ?? chosen, tries, right, done: right || tries >= TRIES, time: new Date().toISOString(), page: location.pathname } });
  }

  // ---- one task ----
  const number = h("span", { class: "cw-small" }), text = h("span", { class: "cw-prompt" }), name = uid("bin");
  const radios = Object.entries(bins).map(([key, label]) => h("input", { type: "radio", name, value: key, "aria-label": label, onChange: () => { chosen = key; tell(""); } }));
  const fieldset = h("fieldset", {}, h("legend", {}, number, text), h("div", { class: "cw-choices" }, radios.map((radio) => h("label", { class: "cw-choice" }, radio, h("span", { "aria-hidden": "true" }, bins[radio.value])))));
  const verdict = h("p", { class: "cw-verdict", role: "status" }), links = h("p", { class: "cw-hint" });
  const main = button("", press, { "data-main": "" });
  const tell = (words, state = "") => { verdict.dataset.state = state; if (verdict.textContent !== words) verdict.textContent = words; };

  // ---- all tasks ----
  const status = h("p", { class: "cw-status", role: "status" }), say = speaker(status);
  const chips = tasks.map((_, index) => h("button", { type: "button", class: "cw-chip", onClick: () => visit(index) }));
  const sorted = Object.entries(bins).map(([key, label]) => ({ key, list: h("ul"), node: h("section", { class: "cw-bin", "data-bin": key, "aria-label": `Sorted into: ${label}` }, h("div", { class: "cw-bin-title" }, label)) }));
  for (const bin of sorted) bin.node.append(bin.list);
  const retry = button("Repeat those not right at first", () => { const good = Object.entries(entries).filter(([, one]) => one.right && one.tries === 1); keep(Object.fromEntries(good)); go(Math.max(0, tasks.findIndex(({ id }) => !done(id)))); });
  const reset = button("Reset", () => { keep({}); go(0); });
  const table = h("div", {});
  const state = (one) => (!one ? "open" : one.right ? `right at try ${one.tries}` : one.done ? "missed" : "one try left");
  const columns = ["Task", "Your answer", "Result", "Reason"];
  const rows = () => tasks.map((one) => [one.text, entries[one.id] ? bins[entries[one.id].answer] : "", state(entries[one.id]), done(one.id) ? `${bins[one.answer]}: ${one.why}` : ""]);
  const save = () => download("sorted-tasks.csv", csv([columns.map((column) => column.toLowerCase().replaceAll(" ", "_")), ...rows()]));

  el.append(frame(model.get("title"), "cw-sorter",
    h("p", { class: "cw-hint" }, "The tasks are invented. “Both”: the task has a part of each kind. “Neither”: nobody outside runs a business process, or the work has another name."),
    h("div", { class: "cw-controls" }, fieldset, h("div", { class: "cw-bar" }, main), verdict, links),
    status, h("div", { class: "cw-chips", role: "group", "aria-label": "Go to a task" }, chips), h("div", { class: "cw-bins" }, sorted.map(({ node }) => node)),
    h("div", { class: "cw-bar" }, retry, button("Download as CSV", save), reset),
    h("details", {}, h("summary", {}, "All tasks as a table"), table)));

  function draw() {
    const { text: words, answer, why, facts } = task(), now = entry(), open = nextOpen();
    number.textContent = `Task ${at + 1} of ${tasks.length}`;
    text.textContent = words;
    if (now?.done) chosen = null;
    for (const radio of radios) { radio.checked = radio.value === (chosen ?? now?.answer); radio.disabled = Boolean(now?.done); }
    main.textContent = !now?.done ? (now ? "Check again" : "Check") : open === undefined ? "All tasks are sorted" : "Next task";
    main.setAttribute("aria-disabled", String(Boolean(now?.done) && open === undefined));
    if (!now) tell("");
    else if (!now.done) tell(HINT, "wrong");
    else tell(`${now.right ? "Right." : `It is ${bins[answer]}.`} ${why}`, now.right ? "right" : "wrong");
    links.replaceChildren(...(now?.done ? ["Rests on ", ...facts.flatMap(({ id: fact, url }, index) => [index ? ", " : "", inBook ? h("a", { href: url }, fact.replace("term/", "")) : fact.replace("term/", "")]), "."] : []));
    chips.forEach((chip, index) => {
      const one = entries[tasks[index].id];
      chip.dataset.state = !one?.done ? (one ? "half" : "open") : one.right ? "right" : "wrong";
      chip.textContent = `${index + 1}${!one?.done ? "" : one.right ? " ✓" : " ✗"}`;
      chip.setAttribute("aria-label", `Task ${index + 1}: ${tasks[index].short}, ${state(one)}`);
      if (index === at) chip.setAttribute("aria-current", "true"); else chip.removeAttribute("aria-current");
    });
    for (const { key, list } of sorted) {
      const here = tasks.filter((one) => done(one.id) && one.answer === key);
      list.replaceChildren(...here.map((one) => h("li", { "data-state": entries[one.id].right ? "right" : "wrong" }, one.short, entries[one.id].right ? "" : h("span", {}, " ✗", h("span", { class: "cw-hidden" }, " (missed)")))));
    }
    const all = Object.values(entries).filter((one) => one.done), first = all.filter((one) => one.right && one.tries === 1).length, missed = all.filter((one) => !one.right).length;
    const kept = keeps ? "" : " This browser does not keep your progress.";
    say(all.length < tasks.length ? `${all.length} of ${tasks.length} tasks sorted, ${first} right at the first try.${kept}`
      : `All ${tasks.length} sorted: ${first} right at the first try, ${all.length - first - missed} at the second, ${count(missed, "task")} missed.${kept}`);
    retry.hidden = all.length === first;
    table.replaceChildren(scrolled(dataTable("Each task with your answer; the reason when you are done with it", columns, rows())));
  }
  const other = (event) => { if (event.key === KEPT || event.key === null) { entries = load(); chosen = null; draw(); } };
  addEventListener("storage", other);
  draw();
  return () => removeEventListener("storage", other);
}
export default { render };
