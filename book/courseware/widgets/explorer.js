// explorer.js - what explorers share: the result that stays in sight above its controls, and the state in the page's address

/** The result above the controls that move it: it stays in sight as long as one of them does. */
function bench(result, ...controls) {
  const stage = h("div", { class: "cw-stage" }, result), node = h("div", { class: "cw-bench" }, stage, h("div", { class: "cw-below" }, controls));
  // a control that gets the focus scrolls out from under the result (widgets.css)
  new ResizeObserver(() => node.style.setProperty("--cw-stage", `${stage.offsetHeight}px`)).observe(stage);
  return node;
}

// ---- the state in the address: how a value is written as text, and what of a text is a value (else undefined) ----
const within = (min, max, whole = false) => ({ write: String, read(text) {
  const value = text.trim() === "" ? NaN : Number(text);
  return value >= min && value <= max && (!whole || Number.isInteger(value)) ? value : undefined;
} });
const oneOf = (...values) => ({ write: String, read: (text) => values.find((value) => String(value) === text) });
const yesNo = oneOf(true, false);
/** ids in the order of `known`, "all" for all of them */
const someOf = (known) => ({
  write: (ids) => (ids.length === known.length ? "all" : ids.join(".")),
  read(text) {
    const found = text === "all" ? [...known] : known.filter((id) => text.split(".").includes(id));
    return found.length || text === "" ? found : undefined;
  },
});

/** An explorer's state in the address, as #name?key=value&...: only what differs from how the page began, and nothing in JupyterLab, where
 *  the notebook keeps it. `parts` has for each key how it is written and read; what is no trait of the model, get() and set() too.
 *  What an address says that cannot be is as if it were not there.
 *  save() after every change; reset() as the page began; link() -> the whole address; begin(node) takes the address up and follows it, returns how to stop. */
function viewState(model, name, parts) {
  const inBook = Boolean(globalThis.courseHost?.book);
  const all = Object.entries(parts).map(([key, part]) => ({ key, get: () => model.get(key), ...part }));
  const first = Object.fromEntries(all.map(({ key, get }) => [key, get()]));
  const take = (values) => {
    put(model, Object.fromEntries(all.filter(({ set }) => !set).map(({ key }) => [key, values[key]])));
    for (const { key, set } of all) set?.(values[key]);
  };
  const changed = () => new URLSearchParams(all.filter(({ key, get, write }) => write(get()) !== write(first[key])).map(({ key, get, write }) => [key, write(get())]));
  const bare = () => location.href.split("#")[0], mine = () => location.hash.startsWith(`#${name}?`);
  const link = () => (String(changed()) ? `${bare()}#${name}?${changed()}` : bare());
  function restore() {
    if (!mine()) return false;
    const said = new URLSearchParams(location.hash.slice(name.length + 2));
    take(Object.fromEntries(all.map(({ key, read }) => [key, (said.has(key) ? read(said.get(key), said) : undefined) ?? first[key]])));
    return true;
  }
  let waiting;
  const write = () => {
    clearTimeout(waiting);
    try { if (mine() || link() !== bare()) history.replaceState(history.state, "", link()); } catch { /* a browser may refuse, when it is asked too often */ }
  };
  return {
    inBook, link,
    reset() { take(first); if (inBook) write(); },
    save() {  // when the reader pauses: browsers limit how often an address may change
      clearTimeout(waiting);
      if (inBook) waiting = setTimeout(write, 200);
    },
    begin(node) {
      if (!inBook) return () => {};
      if (restore()) node.scrollIntoView();
      addEventListener("hashchange", restore);
      return () => { clearTimeout(waiting); removeEventListener("hashchange", restore); };
    },
  };
}

/** the row under an explorer: a link to what is shown (in the book), files, reset. quiet() takes back what it has said */
function tools(state, ...buttons) {
  const told = h("span", { class: "cw-note", role: "status" });
  const box = h("input", { class: "cw-link", type: "text", readonly: "", "aria-label": "Link to this view", hidden: true, onFocus: () => box.select() });
  const copy = async () => {
    box.value = state.link();
    box.hidden = await copyText(box.value);
    told.textContent = box.hidden ? "The link is on the clipboard." : "Copy the link from the box.";
    if (!box.hidden) box.focus();
  };
  const node = h("div", { class: "cw-bar cw-tools" }, state.inBook && button("Copy link to this view", copy), buttons, told, box);
  return { node, quiet() { told.textContent = ""; box.hidden = true; } };
}
