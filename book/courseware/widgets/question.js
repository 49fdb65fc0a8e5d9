// question.js - one question of any kind. Each kind is a module in kinds/ that adds itself to KINDS:
//
//   drafts                        what was begun outlives a reload of the page (a text does, too)
//   judged                        readers judge themselves: in place of result(), they compare; check names the button for it
//   build({ question, name, changed, model }) -> view   draw the controls; call changed() when the learner changes the answer
//     view.node                   the element with the controls
//     view.answer()               the raw answer, null when there is none
//     view.show(answer)           show an answer (null: none)
//     view.missing()              what is missing, in the learner's words; "" when the answer is whole
//     view.note()                 optional: what a change did, for the live region ("2 selected.")
//     view.lock(locked)           no more changes
//     view.mark(key, all)         practice only: show what is right and why, for the given answer or (all) for everything
//     view.unmark()
//     view.result(key)            practice only: { right: true or false, text: the sentence for the live region }
//     view.busy(), view.stop()    where there is something to wait for: typed and not handed on yet; the question is taken off the page
//     view.elsewhere              the answer is given elsewhere (in a cell): nothing to undo or to clear
const KINDS = {};

/** `code` and *emphasis* in an author's text, as elements; all else stays text */
const inline = (text) => text.split(/(`[^`]+`|\*[^*\s](?:[^*]*[^*\s])?\*)/).map((piece) =>
  /^`.+`$/.test(piece) ? h("code", {}, piece.slice(1, -1)) : /^\*.+\*$/.test(piece) ? h("em", {}, piece.slice(1, -1)) : piece);

/** a reason under an option or an item: right or wrong in words and by a sign, never by colour alone */
const reason = (id, right, word, why) => h("p", { id, class: "cw-why", "data-right": String(right) },
  h("span", { class: "cw-sign", "aria-hidden": "true" }, right ? "✓" : "✗"),
  h("span", {}, h("strong", {}, word), why ? [" ", inline(why)] : null));

/** text in a live region: the same text twice in a row is said again only when `again` */
function say(region, text, again = false) {
  if (again && region.textContent === text) {
    region.textContent = "";
    requestAnimationFrame(() => { region.textContent = text; });
  } else if (region.textContent !== text) region.textContent = text;
}

const NOT_YET = "Not saved yet: the kernel is busy or stopped. If this stays, choose Run, then Run All Cells.";
const sameData = (a, b) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
const quiet = (label, onClick) => h("button", { type: "button", class: "cw-quiet", onClick }, label);

/** Draw a question in el; returns how to stop. mode "practice": in its chapter, "review": begun anew, "graded" or "preview".
 *  What cannot be drawn is there as text, with how to answer after all. */
function drawQuestion({ model, el }) {
  try {
    return drawControls({ model, el });
  } catch (error) {
    console.error(error);
    el.append(asText(model.get("question"), model.get("lines") ?? []));
  }
}

function drawControls({ model, el }) {
  const question = model.get("question"), mode = model.get("mode"), kind = KINDS[question.kind];
  const selfCheck = mode === "practice" || mode === "review";
  if (!kind) throw new Error(`no question of the kind ${question.kind} is known here`);
  const listeners = [];
  const view = kind.build({ question, name: uid("answer"), changed: () => onChange(), model });
  const status = h("p", { id: uid("status"), class: "cw-status", role: "status" });
  const points = selfCheck ? "" : `${question.points} ${question.points === 1 ? "point" : "points"}`;
  const small = h("span", { class: "cw-small" });
  const count = () => {  // how far the learner is moves on with each question; it is read here, not called out
    small.textContent = [model.get("number"), points, model.get("done")].filter(Boolean).join(" · ").replace(/\.$/, "");
    small.hidden = !small.textContent;
  };
  count();
  const prompt = h("span", { class: "cw-prompt" }, inline(question.prompt));
  const fieldset = h("fieldset", {}, h("legend", {}, small, prompt), view.node);
  const actions = h("div", { class: "cw-actions" });
  const named = { id: `question-${question.id}`, "data-question": question.id, "data-mode": mode };
  const root = h("section", { class: "cw cw-question", ...named }, fieldset, actions, status);
  const parts = { model, question, view, fieldset, actions, status, root };
  const onChange = selfCheck ? practice(parts, listeners) : graded(parts, listeners);
  listeners.unshift(() => view.stop?.());  // first: what is typed is still handed on
  if (!selfCheck) listeners.push(watch(model, ["done"], count));
  el.append(root);
  return () => listeners.forEach((stop) => stop());
}

/** Each change goes to Python, which keeps it; the learner reads when it was kept, or that it was not. */
function graded({ model, view, fieldset, actions, status, root }, listeners) {
  const preview = model.get("mode") === "preview", before = [];
  let last = model.get("answer"), waiting;
  const undo = quiet("Undo", () => { if (before.length) { view.show(before.pop()); hand(); } });
  const clear = quiet("Clear my answer", () => { if (view.answer() !== null) { before.push(view.answer()); view.show(null); hand(); } });
  if (!view.elsewhere) actions.append(undo, clear);

  const hand = () => {
    last = view.answer();
    draw();
    if (preview) return tell();
    clearTimeout(waiting);
    waiting = setTimeout(() => say(status, NOT_YET), 4000);
    model.set("answer", last);
    model.save_changes();
  };
  const clock = (iso) => {
    const time = new Date(iso), today = time.toDateString() === new Date().toDateString();
    const day = today ? {} : { day: "numeric", month: "short" };
    return time.toLocaleString([], { ...day, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  };
  const draw = () => {
    // a button that has nothing to do stays in place, so that the focus does too
    undo.setAttribute("aria-disabled", String(!before.length));
    clear.setAttribute("aria-disabled", String(view.answer() === null));
    actions.hidden = view.elsewhere || (view.answer() === null && !before.length);
  };
  const tell = () => {
    clearTimeout(waiting);
    const saved = model.get("saved"), note = view.answer() === null ? "" : view.note?.(), missing = view.answer() === null ? "" : view.missing();
    if (preview) return say(status, ["Preview: nothing is kept here.", note].filter(Boolean).join(" "));
    status.dataset.state = model.get("problem") ? "problem" : "";
    say(status, [model.get("problem"), note, saved && `Saved ${clock(saved)}.`, missing].filter(Boolean).join(" "));
  };
  const shown = () => {
    if (view.busy?.() || sameData(model.get("answer"), view.answer())) return;
    view.show(model.get("answer"));
    last = view.answer();
    draw();
  };
  const kept = (message) => { if (message?.type === "kept") tell(); };
  model.on("change:answer", shown);
  model.on("msg:custom", kept);
  listeners.push(() => model.off("change:answer", shown), () => model.off("msg:custom", kept), () => clearTimeout(waiting));
  // a link to the question (in the last cell) takes the keyboard along
  const linked = (event) => {
    if (!event.target.closest?.(`a[href="#${root.id}"]`)) return;
    setTimeout(() => (fieldset.querySelector("input:checked") ?? fieldset.querySelector("input, select, textarea, button"))?.focus());
  };
  document.addEventListener("click", linked, true);
  listeners.push(() => document.removeEventListener("click", linked, true));
  view.show(last);
  draw();
  tell();
  return () => { before.push(last); hand(); };
}

/** What a reader gets of a question whose kind this page cannot draw. */
function asText(question, lines) {
  return h("section", { class: "cw cw-question", "data-question": question.id }, h("p", {}, inline(question.prompt)),
    h("ul", {}, lines.map((line) => h("li", {}, inline(line)))),
    h("p", { class: "cw-status" }, `This page cannot draw the question (kind “${question.kind}”).`));
}
