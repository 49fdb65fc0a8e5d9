// review.js - a handful of a part's questions again, each as in its chapter: those missed, those never tried, then those answered longest ago
const MISSED = 0, UNTRIED = 1, KNOWN = 2;

function render({ model, el }) {
  const questions = model.get("questions"), size = Math.min(model.get("size"), questions.length);
  const intro = h("p", { tabindex: "-1", class: "cw-intro" }), list = h("div", {}), count = h("p", {});
  const next = button("Draw again", () => { draw(); intro.focus(); }, { "data-main": "" });
  let drawn = [], since = "", stops = [];

  function draw() {
    const kept = readProgress().questions, last = new Set(drawn);
    const standing = ({ question }) => (!kept[question.id] ? UNTRIED : kept[question.id].right ? KNOWN : MISSED);
    const places = questions.map((one) => {
      const rank = standing(one), at = rank === KNOWN ? Date.parse(kept[one.question.id].time) || 0 : 0;
      return { one, rank, order: [Number(last.has(one)), rank, at, Math.random()] };  // what has just been asked waits for a draw
    });
    places.sort((a, b) => a.order.reduce((found, value, n) => found || value - b.order[n], 0));
    const picked = places.slice(0, size), of = (rank) => picked.filter((place) => place.rank === rank).length;
    drawn = picked.map(({ one }) => one);
    since = new Date().toISOString();
    stops.forEach((stop) => stop?.());
    list.replaceChildren();
    stops = drawn.map((one, n) => drawQuestion({ model: asked(one, n), el: list }));
    drawn.forEach(({ chapter, page, question }, n) => list.children[n].append(back(chapter, page, question.id)));
    const kinds = [[MISSED, "that you missed"], [UNTRIED, "not tried yet"], [KNOWN, "that you answered right before"]];
    const parts = kinds.filter(([rank]) => of(rank)).map(([rank, words]) => `${of(rank)} ${words}`);
    intro.textContent = `${size} of the ${questions.length} questions of this part: ${parts.join(", ")}.`;
    tell();
  }
  /** what drawQuestion reads of a model */
  const asked = ({ question, key, lines }, n) => {
    const state = new Map(Object.entries({ question, key, lines, mode: "review", number: `${n + 1} of ${size}` }));
    return { get: (name) => state.get(name) };
  };
  /** where the question was taught: shown once it has been checked */
  const back = (chapter, page, id) => h("p", { class: "cw-from" }, "Taught in ",
    globalThis.courseHost?.book ? h("a", { href: `${page}.html#question-${id}` }, chapter) : chapter);
  function tell() {
    const kept = readProgress().questions, now = drawn.map(({ question }) => kept[question.id]).filter((entry) => entry?.time >= since);
    const done = now.filter((entry) => entry.done), right = done.filter((entry) => entry.right).length;
    count.textContent = `${done.length} of these ${size} answered, ${right} right.`
      + (done.length > right ? " What you missed comes again in a later draw." : "");
  }
  const stop = followProgress(tell);
  draw();
  el.append(frame(model.get("title"), "cw-review", intro), list, h("div", { class: "cw cw-review-end" }, count, next));
  return () => [stop, ...stops].forEach((one) => one?.());
}

export default { render };
