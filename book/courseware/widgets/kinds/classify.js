// classify.js - put each item in a category: a table of radio buttons, or (narrow, or many categories) a list of selects
const TABLE_WIDTH = 520, TABLE_CATEGORIES = 4;

KINDS.classify = {
  build({ question, name, changed }) {
    const categories = Object.entries(question.categories), items = question.items;
    const node = h("div", { class: "cw-classify" });
    let placed = {}, marks = {}, locked = false, layout = "";
    const place = (item, category) => {
      const { [item]: _, ...others } = placed;
      placed = category ? { ...others, [item]: category } : others;
      changed();
    };

    // Each layout is drawn whole from `placed`, `marks` and `locked`: there is one truth, and only one layout in the page.
    const table = () => h("table", { class: "cw-sorting" },
      h("caption", {}, "One category for each row."),
      h("thead", {}, h("tr", {}, h("td", {}), categories.map(([, label]) => h("th", { scope: "col" }, inline(label))))),
      h("tbody", {}, items.map((item) => h("tr", { "data-item": item.id }, h("th", { scope: "row" }, h("span", {}, inline(item.text))),
        categories.map(([id, label]) => h("td", {}, h("label", {},
          h("input", { type: "radio", name: `${name}-${item.id}`, value: id, onChange: () => place(item.id, id) }),
          h("span", { class: "cw-hidden" }, `${plain(item.text)}: ${plain(label)}`))))))));
    const list = () => h("ul", { class: "cw-sorting" }, items.map((item) => {
      const id = uid("item");
      const select = h("select", { id, onChange: () => place(item.id, select.value) },
        h("option", { value: "" }, "Choose …"), categories.map(([value, label]) => h("option", { value }, plain(label))));
      return h("li", { "data-item": item.id }, h("label", { for: id }, inline(item.text)), select);
    }));
    const plain = (text) => inline(text).map((piece) => piece.textContent ?? piece).join("");
    const row = (id) => node.querySelector(`[data-item="${id}"]`);

    function draw() {
      for (const { id } of items) {
        const at = row(id), mark = marks[id];
        for (const input of at.querySelectorAll("input")) { input.checked = input.value === placed[id]; input.disabled = locked; }
        for (const select of at.querySelectorAll("select")) { select.value = placed[id] ?? ""; select.disabled = locked; }
        at.querySelector(".cw-why")?.remove();
        delete at.dataset.right;
        if (!mark) continue;
        at.dataset.right = String(mark.right);
        (at.querySelector("th") ?? at).append(reason(uid("why"), mark.right, mark.word, mark.why));
      }
    }
    function fit(width) {
      const wanted = width >= TABLE_WIDTH && categories.length <= TABLE_CATEGORIES ? "table" : "list";
      if (wanted === layout) return;
      const focused = node.contains(document.activeElement) ? document.activeElement.closest("[data-item]")?.dataset.item : null;
      layout = wanted;
      node.replaceChildren(layout === "table" ? table() : list());
      draw();
      if (focused) (row(focused).querySelector("input:checked") ?? row(focused).querySelector("input, select"))?.focus();
    }
    fit(TABLE_WIDTH);
    new ResizeObserver(([entry]) => { if (entry.contentRect.width) fit(entry.contentRect.width); }).observe(node);

    const right = (key) => key.items.filter(({ id, answer }) => placed[id] === answer).length;
    return {
      node,
      answer: () => (Object.keys(placed).length ? placed : null),
      show(answer) {
        const known = items.filter(({ id }) => answer?.[id] in question.categories);
        placed = Object.fromEntries(known.map(({ id }) => [id, answer[id]]));
        draw();
      },
      missing() {
        const left = items.length - Object.keys(placed).length;
        if (left === items.length) return "Place each item first.";
        return left ? `${left} of ${items.length} items ${left === 1 ? "is" : "are"} not placed yet.` : "";
      },
      lock(now) { locked = now; draw(); },
      mark(key, all) {
        for (const { id, answer, why } of key.items) {
          const good = placed[id] === answer;
          const wrong = all ? `Not correct. It belongs under “${plain(question.categories[answer])}”.` : "Not correct: look again.";
          const word = good ? "Right." : wrong;
          marks[id] = { right: good, word, why: good || all ? why : "" };
        }
        draw();
      },
      unmark() { marks = {}; draw(); },
      result: (key) => ({ right: right(key) === items.length, text: `${right(key)} of ${items.length} items placed correctly.` }),
    };
  },
};
