// artefact.js (a kind) - mark the faulty parts of an artefact, fill a form about it, or both. Scoring follows kinds/artefact.py.
const LONG_OPTION = 32;  // longer ones would be cut in a closed list

/** one of a field's options: a list to open, or radio buttons where an option is long */
function chooser(field, id, onChange) {
  const options = Object.entries(field.options);
  if (options.every(([, text]) => text.length <= LONG_OPTION)) {
    const select = h("select", { id, onChange }, h("option", { value: "" }, "Choose …"), options.map(([value, text]) => h("option", { value }, text)));
    return {
      node: h("div", { class: "cw-form-field" }, h("label", { for: id }, inline(field.text)), select),
      value: () => select.value,
      show: (value) => { select.value = typeof value === "string" && value in field.options ? value : ""; },
      lock: (locked) => { select.disabled = locked; },
    };
  }
  const radios = options.map(([value, text]) => ({ value, text, input: h("input", { type: "radio", name: id, value, onChange }) }));
  return {
    node: h("div", { class: "cw-form-field cw-long", role: "group", "aria-labelledby": id }, h("p", { id }, inline(field.text)),
      h("div", { class: "cw-options" }, radios.map(({ text, input }) => h("div", { class: "cw-option" }, h("label", {}, input, h("span", {}, text)))))),
    value: () => radios.find(({ input }) => input.checked)?.value ?? "",
    show: (value) => { for (const { value: own, input } of radios) input.checked = own === value; },
    lock: (locked) => { for (const { input } of radios) input.disabled = locked; },
  };
}

KINDS.artefact = {
  drafts: true,
  build({ question, name, changed }) {
    const labels = Object.entries(question.labels ?? {}), single = labels.length === 1;
    const controls = new Map();
    let last = "";

    // ---- marks
    const control = (id, where) => {
      if (!labels.length) return null;
      const tell = () => { const n = Object.keys(marks()).length; last = `${n} ${n === 1 ? "mark" : "marks"}.`; changed(); };
      const input = single
        ? h("input", { type: "checkbox", name, value: id, onChange: tell })
        : h("select", { "aria-label": `Mark: ${where}`, onChange: tell },
          h("option", { value: "" }, question.unmarked ?? "No mark"), labels.map(([value, text]) => h("option", { value }, text)));
      controls.set(id, {
        input,
        get: () => (single ? (input.checked ? labels[0][0] : "") : input.value),
        set: (label) => { if (single) input.checked = label === labels[0][0]; else input.value = label ?? ""; },
      });
      return single
        ? h("label", { class: "cw-choice cw-mark" }, input, h("span", {}, labels[0][1], h("span", { class: "cw-hidden" }, `: ${where}`)))
        : h("div", { class: "cw-mark" }, input);
    };
    const { node: pieces, parts } = drawPieces(question.artefact, control);
    const marks = () => Object.fromEntries([...controls].map(([id, { get }]) => [id, get()]).filter(([, label]) => label));
    const flag = () => { for (const [id, { get }] of controls) parts.get(id).node.toggleAttribute("data-marked", Boolean(get())); };

    // ---- the form
    const fields = question.fields.map((field) => {
      if (field.options) {
        const { node, value, show, lock } = chooser(field, uid("field"), () => { last = ""; changed(); });
        const told = h("div", {});
        node.append(told);
        return {
          field, node, show, lock,
          answer: () => value() || null,
          problem: () => "",
          right: (key) => value() === key.answer,
          mark(key, all) {
            const right = value() === key.answer, word = right ? "Right." : all ? `Not correct. It is “${field.options[key.answer]}”.` : "Not correct: look again.";
            node.dataset.right = String(right);
            told.replaceChildren(reason(uid("why"), right, word, right || all ? key.why : ""));
          },
          unmark: () => { told.replaceChildren(); delete node.dataset.right; },
        };
      }
      const view = KINDS.number.build({ question: { unit: field.unit, label: field.text, hint: false }, changed: () => { last = ""; changed(); } });
      return {
        ...view, field,
        node: h("div", { class: "cw-form-field" }, view.node),
        problem: view.missing,
        right: (key) => view.answer() !== null && !readNumber(view.answer(), field.unit).problem && view.result(key).right,
      };
    });
    const form = fields.length ? h("div", { class: "cw-form", role: "group", "aria-label": "Your form" }, fields.map(({ node }) => node)) : null;

    // ---- around it
    const rules = (question.rules ?? []).length
      ? h("details", { class: "cw-rules", open: true }, h("summary", {}, "The rules of this desk"), h("ol", {}, question.rules.map((rule) => h("li", {}, inline(rule)))))
      : null;
    const model = h("div", { class: "cw-model", hidden: true });
    const node = h("div", { class: "cw-artefact", "data-side": question.side }, h("p", { class: "cw-setting" }, inline(question.setting)), rules, pieces, form, model);
    const keyOf = (key, { field }) => key.fields.find(({ id }) => id === field.id);
    const counts = (key) => {
      const given = marks(), faults = Object.fromEntries(key.faults.map(({ at, label }) => [at, label]));
      const right = key.faults.filter(({ at, label }) => given[at] === label).length;
      return { given, faults, right, near: Object.keys(given).filter((id) => id in faults).length - right, wrong: Object.keys(given).filter((id) => !(id in faults)).length };
    };
    const explain = (id, right, word, why) => {
      const { told, refresh, node: at } = parts.get(id);
      told.replaceChildren(reason(uid("why"), right, word, why));
      at.dataset.right = String(right);
      refresh(true);
    };

    return {
      node,
      answer() {
        const given = marks(), filled = Object.fromEntries(fields.map((one) => [one.field.id, one.answer()]).filter(([, value]) => value !== null));
        const whole = { ...(Object.keys(given).length && { marks: given }), ...(Object.keys(filled).length && { fields: filled }) };
        flag();
        return Object.keys(whole).length ? whole : null;
      },
      show(answer) {
        for (const [id, { set }] of controls) set(labels.some(([label]) => label === answer?.marks?.[id]) ? answer.marks[id] : "");
        for (const one of fields) one.show(answer?.fields?.[one.field.id] ?? null);
        flag();
      },
      busy: () => fields.some((one) => one.busy?.()),
      stop: () => fields.forEach((one) => one.stop?.()),
      note: () => last,
      missing() {
        if (labels.length && !Object.keys(marks()).length) return "Mark at least one part first.";
        const left = fields.filter((one) => one.answer() === null).length;
        if (left) return `${left} of ${fields.length} fields ${left === 1 ? "is" : "are"} empty.`;
        const broken = fields.find((one) => one.problem());
        return broken ? `${broken.field.text}: ${broken.problem()}` : "";
      },
      lock(locked) {
        for (const { input } of controls.values()) input.disabled = locked;
        for (const one of fields) one.lock(locked);
      },
      mark(key, all) {
        if (labels.length || all) {
          const { given, faults } = counts(key), of = (label) => question.labels?.[label] ?? "";
          for (const { at, label, why } of key.faults) {
            if (labels.length && given[at] === label) explain(at, true, "Found.", why);
            else if (all) explain(at, false, labels.length ? (given[at] ? `Found, but it is “${of(label)}”.` : `Not marked: “${of(label)}”.`) : "A fault.", why);
            else if (given[at]) explain(at, false, "There is a fault here, with another label.", "");
          }
          for (const id of Object.keys(given)) {
            if (!(id in faults)) explain(id, false, "No fault here.", key.sound.find(({ at }) => at === id)?.why ?? (all ? key.others : ""));
          }
          if (all) for (const { at, why } of key.sound) if (!given[at]) explain(at, true, "In order.", why);
        }
        for (const one of fields) one.mark(keyOf(key, one), all);
        model.hidden = !all;
        if (all) model.replaceChildren(h("p", {}, h("strong", {}, "The model answer")), h("p", {}, inline(key.model)), h("p", {}, h("strong", {}, "All the rest. "), inline(key.others)));
      },
      unmark() {
        for (const { told, refresh, node: at } of parts.values()) { told.replaceChildren(); delete at.dataset.right; refresh(false); }
        for (const one of fields) one.unmark();
        model.hidden = true;
      },
      result(key) {
        const { right, near, wrong } = counts(key), filled = fields.filter((one) => one.right(keyOf(key, one))).length;
        const said = [`${right} of ${key.faults.length} faults marked right`, near ? `${near} with another label` : "",
          wrong ? `${wrong} mark${wrong === 1 ? "" : "s"} on sound parts` : ""].filter(Boolean).join(", ");
        const text = [labels.length ? `${said}.` : "", fields.length ? `${filled} of ${fields.length} fields right.` : ""].filter(Boolean).join(" ");
        return { right: (!labels.length || (right === key.faults.length && !wrong)) && filled === fields.length, text };
      },
    };
  },
};
