// kept.js - the reader's progress with practice questions. It stays in this browser: { schema: 1, questions: { id: entry } }, an entry being
//   first, firstRight, since          the answer of the very first check, whether it was right, and when; nothing later changes it
//   answer, tries, right, done, time  the last round: its last answer, how many checks, right or not, over or not, and when. Another round
//                                     begins when the reader starts the question again, or meets it in a review
const PROGRESS_KEY = "course-progress", PROGRESS_EVENT = "course-progress";

let unkept = null;  // the progress of this page, in a browser that keeps nothing

/** a sound entry with all its fields, or null */
function asEntry(value) {
  const { answer, tries, right = false, done = false, time = "" } = value ?? {};
  const { first = answer, firstRight = right && tries === 1, since = time } = value ?? {};
  const sound = answer != null && first != null && Number.isInteger(tries) && tries > 0
    && [right, done, firstRight].every((flag) => typeof flag === "boolean")
    && [time, since].every((text) => text === "" || (typeof text === "string" && !Number.isNaN(Date.parse(text))));
  return sound ? { first, firstRight, since, answer, tries, right, done, time } : null;
}

function readProgress() {
  if (unkept) return unkept;
  try {
    const kept = JSON.parse(localStorage.getItem(PROGRESS_KEY));
    const entries = kept?.schema === 1 ? Object.entries(kept.questions ?? {}) : [];
    return { schema: 1, questions: Object.fromEntries(entries.map(([id, value]) => [id, asEntry(value)]).filter(([, entry]) => entry)) };
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

// A widget of the subject that keeps something itself uses a key that begins so: it goes into the reader's file with the questions' answers.
const ALONG = "course-along-";

/** {key: text} of all that such widgets keep */
function readAlong() {
  try { return Object.fromEntries(Object.entries(localStorage).filter(([key]) => key.startsWith(ALONG))); } catch { return {}; }
}

/** add what is not here yet; with `instead` everything that is here goes first */
function writeAlong(along, instead = false) {
  try {
    if (instead) for (const key of Object.keys(readAlong())) localStorage.removeItem(key);
    for (const [key, text] of Object.entries(along)) if (localStorage.getItem(key) === null) localStorage.setItem(key, text);
  } catch { /* this browser keeps nothing: changeProgress says so */ }
}

/** a text that the reader has begun and not compared yet: it outlives a reload of the page, not the browser's window */
function readDraft(id) {
  try { return JSON.parse(sessionStorage.getItem(`course-draft-${id}`)); } catch { return null; }
}
function writeDraft(id, answer) {
  try { sessionStorage.setItem(`course-draft-${id}`, JSON.stringify(answer)); } catch { /* this browser keeps nothing */ }
}

/** call fn at each change of the progress, in this page or in another one; returns how to stop */
function followProgress(fn) {
  const other = (event) => { if (event.key === PROGRESS_KEY || event.key === null) fn(); };
  document.addEventListener(PROGRESS_EVENT, fn);
  addEventListener("storage", other);
  return () => { document.removeEventListener(PROGRESS_EVENT, fn); removeEventListener("storage", other); };
}

/** of these questions: how many are answered at all, right at the very first check, to review (not right when last checked) */
function tally(ids, kept) {
  const tried = ids.map((id) => kept[id]).filter(Boolean);
  return {
    all: ids.length,
    done: tried.length,
    first: tried.filter(({ firstRight }) => firstRight).length,
    review: tried.filter(({ right }) => !right).length,
  };
}
