// choices.js - pick any number of options: native checkboxes
KINDS.choices = {
  build(parts) {
    const { options, ...view } = optionList(parts, "checkbox");
    const picked = () => options.filter(({ input }) => input.checked).map(({ id }) => id);
    return {
      ...view,
      answer: () => (picked().length ? picked() : null),
      show: (answer) => { for (const { id, input } of options) input.checked = Array.isArray(answer) && answer.includes(id); },
      missing: () => (picked().length ? "" : "Choose one option or more first."),
      note: () => `${picked().length} selected.`,
      result(key) {
        const correct = key.options.filter((option) => option.correct).map(({ id }) => id);
        const right = picked().filter((id) => correct.includes(id)).length, wrong = picked().length - right;
        return {
          right: right === correct.length && !wrong,
          text: `${right} of ${correct.length} right options chosen, and ${wrong} wrong.`,
        };
      },
    };
  },
};
