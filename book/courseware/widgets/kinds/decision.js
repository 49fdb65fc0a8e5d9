// decision.js - weigh the criteria, read the ranking, choose. The arithmetic is that of kinds/decision.py, held equal by a test.
const CLOSE = 1e-9, HIGHEST = 10, LEVEL = 5, REST = 1000;
const sumOf = (numbers) => numbers.reduce((sum, number) => sum + number, 0);

/** { id, score, rank } of every option, the best first: the weighted mean of its scores; equal scores share a rank */
function rankOptions(options, weights) {
  const whole = sumOf(Object.values(weights));
  const mean = (scores) => sumOf(Object.entries(weights).map(([name, weight]) => weight * scores[name])) / whole;
  const rows = options.map(({ id, scores }) => ({ id, score: mean(scores) }));
  rows.sort((a, b) => b.score - a.score);
  rows.forEach((row, n) => { row.rank = n && rows[n - 1].score - row.score <= CLOSE ? rows[n - 1].rank : n + 1; });
  return rows;
}

/** which of the conditions hold for these weights */
function conditionsHeld({ options, conditions }, weights) {
  const whole = sumOf(Object.values(weights)), first = rankOptions(options, weights).filter(({ rank }) => rank === 1).map(({ id }) => id);
  const rules = {
    more: ([a, b]) => weights[a] > weights[b],
    least: (shares) => Object.entries(shares).every(([name, share]) => weights[name] / whole >= share - CLOSE),
    most: (shares) => Object.entries(shares).every(([name, share]) => weights[name] / whole <= share + CLOSE),
    first: (option) => first.includes(option),
  };
  return conditions.map((condition) => Object.entries(condition).every(([rule, value]) => rule === "text" || rules[rule](value)));
}

KINDS.decision = {
  rank: rankOptions,
  held: conditionsHeld,
  build({ question, name, changed }) {
    const criteria = Object.entries(question.criteria), labels = Object.fromEntries(question.options.map(({ id, text }) => [id, text]));
    const level = () => Object.fromEntries(criteria.map(([id]) => [id, LEVEL]));
    let weights = level(), touched = false, order = "", waiting;
    const set = (id, value) => {
      if (weights[id] === value) return;
      weights = { ...weights, [id]: value };
      touched = true;
      draw();
      speak();
      changed();
    };
    const fields = criteria.map(([id, label]) => rangeField({
      label, min: 0, max: HIGHEST, step: 1, whole: true, value: () => weights[id], change: (value) => set(id, value),
    }));
    const ranking = h("div", {}), said = h("p", { class: "cw-hidden", role: "status" });
    const reset = quiet("All weights back to 5", () => {
      weights = level();
      touched = true;
      draw();
      speak();
      changed();
    });
    const conditions = question.conditions.map((text) => h("li", {}, inline(text)));
    const choices = question.options.map(({ id, text }) => {
      const input = h("input", { type: "radio", name, value: id, onChange() { touched = true; changed(); } });
      return { id, input, node: h("div", { class: "cw-option" }, h("label", {}, input, h("span", {}, inline(text)))) };
    });
    const picked = () => choices.find(({ input }) => input.checked)?.id ?? null;
    const after = h("div", {});
    const sum = () => sumOf(Object.values(weights));
    const firsts = () => rankOptions(question.options, weights).filter(({ rank }) => rank === 1).map(({ id }) => id);
    const names = (ids) => ids.map((id) => labels[id]).join(" and ");

    function draw() {
      for (const field of fields) field.sync();
      const rows = sum() ? rankOptions(question.options, weights) : [];
      const cells = rows.map(({ id, score, rank }) => [labels[id], rank, score.toFixed(2)]);
      ranking.replaceChildren(rows.length
        ? dataTable("Ranking by your weights: the weighted mean of the scores", ["Option", "Rank", "Mean"], cells)
        : h("p", { class: "cw-hint" }, "All weights are 0: there is nothing to rank by."));
    }
    /** the result in a sentence, once the reader rests */
    function speak() {
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        if (!sum()) return say(said, "All weights are 0.");
        const rows = rankOptions(question.options, weights), now = rows.map(({ id }) => id).join();
        const moved = now === order ? "The order is the same." : "The order changed.";
        say(said, `${names(firsts())} first, ${rows[0].score.toFixed(2)}. ${moved}`);
        order = now;
      }, REST);
    }
    order = rankOptions(question.options, weights).map(({ id }) => id).join();
    draw();
    const verdict = (key) => {
      const held = conditionsHeld({ options: question.options, conditions: key.conditions }, weights), first = firsts().includes(picked());
      const count = `${held.filter(Boolean).length} of ${held.length} conditions ${held.length === 1 ? "holds" : "hold"}.`;
      const other = `Your weights put ${names(firsts())} first, not ${labels[picked()]}.`;
      const choice = first ? "Your choice is first by your weights." : other;
      return { held, first, text: `${choice} ${count}` };
    };
    return {
      node: h("div", { class: "cw-decision" },
        h("p", { class: "cw-small" }, conditions.length === 1 ? "The condition" : "The conditions"),
        h("ul", { class: "cw-conditions" }, conditions),
        scrolled(dataTable("Scores from 0 to 10; 10 is best", ["Option", ...criteria.map(([, label]) => label)],
          question.options.map(({ text, scores }) => [text, ...criteria.map(([id]) => scores[id])]))),
        h("fieldset", {}, h("legend", { class: "cw-small" }, "Your weights"),
          h("div", { class: "cw-controls" }, fields.map(({ row }) => row), h("div", {}, reset))),
        ranking, said,
        h("fieldset", {}, h("legend", { class: "cw-small" }, "Your choice"),
          h("div", { class: "cw-options" }, choices.map(({ node }) => node))),
        after),
      stop: () => clearTimeout(waiting),
      answer: () => (touched ? { weights: { ...weights }, choice: picked() } : null),
      show(answer) {
        const sound = ([id]) => Number.isInteger(answer?.weights?.[id]) && Math.abs(answer.weights[id] - LEVEL) <= LEVEL;
        weights = { ...level(), ...Object.fromEntries(criteria.filter(sound).map(([id]) => [id, answer.weights[id]])) };
        for (const { id, input } of choices) input.checked = id === answer?.choice;
        touched = Boolean(answer);
        draw();
      },
      missing() {
        if (!touched) return "Set the weights, then choose one option.";
        if (!sum()) return "All weights are 0: give at least one criterion a weight.";
        return picked() ? "" : "Choose one option.";
      },
      lock(locked) {
        const sliders = fields.flatMap(({ row }) => [...row.querySelectorAll("input")]);
        for (const input of [...sliders, ...choices.map((choice) => choice.input)]) input.disabled = locked;
        reset.hidden = locked;
      },
      mark(key, all) {
        const { held, first } = verdict(key);
        conditions.forEach((node, n) => {
          node.dataset.right = String(held[n]);
          node.append(reason(uid("why"), held[n], held[n] ? "It holds." : "It does not hold.", ""));
        });
        const { node } = choices.find(({ id }) => id === picked());
        node.dataset.right = String(first);
        node.append(reason(uid("why"), first, first ? "First by your weights." : `Your weights put ${names(firsts())} first.`, ""));
        if (!all) return;
        const example = criteria.map(([id, label]) => `${label} ${key.example.weights[id]}`).join(", ");
        const one = `One answer that meets every condition: ${example}; ${labels[key.example.choice]}.`;
        after.append(h("p", {}, inline(key.why)), h("p", {}, one));
      },
      unmark() {
        for (const node of [...conditions, ...choices.map((choice) => choice.node)]) {
          node.querySelector(".cw-why")?.remove();
          delete node.dataset.right;
        }
        after.replaceChildren();
      },
      result(key) {
        const { held, first, text } = verdict(key);
        return { right: first && held.every(Boolean), text };
      },
    };
  },
};
