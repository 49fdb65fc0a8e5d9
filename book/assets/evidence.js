/* Evidence in place: a mark opens the sources that it means, a term its definition, beside itself and without leaving the page.
 * The page's own list of sources (book/_ext/course_evidence.py) holds the words. Without this script both are links to their rows. */
(() => {
  "use strict";
  const marks = document.querySelectorAll("a.evidence, a.term");
  if (!marks.length || !("popover" in HTMLElement.prototype)) return;
  const terms = document.querySelector(".page-terms")?.content;
  const SHEET = matchMedia("(max-width: 599px)"), GAP = 6;

  const box = document.createElement("div");
  Object.assign(box, { className: "evidence-box", id: "evidence-box", tabIndex: -1, popover: "auto" });
  box.setAttribute("role", "dialog");
  const close = Object.assign(document.createElement("button"), { type: "button", textContent: "Close", onclick: () => box.hidePopover() });
  const body = document.createElement("div");
  box.append(close, body);
  let opened = null, openBefore = null;

  const named = (mark) => (mark.classList.contains("term") ? `What ${mark.textContent} means` : mark.textContent);
  /** what a mark or a term shows: copies, so that the list at the page's end stays whole */
  const content = (mark) => {
    const found = mark.classList.contains("term")
      ? [...terms.querySelectorAll(`[data-term="${mark.dataset.of}"]`)]
      : mark.dataset.of.split(" ").map((number) => document.getElementById(`source-${number}`));
    return found.map((one) => {
      const copy = document.createElement("div");
      copy.append(...[...one.cloneNode(true).childNodes]);
      return copy;
    });
  };

  const place = () => {
    box.style.cssText = "";
    if (SHEET.matches) return;  // evidence.css lays it along the lower edge
    const mark = opened.getBoundingClientRect(), page = document.documentElement.clientWidth;
    const below = innerHeight - mark.bottom - 2 * GAP, above = mark.top - 2 * GAP;
    const over = box.offsetHeight > below && above > below;
    box.style.maxHeight = `${Math.max(over ? above : below, 160)}px`;
    const top = over ? mark.top - box.offsetHeight - GAP : mark.bottom + GAP;
    box.style.top = `${scrollY + top}px`;
    box.style.left = `${scrollX + Math.max(GAP, Math.min(mark.left - 24, page - box.offsetWidth - GAP))}px`;
  };

  const open = (mark) => {
    opened = mark;
    body.replaceChildren(...content(mark));
    box.setAttribute("aria-label", named(mark));
    mark.after(box);  // so that Tab goes on from here
    mark.focus({ preventScroll: true });  // where the browser leads back to
    box.showPopover();
    place();
    box.scrollTop = 0;
    mark.setAttribute("aria-expanded", "true");
    box.focus({ preventScroll: true });
  };

  for (const mark of marks) {
    mark.setAttribute("role", "button");
    mark.setAttribute("aria-haspopup", "dialog");
    mark.setAttribute("aria-expanded", "false");
    mark.addEventListener("pointerdown", () => { openBefore = box.matches(":popover-open") ? opened : null; });
    mark.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;  // to the row, in a window of its own
      event.preventDefault();
      const again = openBefore === mark || (opened === mark && box.matches(":popover-open"));  // a tap beside the box has closed it already
      openBefore = null;
      if (box.matches(":popover-open")) box.hidePopover();
      if (!again) open(mark);
    });
    mark.addEventListener("keydown", (event) => {
      if (event.key !== " ") return;
      event.preventDefault();
      mark.click();
    });
  }
  box.addEventListener("beforetoggle", (event) => {
    if (event.newState === "closed") opened.setAttribute("aria-expanded", "false");
  });
  box.addEventListener("toggle", (event) => {
    if (event.newState !== "closed") return;
    const now = document.activeElement;  // after a tap on nothing in particular, what lies around the mark
    if (now.contains(opened) || box.contains(now)) opened.focus({ preventScroll: true });
  });
  box.addEventListener("focusout", () => setTimeout(() => {
    const now = document.activeElement;
    if (box.matches(":popover-open") && now !== document.body && now !== opened && !box.contains(now)) box.hidePopover();
  }));
  addEventListener("resize", () => { if (box.matches(":popover-open")) place(); });

  // on paper the list at the page's end is open
  const list = document.querySelector(".page-sources");
  let folded = false;
  addEventListener("beforeprint", () => { folded = Boolean(list) && !list.open; if (folded) list.open = true; });
  addEventListener("afterprint", () => { if (folded) list.open = false; });
})();
