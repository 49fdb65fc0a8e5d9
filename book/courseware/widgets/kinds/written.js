// written.js - write prose: a text area, the count of its words, and what counts. In practice readers judge themselves.
// eslint-disable-next-line no-control-regex -- Python counts them among the blanks
const WORD = /[^\s\x1c-\x1f\x85\ufeff]+/g;  // as kinds/written.py: a word is what stands between blanks
const LONGEST_TEXT = 20000, TYPING_PAUSE = 700;
const wordCount = (text) => text.match(WORD)?.length ?? 0;

/** A text area that calls changed() at each key, or after `pause` ms of rest and when it is left (Python then writes a file).
 *  busy(): something is typed that is not handed on yet. */
function textArea({ label, describedBy, changed, typed = () => {}, pause = 0, ...attributes }) {
  let waiting = null;
  const hand = () => {
    if (waiting === null) return;
    clearTimeout(waiting);
    waiting = null;
    changed();
  };
  const id = uid("text");
  const area = h("textarea", { id, class: "cw-text", "aria-describedby": describedBy, onBlur: hand, onInput() {
    typed();
    clearTimeout(waiting);
    waiting = setTimeout(hand, pause);
    if (!pause) hand();  // nothing may move under the pointer when a click on a button leaves the text
  }, ...attributes });
  const show = (text) => {
    clearTimeout(waiting);
    waiting = null;
    if (area.value !== text) area.value = text;  // a value set anew would move the caret
    typed();
  };
  const node = h("div", {}, h("label", { for: id, class: "cw-small" }, label), area);
  return { node, area, show, busy: () => waiting !== null, stop: hand };
}

KINDS.written = {
  words: wordCount,
  judged: true,
  check: "Compare with a model answer",
  build({ question, changed, model: widget }) {
    const { least, most } = question.words, pause = widget.get("mode") === "graded" ? TYPING_PAUSE : 0;
    const count = h("p", { id: uid("count"), class: "cw-hint" }), model = h("div", {});
    const typed = () => { count.textContent = `${wordCount(text.area.value)} of ${least} to ${most} words`; };
    const text = textArea({ label: "Your answer", describedBy: count.id, changed, typed, pause, rows: 9 });
    const points = (line) => `${line.points} ${line.points === 1 ? "point" : "points"}`;
    const rubric = h("div", { class: "cw-rubric" }, h("p", { class: "cw-small" }, "What counts"),
      h("ul", {}, question.rubric.map((line) => h("li", {}, inline(line.text), h("span", { class: "cw-points" }, ` (${points(line)})`)))));
    const empty = () => !wordCount(text.area.value);
    typed();
    return {
      node: h("div", {}, rubric, text.node, count, model),
      busy: text.busy,
      stop: text.stop,
      answer: () => (empty() ? null : text.area.value),
      show: (answer) => text.show(typeof answer === "string" ? answer : ""),
      missing() {
        const words = wordCount(text.area.value), characters = text.area.value.length;
        if (empty()) return "Write your answer first.";
        if (characters > LONGEST_TEXT) return `Your text has ${characters} characters; at most ${LONGEST_TEXT} are read.`;
        if (words < least) return `${words} of ${least} to ${most} words: write ${least - words} more.`;
        return words > most ? `${words} of ${least} to ${most} words: take ${words - most} out.` : "";
      },
      lock: (locked) => { text.area.readOnly = locked; },
      mark(key) {
        model.replaceChildren(h("p", { class: "cw-small" }, "A model answer"),
          h("div", { class: "cw-model" }, key.model.split(/\n\s*\n/).map((part) => h("p", {}, inline(part)))));
      },
      unmark: () => model.replaceChildren(),
    };
  },
};
