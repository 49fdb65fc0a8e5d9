// number.js - type a number with a unit. Reading and comparing follow kinds/number.py.
const TYPED_GROUPS = [
  [" ", /^[0-9]{1,3}(?: [0-9]{3})+(?:[.,][0-9]+)?$/],
  [",", /^(?:[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]+|[0-9]{1,3}(?:,[0-9]{3}){2,})$/],
  [".", /^(?:[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+|[0-9]{1,3}(?:\.[0-9]{3}){2,})$/],
];
const TYPED_PLAIN = /^(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?:[eE][+-]?[0-9]{1,3})?$/;

const tidyNumber = (text) => text.replace(/\s+/g, " ").trim().replaceAll("\u2212", "-");

/** what was typed -> { value } or { problem } in the learner's words */
function readNumber(given, unit) {
  if (typeof given === "number") return { value: given };
  const answer = tidyNumber(given);
  if (answer.length > 40) return { problem: `The answer has ${answer.length} characters; a number has at most 40.` };
  const endings = [tidyNumber(unit), unit.startsWith("%") ? "%" : ""];
  const ending = endings.find((one) => one && answer.toLowerCase().endsWith(one.toLowerCase()));
  const text = ending ? answer.slice(0, -ending.length).trim() : answer;
  const sign = /^[+-]/.test(text) ? text[0] : "";
  let body = text.slice(sign.length).trim();
  if (/^[1-9][0-9]{0,2},[0-9]{3}$/.test(body)) {
    return { problem: `“${answer}” can be read in two ways: write ${sign}${body.replace(",", "")} or ${sign}${body.replace(",", ".")}.` };
  }
  const group = TYPED_GROUPS.find(([, pattern]) => pattern.test(body));
  if (group) body = body.replaceAll(group[0], "");
  else if (!TYPED_PLAIN.test(body)) {
    const other = /^[0-9]/.test(body) && /[A-Za-z%$€£]/.test(body);
    const alone = `Write the number alone${unit ? `, in ${unit}` : ""}.`;
    return { problem: other ? alone : `“${answer}” is no number. Write it in digits, as 1234.5.` };
  }
  const value = Number(`${sign}${body.replace(",", ".")}`);
  return Number.isFinite(value) ? { value } : { problem: "The number is too large." };
}

/** { right, why, close } of a number that was read */
function judgeNumber(value, key) {
  const share = typeof key.tolerance === "string";
  const allowed = share ? Math.abs(key.answer) * parseFloat(key.tolerance) / 100 : key.tolerance;
  const within = (number, target) => Math.abs(number - target) <= allowed + 1e-9 * Math.max(1, Math.abs(target));
  if (within(value, key.answer)) return { right: true, why: key.why, close: false };
  const mistake = (key.mistakes ?? []).find((one) => within(value, one.value));
  const scaled = [10, 100, 1e3, 1e6, 1e9].flatMap((power) => [value * power, value / power]);
  return { right: false, why: mistake?.why ?? "", close: !mistake && value !== 0 && scaled.some((number) => within(number, key.answer)) };
}

KINDS.number = {
  build({ question, changed }) {
    const { unit, label = "Your number", hint: hinted = true } = question, id = uid("number"), hint = uid("hint");
    let waiting = null, handed = "";
    const rest = () => { clearTimeout(waiting); waiting = null; };
    const hand = () => {
      rest();
      if (input.value === handed) return;
      handed = input.value;
      changed();
    };
    const onInput = () => { rest(); waiting = setTimeout(hand, 700); };
    const input = h("input", { id, type: "text", inputmode: "decimal", autocomplete: "off", "aria-describedby": hinted ? hint : null, onInput, onChange: hand });
    const box = h("div", { class: "cw-option cw-typed" },
      h("label", { for: id }, label, unit ? h("span", { class: "cw-hidden" }, ` in ${unit}`) : null),
      h("span", { class: "cw-number" }, input, unit ? h("span", { "aria-hidden": "true" }, unit) : null),
      hinted ? h("p", { id: hint, class: "cw-hint" }, "As 1234.5 or 1234,5. A single point is read as a decimal point.") : null);
    const found = () => readNumber(input.value, unit);
    const grouped = (value) => (Math.abs(value) < 10000 ? String(value) : value.toLocaleString("en-US", { maximumFractionDigits: 10 }));
    const spelled = (value) => `${grouped(value)}${unit.startsWith("%") || !unit ? unit : ` ${unit}`}`;
    return {
      node: box,
      answer: () => tidyNumber(input.value) || null,
      busy: () => waiting !== null,
      stop: hand,
      show(answer) {
        rest();
        handed = input.value = ["string", "number"].includes(typeof answer) ? String(answer) : "";
      },
      missing: () => (tidyNumber(input.value) ? found().problem ?? "" : "Type a number first."),
      lock(locked) { input.readOnly = locked; },
      mark(key, all) {
        const { right, why } = judgeNumber(found().value, key);
        const shown = [`Not correct. The answer is ${spelled(key.answer)}.`, key.why];
        const told = right ? ["Correct.", why] : all ? shown : ["Not correct.", why];
        box.dataset.right = String(right);
        if (right || all || why) box.append(reason(uid("why"), right, ...told));
      },
      unmark() {
        box.querySelector(".cw-why")?.remove();
        delete box.dataset.right;
      },
      result(key) {
        const { right, close } = judgeNumber(found().value, key);
        return { right, text: right ? "Correct." : close ? "Not correct. Close: the digits are right. Check the unit." : "Not correct." };
      },
    };
  },
};
