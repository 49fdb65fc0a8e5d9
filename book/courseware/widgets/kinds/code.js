// code.js - write a function: in JupyterLab in a cell of its own, tried on the examples by the kernel; in the book in a text area
KINDS.code = {
  judged: true,
  check: "Show a solution",
  build({ question, changed, model }) {
    return ["graded", "preview"].includes(model.get("mode")) ? inACell(question, model) : onAPage(question, changed);
  },
};

const codeLine = (text) => h("code", {}, text);

/** The examples, and what the reader's own function gives for them once it was tried. */
function exampleTable(question, rows = []) {
  const outcome = ({ right, yours }) => h("td", { "data-right": String(right) },
    h("span", { class: "cw-sign", "aria-hidden": "true" }, right ? "✓" : "✗"),
    h("span", { class: "cw-hidden" }, right ? "as expected: " : "not as expected: "), codeLine(yours));
  const columns = ["Call", "Expected", ...(rows.length ? ["Yours"] : [])];
  return scrolled(h("table", { class: "cw-examples" }, h("caption", {}, `Examples for ${question.function}`),
    h("thead", {}, h("tr", {}, columns.map((name) => h("th", { scope: "col" }, name)))),
    h("tbody", {}, question.examples.map(({ call, expected }, n) => h("tr", {}, h("th", { scope: "row" }, codeLine(call)),
      h("td", {}, codeLine(expected)), rows.length ? outcome(rows[n]) : null)))));
}

function inACell(question, model) {
  const examples = h("div", {}, exampleTable(question)), note = h("p", { class: "cw-hint" });
  const said = h("p", { class: "cw-tried", role: "status" });
  const slow = "No answer yet: the kernel is busy or stopped. To stop a function that does not end, choose Kernel, then Interrupt Kernel.";
  let waiting;
  const tried = (message) => {
    if (message?.type !== "tried") return;
    clearTimeout(waiting);
    examples.replaceChildren(exampleTable(question, message.rows));
    said.dataset.right = String(message.rows.length > 0 && message.rows.every(({ right }) => right));
    say(said, message.text, true);
    note.textContent = message.note;
  };
  model.on("msg:custom", tried);
  const attempt = button("Try the examples", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => say(said, slow), 4000);
    model.send({ type: "try" });
  });
  return {
    node: h("div", {},
      h("p", { class: "cw-hint" }, "Write ", codeLine(question.function), " in the cell above, with all that it needs, and run that cell. ",
        "By keyboard: Escape, arrow up and Enter open the cell, Shift+Enter runs it."),
      examples, h("p", { class: "cw-bar" }, attempt), said, note),
    elsewhere: true,  // the answer is the text of the cell: nothing here to undo or to clear
    stop() { clearTimeout(waiting); model.off("msg:custom", tried); },
    answer: () => model.get("answer"),
    show() {},
    missing: () => "",
  };
}

function onAPage(question, changed) {
  const text = textArea({ label: "Your function", changed, rows: 8, spellcheck: "false", autocapitalize: "off", autocomplete: "off" });
  const solution = h("div", {});
  text.area.classList.add("cw-code");
  text.show(question.starter);
  const untouched = () => ["", question.starter.trim()].includes(text.area.value.trim());
  return {
    node: h("div", {}, exampleTable(question), text.node, solution),
    busy: text.busy,
    stop: text.stop,
    answer: () => (untouched() ? null : text.area.value),
    show: (answer) => text.show(typeof answer === "string" ? answer : question.starter),
    missing: () => (untouched() ? `Write the function ${question.function} first.` : ""),
    lock: (locked) => { text.area.readOnly = locked; },
    mark: (key) => solution.replaceChildren(h("p", { class: "cw-small" }, "A solution"),
      h("pre", { class: "cw-model", tabindex: "0", role: "region", "aria-label": "A solution" }, codeLine(key.solution))),
    unmark: () => solution.replaceChildren(),
  };
}
