// practice.js - a question that checks itself: one retry, then the answer and every reason. What is kept of it: kept.js
const TRIES = 2;
const JUDGED = "Compare yours with it. Did you have it?";

function practice({ model, question, view, fieldset, actions, status, root }, listeners) {
  const key = model.get("key"), id = question.id, { judged, drafts = judged, check: label = "Check" } = KINDS[question.kind];
  const fresh = () => ({ answer: null, tries: 0, right: false, done: false });
  let entry = fresh();      // the round on the screen
  let before = null;        // what was kept of the question before this round
  let seen;                 // what was kept when the question was drawn: only another value is news
  let decided = false;      // readers have judged this round themselves
  const check = h("button", { type: "button", class: "cw-button", "data-main": "", onClick: checked }, label);
  const again = quiet("Start this question again", () => {
    begin();
    (fieldset.querySelector("input, select, textarea, button") ?? check).focus();
  });
  const judgements = [[true, "I had it"], [false, "Not yet"]].map(([right, text]) =>
    h("button", { type: "button", class: "cw-button", onClick: () => judge(right), "data-right": String(right) }, text));
  actions.append(check, ...(judged ? judgements : []), again);

  function begin() {
    seen = readProgress().questions[id] ?? null;
    before = usable(seen) ? seen : null;
    entry = { ...fresh(), answer: drafts ? (judged ? entry.answer : null) ?? readDraft(id) : null };  // a text is not thrown away
    decided = false;
    draw();
  }
  function checked() {
    if (entry.done) return;
    const missing = view.missing();
    if (missing) {  // an empty answer is no wrong answer: it costs no try
      fieldset.setAttribute("aria-describedby", status.id);
      return tell("missing", missing, true);
    }
    const answer = view.answer(), tries = entry.tries + 1, right = !judged && view.result(key).right, time = new Date().toISOString();
    const { first, firstRight, since } = entry.tries ? entry : before ?? { first: answer, firstRight: right, since: time };
    keep({ first, firstRight, since, answer, tries, right, done: judged || right || tries >= TRIES, time });
  }
  /** the reader's own judgement of a text that was compared with the model */
  function judge(right) {
    decided = true;
    keep({ ...entry, right, firstRight: before ? before.firstRight : right });
    tell(root.dataset.state, right ? "You had it." : "Not yet: it comes again in the review of this part.", true);
  }
  function keep(now) {
    seen = entry = now;
    if (drafts && !judged) writeDraft(id, null);  // it is in the entry
    draw();
    const written = changeProgress((questions) => { questions[id] = entry; });
    if (!written) status.append(" This browser does not keep your progress.");
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
    check.textContent = tries && !done ? "Check again" : label;
    check.setAttribute("aria-disabled", String(done));
    check.hidden = done && document.activeElement !== check;  // a focused button stays, or the focus would be lost
    again.hidden = !done;
    for (const [n, node] of judgements.entries()) {
      node.hidden = !done;
      node.setAttribute("aria-pressed", String(n === 0 ? right : decided && !right));
    }
    root.dataset.state = !tries || (judged && !right) ? "" : right ? "right" : "wrong";
    if (judged) return tell(root.dataset.state, tries ? (right ? "You had it." : JUDGED) : "");
    const { text } = tries ? view.result(key) : { text: "" };
    const next = right ? "" : done ? " The answer and the reasons are above." : " One more try.";
    tell(root.dataset.state, tries ? text + next : "");
  }
  check.addEventListener("blur", () => { check.hidden = entry.done; });

  /** what was kept may be of an older edition of the question */
  const usable = (kept) => {
    if (!kept) return false;
    view.show(kept.answer);
    return !view.missing() && (judged || view.result(key).right === kept.right);
  };
  const panel = model.get("mode") === "practice" ? progressPanel(root) : null;
  if (panel) root.append(panel.node);
  const follow = () => {
    const kept = readProgress().questions[id] ?? null;
    if (!sameData(kept, seen)) {
      if (drafts && !kept) writeDraft(id, null);
      [seen, before, entry] = [kept, null, usable(kept) ? kept : fresh()];
      draw();
    }
    panel?.draw();
  };
  listeners.push(followProgress(follow));
  begin();
  if (panel) {
    seen = null;  // in its chapter a question shows what is kept of it; in a review it begins anew
    follow();
    requestAnimationFrame(() => document.dispatchEvent(new Event(PROGRESS_EVENT)));  // the page may have a new last question
  }
  fieldset.addEventListener("keydown", (event) => { if (event.key === "Enter" && event.target.matches("input[type=text]")) checked(); });
  // a new choice takes back what was said of an empty answer
  return () => {
    if (drafts) writeDraft(id, view.answer());
    const note = view.note?.() ?? "";
    if (note || status.dataset.state === "missing") { fieldset.removeAttribute("aria-describedby"); tell("", note); }
  };
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
    const here = onPage(), kept = readProgress().questions;
    node.hidden = here.at(-1) !== root || Boolean(root.closest(".jp-OutputArea"));
    const mine = tally(here.map(({ dataset }) => dataset.question), kept), all = tally(Object.keys(kept), kept);
    summary.textContent = `On this page ${mine.done} of ${mine.all} ${mine.all === 1 ? "question" : "questions"} answered, ${mine.first} at the first try. `
      + `In the whole course ${all.done} answered. This is kept in this browser only.`;
  };
  return { node, draw };
}
