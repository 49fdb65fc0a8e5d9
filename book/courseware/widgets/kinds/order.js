// order.js - put items in order with two buttons an item. The focus stays on the button of the item that moved.

/** the longest run of items, by index, that stand in the right order to each other: as longest_run in kinds/order.py */
function longestRun(places) {
  const runs = [];
  const longest = (found) => found.reduce((best, run) => (run.length > best.length ? run : best), []);
  places.forEach((place, n) => runs.push([...longest(runs.filter((_, k) => places[k] < place)), n]));
  return longest(runs);
}

KINDS.order = {
  build({ question, changed }) {
    const words = (text) => inline(text).map((piece) => piece.textContent ?? piece).join("");
    let touched = false, said = "";
    const rows = question.items.map(({ id, text }) => {
      const move = (sign, name, step) => h("button",
        { type: "button", class: "cw-button", "aria-label": `${name}: ${words(text)}`, onClick: () => shift(row, step) },
        h("span", { "aria-hidden": "true" }, sign));
      const up = move("↑", "Move up", -1), down = move("↓", "Move down", 1), buttons = h("span", { class: "cw-moves" }, up, down);
      const row = { id, text: words(text), up, down, buttons };
      row.node = h("li", { class: "cw-option", "data-item": id }, h("span", { class: "cw-item" }, inline(text)), buttons);
      return row;
    });
    const list = h("ol", { class: "cw-order", role: "list" });
    const settle = quiet("This is my order", () => {
      if (touched) return;
      touched = true;
      said = "This is your order.";
      draw();
      changed();
    });
    settle.addEventListener("blur", () => { settle.hidden = touched || locked; });
    let order = rows, locked = false;

    function draw() {
      // only rows that stand elsewhere are moved: a row that is moved in the page loses its focus
      order.forEach(({ node }, n) => { if (list.children[n] !== node) list.insertBefore(node, list.children[n] ?? null); });
      order.forEach(({ up, down, buttons }, n) => {
        up.setAttribute("aria-disabled", String(n === 0));
        down.setAttribute("aria-disabled", String(n === order.length - 1));
        buttons.hidden = locked;
      });
      settle.setAttribute("aria-disabled", String(touched));
      settle.hidden = locked || (touched && document.activeElement !== settle);  // a focused button stays, or the focus would be lost
    }
    function shift(row, step) {
      const from = order.indexOf(row), to = from + step;
      if (to < 0 || to >= order.length) return;
      const other = order[to].node;
      if (step < 0) row.node.after(other); else row.node.before(other);  // the neighbour moves, so the focus stays
      order = order.with(from, order[to]).with(to, row);
      touched = true;
      draw();
      said = `${row.text}, now ${to + 1} of ${order.length}.`;
      changed();
    }
    const run = (key) => {
      const right = key.items.map(({ id }) => id);
      return longestRun(order.map(({ id }) => right.indexOf(id))).map((n) => order[n].id);
    };
    draw();
    return {
      node: h("div", {}, list, settle),
      answer: () => (touched ? order.map(({ id }) => id) : null),
      show(answer) {
        const known = Array.isArray(answer) ? answer.map((id) => rows.find((row) => row.id === id)).filter(Boolean) : [];
        touched = known.length > 0;
        order = [...new Set([...known, ...rows])];
        said = "";
        draw();
      },
      missing: () => (touched ? "" : "Put the items in order first, or press “This is my order”."),
      note: () => said,
      lock(now) { locked = now; draw(); },
      mark(key, all) {
        const stand = run(key);
        for (const { id, node } of rows) {
          const good = stand.includes(id), place = key.items.findIndex((item) => item.id === id);
          const word = all ? `${good ? "In order" : "Not in order"}. Its place is ${place + 1}.` : good ? "Fits." : "Look again.";
          node.append(reason(uid("why"), good, word, all ? key.items[place].why : ""));
          node.dataset.right = String(good);
        }
      },
      unmark() {
        for (const { node } of rows) {
          node.querySelector(".cw-why")?.remove();
          delete node.dataset.right;
        }
      },
      result: (key) => ({
        right: run(key).length === rows.length,
        text: `${run(key).length} of ${rows.length} items stand in the right order.`,
      }),
    };
  },
};
