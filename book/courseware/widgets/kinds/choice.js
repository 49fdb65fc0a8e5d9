// choice.js - pick one option: native radio buttons

/** The options as native inputs of this type, and how to mark them. Also for choices.js. */
function optionList({ question, name, changed }, type) {
  const options = question.options.map(({ id, text }) => {
    const input = h("input", { type, name, value: id, onChange: changed });
    const node = h("div", { class: "cw-option" }, h("label", {}, input, h("span", {}, inline(text))));
    return { id, input, node };
  });
  return {
    options,
    node: h("div", { class: "cw-options" }, options.map(({ node }) => node)),
    lock: (locked) => { for (const { input } of options) input.disabled = locked; },
    mark(key, all) {
      for (const { id, input, node } of options) {
        if (!all && !input.checked) continue;
        const { correct = false, why } = key.options.find((option) => option.id === id);
        const missed = correct && !input.checked && type === "checkbox";
        const note = reason(uid("why"), correct, missed ? "Correct, but not chosen." : correct ? "Correct." : "Not correct.", why);
        node.append(note);
        node.dataset.right = String(correct);
        input.setAttribute("aria-describedby", note.id);
      }
    },
    unmark() {
      for (const { input, node } of options) {
        node.querySelector(".cw-why")?.remove();
        delete node.dataset.right;
        input.removeAttribute("aria-describedby");
      }
    },
  };
}

KINDS.choice = {
  build(parts) {
    const { options, ...view } = optionList(parts, "radio");
    const picked = () => options.find(({ input }) => input.checked);
    return {
      ...view,
      answer: () => picked()?.id ?? null,
      show: (answer) => { for (const { id, input } of options) input.checked = id === answer; },
      missing: () => (picked() ? "" : "Choose one option first."),
      result(key) {
        const right = Boolean(key.options.find((option) => option.id === picked()?.id)?.correct);
        return { right, text: right ? "Correct." : "Not correct." };
      },
    };
  },
};
