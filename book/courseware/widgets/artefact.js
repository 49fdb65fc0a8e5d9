// artefact.js - a piece of work as it lies on a desk: a chat, a table, a document or a record. One part of it (a turn, a row, a passage)
// may carry a control; what is said of a part stands under it. kinds/_pieces.py says what a piece looks like.

/** number cells as one reads them: with thousands marks, and as many decimals as the longest of the column */
function cellTexts(piece) {
  return piece.columns.map((_, n) => {
    const cells = piece.rows.map((row) => row[n + 1]), numeric = cells.every((cell) => typeof cell === "number" || cell === "") && cells.some((cell) => cell !== "");
    const digits = Math.max(0, ...cells.filter((cell) => typeof cell === "number").map((cell) => String(cell).split(".")[1]?.length ?? 0));
    const shown = (cell) => (typeof cell === "number" && numeric
      ? cell.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits }) : String(cell));
    return { numeric, texts: cells.map(shown) };
  });
}

const DRAW_PIECE = {
  /** control(id, name) -> a node or null; part(id, element, told) tells where a part is and where its reasons go */
  chat(piece, control, part) {
    const first = Object.keys(piece.people)[0];
    return h("ol", { class: "cw-chat" }, piece.turns.map((turn, n) => {
      const told = h("div", {}), name = `turn ${n + 1}, ${piece.people[turn.who]}, ${turn.at}`;
      const node = h("li", { "data-part": turn.id, "data-who": turn.who === first ? "first" : "other" },
        h("p", { class: "cw-who" }, h("strong", {}, piece.people[turn.who]), ` ${turn.at}`),
        h("p", { class: "cw-said" }, inline(turn.text)), piece.only?.includes(turn.who) ?? true ? control(turn.id, name) : null, told);
      part(turn.id, node, told);
      return node;
    }));
  },

  table(piece, control, part) {
    const columns = cellTexts(piece), count = h("span", { role: "status" });
    const moves = Array.isArray(piece.filter);  // without it the order of the rows means something
    const heads = piece.columns.map((name, n) => h("th", { scope: "col", role: "columnheader", "data-number": columns[n].numeric || null },
      moves ? h("button", { type: "button", onClick: () => sort(n) }, name, h("span", { "aria-hidden": "true" })) : name));
    const rows = piece.rows.map(([id], r) => {
      const told = h("td", { role: "cell", colspan: columns.length });
      const below = h("tr", { class: "cw-told", role: "row", hidden: true }, told);
      // the control stands under the row's name, so that a table that scrolls sideways takes it along
      const [head, ...others] = columns.map(({ texts }) => texts[r]), name = `${piece.columns[0]} ${head}`;
      const node = h("tr", { role: "row", "data-part": id }, h("th", { scope: "row", role: "rowheader" }, h("span", {}, inline(head)), control(id, name)),
        others.map((text, n) => h("td", { role: "cell", "data-number": columns[n + 1].numeric || null, "data-label": piece.columns[n + 1],
          "data-empty": text === "" || null }, inline(text))));
      part(id, node, told, (filled) => { below.hidden = !filled || node.hidden; });
      return { node, below, told, n: r };
    });
    const body = h("tbody", { role: "rowgroup" });
    let by = -1, down = false;
    const value = (row, n) => piece.rows[row.n][n + 1];
    function draw() {
      const wanted = filters.map((select) => select.value);
      let shown = 0;
      for (const row of rows) {
        const fits = filters.every((select, f) => !wanted[f] || String(value(row, Number(select.dataset.column))) === wanted[f]);
        row.node.hidden = !fits;
        row.below.hidden = !fits || !row.told.hasChildNodes();
        shown += fits;
      }
      const order = by < 0 ? rows : [...rows].sort((a, b) => {
        const [one, other] = [value(a, by), value(b, by)];
        const least = typeof one === "number" && typeof other === "number" ? one - other : String(one).localeCompare(String(other), "en", { numeric: true });
        return (down ? -least : least) || a.n - b.n;
      });
      body.append(...order.flatMap((row) => [row.node, row.below]));
      heads.forEach((head, n) => { if (n === by) head.setAttribute("aria-sort", down ? "descending" : "ascending"); else head.removeAttribute("aria-sort"); });
      say(count, `${shown} of ${rows.length} rows shown.`);
    }
    function sort(n) {
      [by, down] = by !== n ? [n, false] : down ? [-1, false] : [n, true];  // up, down, as it came
      draw();
    }
    const filters = (piece.filter ?? []).map((name) => {
      const n = piece.columns.indexOf(name), values = [...new Set(piece.rows.map((row) => String(row[n + 1])))].filter(Boolean).sort();
      return h("select", { "data-column": n, onChange: draw }, h("option", { value: "" }, "all"), values.map((one) => h("option", { value: one }, one)));
    });
    const picks = filters.map((select, f) => h("label", { class: "cw-filter" }, `${piece.filter[f]} `, select));
    const table = h("table", { class: "cw-rows", role: "table", "data-wide": piece.columns.length > 7 || null }, h("caption", { class: "cw-hidden" }, piece.title),
      h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, heads)), body);
    draw();
    return [moves ? h("div", { class: "cw-bar cw-filters" }, picks, count) : null, scrolled(table)];
  },

  document: (piece, control, part) => piece.sections.map((section) => [
    h("p", { class: "cw-heading" }, h("strong", {}, inline(section.heading))),
    section.passages.map((passage, n) => {
      const told = h("div", {}), node = h("div", { class: "cw-passage", "data-part": passage.id }, h("p", {}, inline(passage.text)),
        control(passage.id, `${section.heading}, passage ${n + 1}`), told);
      part(passage.id, node, told);
      return node;
    }),
  ]),

  record: (piece, control, part) => piece.sections.map((section) => [
    h("p", { class: "cw-heading" }, h("strong", {}, inline(section.heading))),
    section.passages.map((passage) => {
      const told = h("div", {}), node = h("div", { class: "cw-passage cw-entry", "data-part": passage.id },
        h("p", {}, h("strong", {}, inline(passage.label)), h("span", {}, inline(passage.text))), control(passage.id, passage.label), told);
      part(passage.id, node, told);
      return node;
    }),
  ]),
};

/** The pieces in their frames. control(id, name) draws the control of a part; returns { node, parts: Map id -> {node, told, refresh} } */
function drawPieces(pieces, control) {
  const parts = new Map();
  const part = (id, node, told, refresh = () => {}) => parts.set(id, { node, told, refresh });
  const node = h("div", { class: "cw-pieces" }, pieces.map((piece) => {
    const title = h("p", { id: uid("piece"), class: "cw-piece-title" }, h("strong", {}, piece.title), h("span", { class: "cw-invented" }, "invented"));
    return h("div", { class: "cw-piece", role: "group", "aria-labelledby": title.id, "data-form": piece.form }, title,
      piece.note ? h("p", { class: "cw-hint" }, inline(piece.note)) : null,
      DRAW_PIECE[piece.form](piece, piece.fixed ? () => null : control, part));
  }));
  return { node, parts };
}
