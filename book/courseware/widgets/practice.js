// practice.js - a question that checks itself: one retry, then the answer and every reason. Progress stays in this browser.
const PROGRESS_KEY = "course-progress", PROGRESS_EVENT = "course-progress", TRIES = 2;
// { schema: 1, questions: { id: { answer, first, tries, right, done, time, page } } }; `first` is the answer of the first check

let unkept = null;  // the progress of this page, in a browser that keeps nothing

function readProgress() {
  if (unkept) return unkept;
  try {
    const kept = JSON.parse(localStorage.getItem(PROGRESS_KEY));
    const entries = kept?.schema === 1 ? Object.entries(kept.questions ?? {}) : [];
    return { schema: 1, questions: Object.fromEntries(entries.filter(([, entry]) => entry?.tries > 0)) };
  } catch { return { schema: 1, questions: {} }; }
}

/** change(questions) edits the kept entries; false when this browser keeps nothing */
function changeProgress(change) {
  const progress = readProgress();
  change(progress.questions);
  try {
    localStorage.setItem(PROGRESS_KEY, JSON.stringify(progress));
    unkept = null;
  } catch { unkept = progress; }
  document.dispatchEvent(new Event(PROGRESS_EVENT));
  return !unkept;
}

function practice({ model, question, view, fieldset, actions, status, root }, listeners) {
  const key = model.get("key"), fresh = () => ({ answer: null, first: null, tries: 0, right: false, done: false });
  let entry = fresh();
  const check = h("button", { type: "button", class: "cw-button", "data-main": "", onClick: checked }, "Check");
  const again = quiet("Start this question again", () => {
    keep(null);
    (fieldset.querySelector("input, select") ?? check).focus();
  });
  actions.append(check, again);

  function checked() {
    if (entry.done) return;
    const missing = view.missing();
    if (missing) {  // an empty answer is no wrong answer: it costs no try
      fieldset.setAttribute("aria-describedby", status.id);
      return tell("missing", missing, true);
    }
    const answer = view.answer(), tries = entry.tries + 1, { right } = view.result(key);
    const first = tries === 1 ? answer : entry.first, time = new Date().toISOString();
    keep({ answer, first, tries, right, done: right || tries >= TRIES, time, page: location.pathname });
  }
  function keep(next) {
    entry = next ?? fresh();
    draw();
    const written = changeProgress((questions) => { if (next) questions[question.id] = next; else delete questions[question.id]; });
    if (!written && next) status.append(" This browser does not keep your progress.");
  }
  function tell(state, text, repeat = false) {
    status.dataset.state = state;
    say(status, text, repeat);
  }
  function draw() {
    const { tries, right, done } = entry;
    fieldset.removeAttribute("aria-describedby");
    view.unmark();
    view.show(entry.answer);
    view.lock(done);
    if (tries) view.mark(key, done);
    check.textContent = tries && !done ? "Check again" : "Check";
    check.setAttribute("aria-disabled", String(done));
    check.hidden = done && document.activeElement !== check;  // a focused button stays, or the focus would be lost
    again.hidden = !done;
    root.dataset.state = !tries ? "" : right ? "right" : "wrong";
    const { text } = tries ? view.result(key) : { text: "" };
    const next = right ? "" : done ? " The answer and the reasons are above." : " One more try.";
    tell(root.dataset.state, tries ? text + next : "");
  }
  check.addEventListener("blur", () => { check.hidden = entry.done; });

  const reset = progressPanel(root);
  root.append(reset.node);
  const follow = () => {
    const kept = readProgress().questions[question.id] ?? null;
    if (!sameData(kept, entry.tries ? entry : null)) { entry = usable(kept) ? kept : fresh(); draw(); }
    reset.draw();
  };
  /** what was kept may be of an older edition of the question */
  const usable = (kept) => {
    if (!kept) return false;
    view.show(kept.answer);
    return !view.missing() && view.result(key).right === kept.right;
  };
  const other = (event) => { if (event.key === PROGRESS_KEY || event.key === null) document.dispatchEvent(new Event(PROGRESS_EVENT)); };
  document.addEventListener(PROGRESS_EVENT, follow);
  addEventListener("storage", other);
  listeners.push(() => document.removeEventListener(PROGRESS_EVENT, follow), () => removeEventListener("storage", other));
  draw();
  follow();
  requestAnimationFrame(() => document.dispatchEvent(new Event(PROGRESS_EVENT)));  // the page may have a new last question
  // a new choice takes back what was said of an empty answer
  return () => { if (status.dataset.state === "missing") { fieldset.removeAttribute("aria-describedby"); tell("", ""); } };
}

/** Under the page's last question: how far the reader is, and how to start again. */
function progressPanel(root) {
  const summary = h("p", {}), said = h("p", { role: "status" });
  const onPage = () => [...document.querySelectorAll(".cw-question[data-mode=practice]")];
  const page = quiet("Start this page again", () => wipe(onPage().map(({ dataset }) => dataset.question), "The answers of this page are cleared."));
  const yes = quiet("Yes, clear all", () => {
    wipe(Object.keys(readProgress().questions), "All answers are cleared.");
    whole.focus();
  });
  const sure = h("span", { id: uid("sure"), hidden: true }, " Clear every answer kept in this browser? ", yes);
  const whole = quiet("Start the whole course again", () => ask(sure.hidden));
  whole.setAttribute("aria-controls", sure.id);
  const ask = (open) => {
    sure.hidden = !open;
    whole.setAttribute("aria-expanded", String(open));
  };
  const wipe = (ids, text) => {
    changeProgress((questions) => { for (const id of ids) delete questions[id]; });
    ask(false);
    say(said, text);
  };
  ask(false);
  const node = h("details", { class: "cw-progress", hidden: true }, h("summary", {}, "Your progress"),
    summary, h("p", { class: "cw-actions" }, page, whole, sure), said);
  const draw = () => {
    const here = onPage(), kept = readProgress().questions, done = Object.values(kept);
    node.hidden = here.at(-1) !== root || Boolean(root.closest(".jp-OutputArea"));
    const answered = here.map((one) => kept[one.dataset.question]).filter((entry) => entry?.done);
    const first = answered.filter((entry) => entry.right && entry.tries === 1).length;
    const questions = here.length === 1 ? "question" : "questions";
    summary.textContent = `On this page ${answered.length} of ${here.length} ${questions} answered, ${first} at the first try. `
      + `In the whole course ${done.filter((entry) => entry.done).length} answered. This is kept in this browser only.`;
  };
  return { node, draw };
}
