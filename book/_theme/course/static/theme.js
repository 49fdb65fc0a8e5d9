/* The page's frame: light or dark, Ctrl+K to the search field, where on the page the reader is. Without it the page still reads and turns. */
{
  const root = document.documentElement, system = matchMedia("(prefers-color-scheme: dark)"), button = document.querySelector(".theme");
  const MODES = { auto: "As the system", light: "Light", dark: "Dark" };
  const storage = { get: (key) => { try { return localStorage.getItem(key); } catch { return null; } }, set: (key, value) => { try { if (value === null) localStorage.removeItem(key); else localStorage.setItem(key, value); } catch { /* refused: it holds for this page */ } } };
  let mode = storage.get("theme") || "auto";
  const show = () => {
    root.dataset.theme = mode === "auto" ? (system.matches ? "dark" : "light") : mode;
    button.lastChild.textContent = MODES[mode];
    button.setAttribute("aria-label", `Colours: ${MODES[mode]}`);
  };
  button.hidden = false;
  button.onclick = () => {
    mode = { auto: "light", light: "dark", dark: "auto" }[mode];
    storage.set("theme", mode === "auto" ? null : mode);
    show();
  };
  system.onchange = show;
  show();

  const field = document.querySelector(".search input");
  addEventListener("keydown", (event) => {
    if (event.key !== "k" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    field.focus();
  });

  document.querySelector(".book .current")?.scrollIntoView?.({ block: "nearest" });
  const links = new Map([...document.querySelectorAll(".here a")].map((link) => [link.hash.slice(1), link]));
  const seen = new IntersectionObserver((entries) => {
    const top = entries.filter((entry) => entry.isIntersecting).at(-1);
    if (!top) return;
    for (const link of links.values()) link.removeAttribute("aria-current");
    links.get(top.target.id)?.setAttribute("aria-current", "true");
  }, { rootMargin: "-15% 0px -75%" });
  for (const section of document.querySelectorAll("article section[id]")) if (links.has(section.id)) seen.observe(section);

  // what scrolls sideways is reached by keyboard
  const reach = () => { for (const box of document.querySelectorAll("article :is(pre, .table-wrapper)")) if (box.scrollWidth > box.clientWidth) box.tabIndex = 0; else box.removeAttribute("tabindex"); };
  addEventListener("resize", reach);
  reach();

  // ---- what is answered: on this page, and a ring for each page in the list ----
  const pages = globalThis.coursePages ?? {}, base = new URL(root.dataset.content_root, location.href);
  const pageOf = (link) => decodeURIComponent(new URL(link.href).pathname.slice(base.pathname.length)).replace(/\.html$/, "");
  const rings = [...document.querySelectorAll(".book a")].map((link) => ({ link, asks: pages[pageOf(link)] })).filter(({ asks }) => asks);
  for (const ring of rings) {
    ring.mark = Object.assign(document.createElement("span"), { className: "ring" });
    ring.said = Object.assign(document.createElement("span"), { className: "visually-hidden" });
    ring.link.append(ring.mark, ring.said);
  }
  const frame = document.querySelector(".frame[data-asks]"), here = frame?.dataset.asks.split(" ").filter(Boolean) ?? [];
  const count = () => {
    let kept = {};
    try { kept = JSON.parse(storage.get("course-progress"))?.questions ?? {}; } catch { /* a file that is none counts for nothing */ }
    const answered = (asks) => asks.filter((id) => kept?.[id]?.tries > 0).length;
    for (const { mark, said, asks } of rings) {
      const done = answered(asks);
      mark.style.setProperty("--done", `${(100 * done) / asks.length}%`);
      mark.dataset.done = done === asks.length ? "all" : done ? "some" : "none";
      said.textContent = done ? `, ${done} of ${asks.length} questions answered` : "";
    }
    if (here.length) frame.querySelector(".answered").textContent = `${answered(here)} of ${here.length} question${here.length > 1 ? "s" : ""} answered`;
  };
  count();
  document.addEventListener("course-progress", count);
  addEventListener("storage", count);

  // ---- the reader's path: chosen by following one of its links; pages before and after are then those of the path ----
  for (const link of document.querySelectorAll("a[data-path]")) link.addEventListener("click", () => storage.set("course-path", link.dataset.path));
  const turn = document.querySelector(".turn[data-paths]");
  const path = JSON.parse(turn?.dataset.paths || "{}")[storage.get("course-path")];
  if (path) {
    for (const which of ["prev", "next"]) {
      const link = turn.querySelector(`[rel=${which}]`);
      if (!link || !path[which]) continue;
      [link.href, link.querySelector("b").textContent] = path[which];
    }
    const step = frame?.querySelector(".step");
    if (step) { step.hidden = false; step.textContent = `${path.title}: step ${path.at} of ${path.of}`; }
  }

  // ---- where the reader left off ----
  const start = document.querySelector(".course-start");
  if (here.length) storage.set("course-last", JSON.stringify([location.href.slice(base.href.length).split(/[?#]/)[0], document.querySelector("h1")?.firstChild?.textContent ?? ""]));
  else if (start) {
    let last = null;
    try { last = JSON.parse(storage.get("course-last")); } catch { /* it was not ours */ }
    if (Array.isArray(last) && pages[String(last[0]).replace(/\.html$/, "")]) {
      const link = Object.assign(document.createElement("a"), { className: "go-on", href: new URL(last[0], base).href, textContent: `Go on: ${last[1]}` });
      start.append(link);
    }
  }
}
