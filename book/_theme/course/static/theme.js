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
}
