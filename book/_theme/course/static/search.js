/* The search page: sections of the book, ranked, while the reader types. All of it happens in the browser, from files too. */
{
  const { documents, words, pages } = globalThis.courseSearch ?? { documents: [], words: {}, pages: {} };
  const form = document.querySelector(".find"), field = form.querySelector("input");
  const said = document.querySelector(".found"), list = document.querySelector(".results");
  const plain = (text) => text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");
  const STOP = new Set("a an and are as at be by do does for from how i in is it me my of on or the to was what when where which who why will with you your meaning mean means".split(" "));
  const terms = (text) => plain(text).split(/[^\p{L}\p{N}%&+]+/u).filter(Boolean);
  const engine = globalThis.MiniSearch && new globalThis.MiniSearch({
    fields: ["title", "heading", "text"], storeFields: ["page", "title", "heading", "part", "text"],
    tokenize: terms, processTerm: (term) => (STOP.has(term) ? null : term),
    searchOptions: {
      boost: { title: 8, heading: 4 }, combineWith: "AND", prefix: (term) => term.length > 2,
      fuzzy: (term) => (term.length > 7 ? 2 : term.length > 4 ? 1 : false), maxFuzzy: 2, weights: { fuzzy: 0.3, prefix: 0.5 },
    },
  });
  engine?.addAll(documents);

  const escaped = (term) => term.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");

  /** The reader's phrases that the book has other words for, and the pages that some of them name. */
  const meant = (query) => {
    const typed = ` ${terms(query).join(" ")} `, bare = terms(query).filter((term) => !STOP.has(term)).join(" ");
    const holds = (phrase) => typed.includes(` ${phrase} `);
    const other = Object.keys(words).filter(holds).reduce((text, phrase) => text.replace(` ${phrase} `, ` ${words[phrase]} `), typed);
    const named = Object.keys(pages).filter(holds).sort((a, b) => b.length - a.length);
    const whole = pages[bare] ?? [];
    return { queries: [...new Set([typed.trim(), other.trim()])], first: [...new Set([...whole, ...named.flatMap((phrase) => pages[phrase])])] };
  };

  const search = (query) => {
    const { queries, first } = meant(query), best = new Map(), known = (term) => STOP.has(term) || term.length < 5;
    const take = (options) => {
      for (const one of queries) for (const hit of engine.search(one, options)) if ((best.get(hit.id)?.score ?? 0) < hit.score) best.set(hit.id, hit);
    };
    take({});
    if (!best.size) take({ combineWith: "OR" });
    // a word that is spelt otherwise here: the pages that it names come first too
    const top = [...best.values()].reduce((a, b) => (a && a.score >= b.score ? a : b), null);
    const spelt = terms(query).map((term) => (known(term) || top?.terms.includes(term) ? term : top?.terms.find((other) => other[0] === term[0] && Math.abs(other.length - term.length) < 3) ?? term)).join(" ");
    for (const page of meant(spelt).first) if (!first.includes(page)) first.push(page);
    const byPage = new Map();
    for (const hit of [...best.values()].sort((a, b) => b.score - a.score)) byPage.set(hit.page, [...(byPage.get(hit.page) ?? []), hit]);
    const weight = (page) => (/^book\/(reference|teaching)\//.test(page) ? 0.4 : 1) * (/\/(review|progress)$/.test(page) ? 0.5 : 1);
    const score = (page, hits) => hits[0].score * weight(page) + (first.includes(page) ? 1000 - first.indexOf(page) : 0);
    for (const page of first) if (!byPage.has(page)) byPage.set(page, documents.filter((one) => one.page === page).slice(0, 1).map((one) => ({ ...one, score: 1, terms: [] })));
    return [...byPage].filter(([, hits]) => hits.length).sort(([a, x], [b, y]) => score(b, y) - score(a, x));
  };

  const marked = (text, found) => {
    const at = Math.max(0, Math.min(...found.map((term) => plain(text).search(new RegExp(`\\b${escaped(term)}`, "u"))).filter((place) => place >= 0), text.length));
    const from = at === text.length ? 0 : text.lastIndexOf(" ", Math.max(0, at - 60)) + 1, part = text.slice(from, from + 180);
    const shown = document.createElement("p");
    shown.append(from ? "… " : "");
    const sign = found.length ? new RegExp(`(${found.map((term) => escaped(term)).sort((a, b) => b.length - a.length).join("|")})`, "giu") : null;
    for (const [n, piece] of (sign ? part.split(sign) : [part]).entries()) shown.append(n % 2 ? Object.assign(document.createElement("mark"), { textContent: piece }) : piece);
    shown.append(from + 180 < text.length ? " …" : "");
    return shown;
  };

  const address = (hit) => `${document.documentElement.dataset.content_root}${hit.page}.html${hit.id.slice(hit.page.length) === "#" ? "" : hit.id.slice(hit.page.length)}`;
  const link = (hit, text) => Object.assign(document.createElement("a"), { href: address(hit), textContent: text });

  const show = () => {
    const query = field.value.trim();
    list.replaceChildren();
    if (!query) { said.textContent = ""; return; }
    if (!engine) { said.textContent = "The search could not start. Every page of the book stands in the list of contents."; return; }
    const found = search(query).slice(0, 12);
    said.textContent = found.length
      ? `${found.length}${found.length === 12 ? " or more" : ""} page${found.length > 1 ? "s" : ""} for “${query}”`
      : `Nothing found for “${query}”. Try one word only, another spelling, or a word of the subject such as pay, cost or market; the glossary lists the terms.`;
    for (const [, hits] of found) {
      const item = document.createElement("li"), head = document.createElement("h2");
      head.append(link({ ...hits[0], id: `${hits[0].page}#` }, hits[0].title));
      const part = Object.assign(document.createElement("small"), { textContent: hits[0].part });
      item.append(head, part, marked(hits[0].text, hits[0].terms ?? []));
      const under = hits.filter((hit) => hit.heading).slice(0, 3);
      if (under.length) {
        const below = document.createElement("p");
        below.className = "under";
        under.forEach((hit) => below.append(link(hit, hit.heading), " "));
        item.append(below);
      }
      list.append(item);
    }
  };

  form.hidden = false;
  field.value = new URLSearchParams(location.search).get("q") ?? "";
  let waiting = 0;
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      try { history.replaceState(null, "", `?${new URLSearchParams({ q: field.value })}`); } catch { /* a browser may refuse it for a file */ }
      show();
    }, 150);
  });
  form.addEventListener("submit", (event) => { event.preventDefault(); show(); });
  show();
}
