// question.js - one question of any kind; each kind is a module in kinds/ that adds itself to KINDS
const KINDS = {};
function render({ model, el }) { el.append(h("p", {}, model.get("question").prompt)); }
export default { render };
