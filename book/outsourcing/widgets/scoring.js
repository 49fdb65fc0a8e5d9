// scoring.js - twin of outsourcing/scoring.py, function by function; a test holds them equal. A table is {option: {criterion: value or null}}.
const NEAR = 1e-9;
const mapped = (object, fn) => Object.fromEntries(Object.entries(object).map(([key, value]) => [key, fn(value, key)]));
const sum = (numbers) => numbers.reduce((total, one) => total + one, 0);

/** min-max: 0 is the worst known value of a criterion, 1 the best; better is {criterion: "higher" or "lower"} */
export function scale(table, better) {
  const ends = mapped(better, (direction, name) => {
    const known = Object.values(table).map((cells) => cells[name]).filter((value) => value != null);
    const [low, high] = [Math.min(...known), Math.max(...known)];
    return direction === "higher" ? [low, high] : [high, low];
  });
  return mapped(table, (cells) => mapped(ends, ([worst, best], name) => (cells[name] == null ? null : best === worst ? 1 : (cells[name] - worst) / (best - worst))));
}

/** weights as parts of 1; null when none is above 0 */
export function shares(weights) {
  const total = sum(Object.values(weights));
  return total > 0 ? mapped(weights, (weight) => weight / total) : null;
}

export const totals = (scaled, share) => mapped(scaled, (cells) => sum(Object.keys(share).map((name) => share[name] * cells[name])));

/** blanks settled as "drop", "countries" or "bounds": {low, high, dropped, excluded}; null when nothing is left to compare */
export function fill(scaled, how) {
  const criteria = Object.keys(Object.values(scaled)[0] ?? {}), blank = (cells) => Object.values(cells).includes(null);
  const dropped = how === "drop" ? criteria.filter((name) => Object.values(scaled).some((cells) => cells[name] === null)) : [];
  const excluded = how === "countries" ? Object.keys(scaled).filter((option) => blank(scaled[option])) : [];
  if (dropped.length === criteria.length || excluded.length === Object.keys(scaled).length) return null;
  const kept = Object.entries(scaled).filter(([option]) => !excluded.includes(option));
  const filled = (value) => Object.fromEntries(kept.map(([option, cells]) => [option,
    Object.fromEntries(Object.entries(cells).filter(([name]) => !dropped.includes(name)).map(([name, cell]) => [name, cell ?? value]))]));
  return { low: filled(0), high: filled(1), dropped, excluded };
}

/** [{option, low, high, best, worst}], highest score first; best and worst are the ranks it can have */
export function ranking(filled, share) {
  const low = totals(filled.low, share), high = totals(filled.high, share), options = Object.keys(low);
  return options.map((option) => ({
    option, low: low[option], high: high[option],
    best: 1 + options.filter((other) => low[other] > high[option] + NEAR).length,
    worst: 1 + options.filter((other) => other !== option && high[other] > low[option] + NEAR).length,
  })).sort((a, b) => Number((b.low + b.high).toFixed(9)) - Number((a.low + a.high).toFixed(9)));
}

/** how far the share of one criterion may move while the leader stays first; null when blanks alone can change the first place */
export function room(filled, share, criterion) {
  const [first] = ranking(filled, share), now = share[criterion];
  if (first.worst > 1) return null;
  const others = Object.fromEntries(Object.entries(share).filter(([name]) => name !== criterion));
  if (!Object.keys(others).length) return { criterion, share: 1, low: 0, high: 1, below: "", above: "" };
  const rest = shares(sum(Object.values(others)) > NEAR ? others : mapped(others, () => 1));
  const mine = totals(filled.low, rest)[first.option], theirs = totals(filled.high, rest);
  let [low, high, below, above] = [0, 1, "", ""];
  for (const rival of Object.keys(theirs)) {
    if (rival === first.option) continue;
    const at0 = mine - theirs[rival], at1 = filled.low[first.option][criterion] - filled.high[rival][criterion];
    if (at0 < -NEAR && at1 > at0 && -at0 / (at1 - at0) > low + NEAR) [low, below] = [-at0 / (at1 - at0), rival];
    if (at1 < -NEAR && at0 > at1 && at0 / (at0 - at1) < high - NEAR) [high, above] = [at0 / (at0 - at1), rival];
  }
  return { criterion, share: now, low: Math.min(low, now), high: Math.max(high, now), below, above };
}

/** {margin, shares, blend}: the weights that favour an option most, and the mixture of rivals that no weights can beat by more */
export function canWin(filled, option, hopeful = true) {
  const [mine, others] = hopeful ? [filled.high, filled.low] : [filled.low, filled.high];
  const rivals = Object.keys(others).filter((name) => name !== option), criteria = Object.keys(mine[option]);
  if (!rivals.length) return { margin: 1, shares: shares(Object.fromEntries(criteria.map((name) => [name, 1]))), blend: {} };
  const lead = criteria.map((name) => rivals.map((rival) => mine[option][name] - others[rival][name]));
  const [weights, blend] = solveGame(lead);
  const sure = Math.min(...rivals.map((_, column) => sum(weights.map((weight, row) => weight * lead[row][column]))));
  const most = Math.max(...lead.map((row) => sum(row.map((value, column) => value * blend[column]))));
  if (most - sure > 1e-7) throw new Error(`the search for weights of ${option} ended between ${sure} and ${most}`);
  const named = (names, values) => Object.fromEntries(names.map((name, index) => [name, values[index]]));
  return { margin: Math.abs(sure) < NEAR ? 0 : sure, shares: named(criteria, weights), blend: named(rivals, blend) };
}

/** optimal mixtures of a matrix game's rows (they want much) and columns (they want little): the simplex method with Bland's rule */
function solveGame(payoff) {
  const rows = payoff.length, columns = payoff[0].length, shift = 1 - Math.min(...payoff.flat());
  const tableau = [...payoff.map((row) => [...row.map((value) => value + shift), 1]), [...Array(columns).fill(-1), 0]];
  const basic = Array.from({ length: rows }, (_, row) => columns + row), free = Array.from({ length: columns }, (_, column) => column);
  for (;;) {
    const entering = free.map((_, column) => column).filter((column) => tableau[rows][column] < -1e-12);
    if (!entering.length) break;
    const c = entering.reduce((a, b) => (free[b] < free[a] ? b : a));
    const ratio = (row) => tableau[row][columns] / tableau[row][c];
    const r = basic.map((_, row) => row).filter((row) => tableau[row][c] > 1e-12)
      .reduce((a, b) => (ratio(b) < ratio(a) || (ratio(b) === ratio(a) && basic[b] < basic[a]) ? b : a));
    const line = [...tableau[r]], pivot = line[c];
    tableau.forEach((values, row) => {
      const factor = values[c] / pivot;
      tableau[row] = row === r ? line.map((value) => value / pivot) : values.map((value, column) => value - factor * line[column]);
      tableau[row][c] = row === r ? 1 / pivot : -factor;
    });
    [basic[r], free[c]] = [free[c], basic[r]];
  }
  const total = tableau[rows][columns], weights = Array(rows).fill(0), blend = Array(columns).fill(0);
  basic.forEach((name, row) => { if (name < columns) blend[name] = Math.max(0, tableau[row][columns] / total); });
  free.forEach((name, column) => { if (name >= columns) weights[name - columns] = Math.max(0, tableau[rows][column] / total); });
  return [weights, blend];
}

/** all that the model says; null when no weight is above 0 or nothing is left to compare */
export function decide(table, better, weights, missing) {
  const filled = Object.keys(weights).length ? fill(scale(table, mapped(weights, (_, name) => better[name])), missing) : null;
  const share = filled && shares(Object.fromEntries(Object.entries(weights).filter(([name]) => !filled.dropped.includes(name))));
  if (!share) return null;
  const rooms = Object.keys(share).map((name) => room(filled, share, name));
  return { filled, shares: share, ranking: ranking(filled, share), rooms: rooms.includes(null) ? null : rooms };
}
