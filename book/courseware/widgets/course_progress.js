// course_progress.js - the page of the reader's progress: how far in each part, what to review, all of it as a file, and starting again
const FILE_KIND = "course-progress", MAX_BYTES = 1_000_000;
const plural = (n, word) => `${n} ${word}${n === 1 ? "" : "s"}`;

/** the entries of a saved file that are of this course's questions, how many are not, and its date. Throws Error(the reason for the reader). */
function readSaved(text, known) {
  let saved;
  try { saved = JSON.parse(text); } catch { throw new Error("it is not a file of progress, or it is damaged."); }
  if (saved?.kind !== FILE_KIND || typeof saved.questions !== "object" || !saved.questions) throw new Error("it is not a file of a course's progress.");
  if (saved.schema !== 1) throw new Error("another edition of the course has saved it, in a form that this one cannot read.");
  const entries = Object.entries(saved.questions).map(([id, value]) => [id, asEntry(value)]);
  const damaged = entries.find(([, entry]) => !entry);
  if (damaged) throw new Error(`its answer to the question ${damaged[0].slice(0, 60)} is damaged.`);
  const ours = entries.filter(([id]) => known.has(id));
  const along = Object.fromEntries(Object.entries(saved.along ?? {}).filter(([key, value]) => key.startsWith(ALONG) && typeof value === "string"));
  if (!ours.length && !Object.keys(along).length) throw new Error("it holds no answer to a question of this course.");
  const date = new Date(saved.saved);
  return { questions: Object.fromEntries(ours), along, others: entries.length - ours.length, date: Number.isNaN(date.getTime()) ? null : date };
}

/** two entries of one question: the later round, the earlier first try */
function merged(a, b) {
  if (!a || !b) return a ?? b;
  const when = (text) => Date.parse(text) || 0;
  const late = when(b.time) > when(a.time) ? b : a, { first, firstRight, since } = when(b.since) < when(a.since) ? b : a;
  return { ...late, first, firstRight, since };
}

function render({ model, el }) {
  const parts = model.get("parts"), questions = parts.flatMap((part) => part.questions), known = new Set(questions.map(({ id }) => id));
  const ids = (part) => part.questions.map(({ id }) => id);
  const summary = h("p", { class: "cw-status", role: "status" }), note = h("p", { class: "cw-note", role: "status" });
  const body = h("tbody", {}), foot = h("tfoot", {}), todo = h("div", { class: "cw-todo" });
  const link = (page, text, anchor = "") => (page && globalThis.courseHost?.book ? h("a", { href: `${page}.html${anchor}` }, text) : text);

  // ---- how far
  const row = (name, { all, done, first, review }) => h("tr", {},
    h("th", { scope: "row" }, name, h("span", { class: "cw-bar-of", "aria-hidden": "true", style: `--done: ${done / (all || 1)}` })),
    h("td", {}, `${done} of ${all}`), h("td", {}, String(first)), h("td", {}, String(review)));
  function draw() {
    const kept = readProgress().questions, whole = tally([...known], kept);
    body.replaceChildren(...parts.map((part) => row(part.name, tally(ids(part), kept))));
    foot.replaceChildren(row("Whole course", whole));
    say(`${whole.done} of ${whole.all} questions answered, ${whole.first} right at the first try, ${whole.review} to review.`);
    const next = questions.find(({ id }) => !kept[id]);
    const missed = parts.map((part) => [part, part.questions.filter(({ id }) => kept[id] && !kept[id].right)]).filter(([, list]) => list.length);
    const item = ({ id, page, chapter, objective }) => [link(page, objective, `#question-${id}`), ` (${chapter})`];
    todo.replaceChildren(
      h("p", {}, h("strong", {}, "Next: "), next ? item(next) : "you have tried every question."),
      ...missed.flatMap(([part, list]) => [
        h("p", {}, h("strong", {}, `To review in ${part.name}`), part.review ? [": ", link(part.review, "all in one review")] : null),
        h("ul", {}, list.map((one) => h("li", {}, item(one))))]));
  }
  const say = (text) => { if (summary.textContent !== text) summary.textContent = text; };
  const tell = (text, written = true) => { note.textContent = text + (written ? "" : " This browser does not keep your progress."); };

  // ---- a question to the reader, in the browser's own dialog: Escape means no
  const text = h("p", { id: uid("ask") }), answers = h("div", { class: "cw-bar" });
  const dialog = h("dialog", { "aria-labelledby": text.id }, text, answers);
  function ask(words, choices) {
    text.textContent = words;
    answers.replaceChildren(...choices.map(([label, act, attributes]) => button(label, () => { dialog.close(); act?.(); }, attributes)));
    dialog.showModal();
  }

  // ---- as a file
  const save = () => {
    const kept = readProgress().questions, saved = new Date().toISOString(), mine = Object.entries(kept).filter(([id]) => known.has(id));
    const along = readAlong(), tasks = Object.keys(along).length ? ", with the tasks that you sorted" : "";
    if (!mine.length && !tasks) return tell("There is no answer to save yet.");
    const name = `course-progress-${saved.slice(0, 10)}.json`;
    download(name, JSON.stringify({ kind: FILE_KIND, schema: 1, saved, questions: Object.fromEntries(mine), along }, null, 1), "application/json");
    tell(`${plural(mine.length, "answer")} saved as ${name}${tasks}.`);
  };
  const chosen = async () => {
    const [file] = input.files;
    if (!file) return;
    try {
      if (file.size > MAX_BYTES) throw new Error("it is larger than a file of progress can be.");
      offer(readSaved(await file.text().finally(() => { input.value = ""; }), known));
    } catch (error) {
      input.value = "";
      tell(`Nothing was changed. The file “${file.name}” cannot be used: ${error.message}`);
    }
  };
  function offer({ questions: found, along, others, date }) {
    const n = Object.keys(found).length, here = Object.keys(readProgress().questions).length;
    const take = (change, instead) => () => { writeAlong(along, instead); tell(`${plural(n, "answer")} read from the file.`, changeProgress(change)); };
    const day = date ? ` of ${date.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" })}` : "";
    ask(`The file${day} holds ${plural(n, "answer")} to questions of this course; this browser holds ${here}. `
      + (others ? `${plural(others, "answer")} to questions that this edition does not have will be left out. ` : "")
      + "If you add them, the later answer to each question counts, and the earlier first try.", [
      ["Add them", take((kept) => { for (const [id, entry] of Object.entries(found)) kept[id] = merged(kept[id], entry); }), { "data-main": "" }],
      ["Replace all that is here", take((kept) => { for (const id of Object.keys(kept)) delete kept[id]; Object.assign(kept, found); }, true)],
      ["Cancel", () => tell("Nothing was changed.")]]);
  }
  const input = h("input", { type: "file", accept: ".json,application/json", hidden: true, "aria-label": "A saved file of progress", onChange: chosen });

  // ---- starting again
  const which = h("select", { id: uid("which") }, h("option", { value: "" }, "the whole course"),
    parts.map((part, n) => h("option", { value: String(n) }, part.name)));
  const clear = () => {
    const part = parts[which.value], kept = readProgress().questions, gone = part ? ids(part).filter((id) => kept[id]) : Object.keys(kept);
    const of = part ? `of ${part.name}` : "of the whole course";
    if (!gone.length && (part || !Object.keys(readAlong()).length)) return tell(`There is no answer ${of} to clear.`);
    ask(`Clear ${plural(gone.length, "answer")} ${of} in this browser? This cannot be taken back; a saved file keeps them.`, [
      ["Keep them", () => tell("Nothing was changed.")],
      ["Yes, clear", () => {
        if (!part) writeAlong({}, true);
        tell(`${plural(gone.length, "answer")} cleared.`, changeProgress((all) => { for (const id of gone) delete all[id]; }));
      }]]);
  };

  const heads = ["Part", "Answered", "Right at first try", "To review"].map((name) => h("th", { scope: "col" }, name));
  el.append(frame(model.get("title"), "cw-course", summary,
    h("table", { class: "cw-course-table" }, h("caption", {}, "Practice questions, part by part"), h("thead", {}, h("tr", {}, heads)), body, foot), todo,
    h("div", { class: "cw-bar" }, button("Save as a file", save), button("Read a saved file …", () => input.click()), input),
    h("div", { class: "cw-bar" }, h("label", { for: which.id }, "Start again:"), which, button("Clear …", clear)),
    note, dialog));
  const stop = followProgress(draw);
  draw();
  return stop;
}

export default { render };
