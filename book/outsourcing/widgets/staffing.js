// staffing.js - agents, service level, occupancy. The formulas are twins of outsourcing/staffing.py; a test holds them equal.

export const roundUp = (amount) => Math.ceil(amount - 1e-9);

/** the chance of a call lost among so many lines, by the recursion on its inverse */
export function erlangB(load, agents) {
  let inverse = 1;
  for (let n = 1; n <= agents; n += 1) inverse = 1 + inverse * n / load;
  return 1 / inverse;
}

const waits = (load, agents, blocked) => (agents > load ? agents * blocked / (agents - load * (1 - blocked)) : 1);
const inTime = (load, agents, wait, handling, target) => (agents > load ? 1 - wait * Math.exp(-(agents - load) * target / handling) : 0);

/** the chance that a call must wait */
export const erlangC = (load, agents) => waits(load, agents, erlangB(load, agents));

/** what one team of so many agents does: shares as fractions, the mean wait in the unit of the handling time */
export function team(load, agents, handling, target) {
  const wait = erlangC(load, agents);
  return { agents, level: inTime(load, agents, wait, handling, target), occupancy: Math.min(1, load / agents), p_wait: wait,
    wait: agents > load ? wait * handling / (agents - load) : Infinity };
}

/** the fewest agents who answer the share `level` within `target` */
export function agentsNeeded(load, handling, target, level) {
  for (let agents = 1, inverse = 1; ; agents += 1) {
    inverse = 1 + inverse * agents / load;
    if (agents > load && inTime(load, agents, waits(load, agents, 1 / inverse), handling, target) >= level) return agents;
  }
}

/** the calls in `teams` teams apart, in one team, and the one team's agents split */
export function pooling(load, teams, handling, target, level) {
  const part = load / teams, pooled = agentsNeeded(load, handling, target, level), apart = agentsNeeded(part, handling, target, level);
  const sizes = Array.from({ length: teams }, (_, number) => Math.floor(pooled / teams) + (number < pooled % teams ? 1 : 0));
  return { teams, sizes, apart: team(part, apart, handling, target), pooled: team(load, pooled, handling, target),
    splitLevel: sizes.reduce((sum, size) => sum + team(part, size, handling, target).level, 0) / teams };
}

export const reliefFactor = (coverage, net) => coverage / net;
export const peopleFor = (seats, coverage, net) => roundUp(seats * reliefFactor(coverage, net));
export const nightPremium = (share, premium) => share * premium;

// ---- the page ----------------------------------------------------------------------------------------------------

const HALF_HOUR = 1800;
const STATE = ["calls", "handling", "level", "target", "shrinkage", "teams", "service", "premium"];
const percent = (share) => `${(share * 100).toFixed(1)} %`;
const many = (count, one) => `${count} ${one}${count === 1 ? "" : "s"}`;
const seconds = (time) => (time === Infinity ? "without end" : `${time < 100 ? time.toFixed(1) : Math.round(time).toLocaleString("en-US")} s`);

/** everything that the settings lead to */
function plan(get) {
  const handling = get("handling"), target = get("target"), load = get("calls") * handling / HALF_HOUR;
  const pool = pooling(load, get("teams"), handling, target, get("level") / 100), agents = pool.pooled.agents;
  const service = get("services").find((one) => one.id === get("service")) ?? get("services")[0];
  const net = get("contract_hours") * (1 - get("shrinkage") / 100);
  const first = Math.max(1, Math.min(Math.floor(load) - 1, agents - 2)), last = Math.max(agents + 5, first + 10);
  const curve = Array.from({ length: last - first + 1 }, (_, number) => team(load, first + number, handling, target));
  return { load, target, pool, agents, service, curve, relief: reliefFactor(service.hours, net), people: peopleFor(agents, service.hours, net),
    fewer: team(load, agents - 1, handling, target), more: team(load, agents + 1, handling, target),
    premium: nightPremium(service.night, get("premium") / 100) };
}

const message = ({ agents, pool, fewer }) => (fewer.level > 0
  ? `One agent fewer, and ${percent(pool.pooled.level)} in time become ${percent(fewer.level)}`
  : `${many(agents, "agent")} will do; with one fewer the queue never ends`);

function sentence({ load, target, pool, agents, people, service, premium }) {
  const [answer, are, seats] = agents === 1 ? ["answers", "is", "that seat"] : ["answer", "are", "those seats"];
  return `The calls keep ${load.toFixed(1)} agents busy. ${many(agents, "agent")} ${answer} ${percent(pool.pooled.level)} of them within ${target} s`
    + ` and ${are} occupied ${percent(pool.pooled.occupancy)} of the time. To fill ${seats} (${service.label}) takes`
    + ` ${people === 1 ? "one person" : `${people} people`}; nights add ${percent(premium)} to the base wages.`;
}

/** the numbers that matter: [[name, value, what it means], ...] */
const tiles = (rows) => h("ul", { class: "cw-tiles" }, rows.map(([name, value, note]) => h("li", {},
  h("span", { class: "cw-name" }, name), h("strong", {}, String(value)), h("span", {}, note))));
const queueTiles = (get, { agents, pool }) => tiles([
  ["Agents on the line", agents, `the fewest for ${get("level")} % within ${get("target")} s`],
  ["Answered in time", percent(pool.pooled.level), `mean wait of all calls: ${seconds(pool.pooled.wait)}`],
  ["Occupancy", percent(pool.pooled.occupancy), "a result: calls, handling time and promise decide it"],
]);
const peopleTiles = (get, { people, relief, premium, service }) => tiles([
  ["People employed", people, `relief factor: ${relief.toFixed(2)} people for each seat`],
  ["Hours at night in Manila", percent(service.night), "from 22:00 to 06:00"],
  ["Nights add to the base wages", percent(premium), `at ${get("premium")} % more for each of those hours`],
]);

/** every plotted point: one row for each number of agents */
const MARKS = { [-1]: "one agent fewer", 0: "the fewest that keep the promise", 1: "one agent more" };
const points = ({ curve, agents }) => curve.map((one) => [one.agents, percent(one.level), percent(one.occupancy), seconds(one.wait),
  MARKS[one.agents - agents] ?? (one.level ? "" : "the queue never ends")]);

const teamRows = ({ load, pool, agents }) => [
  [`${pool.teams} teams apart`, `${pool.teams} × ${pool.apart.agents} = ${pool.teams * pool.apart.agents}`,
    percent(pool.apart.level), percent(pool.apart.occupancy)],
  ["One team", agents, percent(pool.pooled.level), percent(pool.pooled.occupancy)],
  [`The one team's ${agents}, split`, pool.sizes.join(" + "), percent(pool.splitLevel),
    pool.sizes.at(-1) > load / pool.teams ? percent(pool.pooled.occupancy) : "a queue never ends"],
];

function traces(get, { curve, agents, pool, fewer, more }) {
  const x = curve.map((one) => one.agents), marked = [fewer, pool.pooled, more].filter((one) => one.agents > 0);
  return [
    { type: "scatter", mode: "lines", name: `Promise: ${get("level")} %`, x: [x[0], x.at(-1)], y: [get("level"), get("level")],
      line: { color: "var(--cw-muted)", dash: "dash", width: 2 }, hoverinfo: "skip" },
    { type: "scatter", mode: "lines+markers", name: "Occupancy of the agents", x, y: curve.map((one) => one.occupancy * 100),
      line: { color: "var(--cw-b)", dash: "dot", width: 2 }, marker: { color: "var(--cw-b)", size: 6 }, hovertemplate: "%{x} agents: occupied %{y:.1f} %<extra></extra>" },
    { type: "scatter", mode: "lines+markers", name: `Answered within ${get("target")} s`, x, y: curve.map((one) => one.level * 100),
      line: { color: "var(--cw-a)", width: 3 }, marker: { color: "var(--cw-a)", size: 7 }, hovertemplate: "%{x} agents: %{y:.1f} % in time<extra></extra>" },
    { type: "scatter", mode: "markers+text", name: `${agents} agents, one fewer and one more`, x: marked.map((one) => one.agents),
      y: marked.map((one) => one.level * 100), text: marked.map((one) => (one === fewer ? "" : `<b>${percent(one.level)}</b>`)),
      textposition: marked.map((one) => (one === more ? "top center" : "top left")),
      textfont: { color: "var(--cw-a)", size: 13 }, cliponaxis: false, hoverinfo: "skip", marker: { color: "var(--cw-a)", size: 15, symbol: "circle-open", line: { width: 3, color: "var(--cw-a)" } } },
  ];
}

function layout({ curve, agents, fewer }) {
  return {
    xaxis: { automargin: false, title: { text: "agents on the line", font: { size: 13 } }, tickformat: "d", dtick: Math.ceil(curve.length / 12),
      range: [curve[0].agents - 0.5, curve.at(-1).agents + 0.5] },
    yaxis: { automargin: false, range: [-4, 113], tickvals: [0, 20, 40, 60, 80, 100], ticktext: ["0 %", "20 %", "40 %", "60 %", "80 %", "100 %"] }, margin: { b: 48 },
    // of the three numbers the one among other lines: an annotation has a ground of its own, but takes plotly longer than a text
    annotations: agents > 1 ? [{ x: fewer.agents, y: fewer.level * 100, text: `<b>${percent(fewer.level)}</b>`, showarrow: false, xanchor: "left", xshift: 9,
      yshift: -24, bgcolor: "var(--cw-surface)", opacity: 0.92, font: { color: "var(--cw-a)", size: 13 } }] : [],
  };
}

const hint = (...lines) => h("p", { class: "cw-hint" }, lines.join(" "));
const group = (name) => h("div", { class: "cw-group" }, name);

function render({ model, el }) {
  const get = (key) => model.get(key);
  const initial = Object.fromEntries(STATE.map((key) => [key, get(key)]));
  const slider = (key, label, unit, min, max, step = 1) => rangeField({ label, unit, min, max, step, whole: true,
    value: () => get(key), change: (value) => put(model, { [key]: value }) });
  const queue = [slider("calls", "Calls in half an hour", "calls", 5, 400), slider("handling", "Handling time", "s", 30, 900, 5),
    slider("level", "Promise: answer", "%", 50, 99), slider("target", "of all calls, within", "s", 0, 120)];
  const staff = [slider("shrinkage", "Shrinkage", "%", 0, 60), slider("premium", "Extra pay at night", "%", get("least_premium"), 50)];
  const teams = slider("teams", "Teams that work apart", "teams", 2, 6);
  const pick = h("select", { id: uid(), onChange: () => put(model, { service: pick.value }) },
    get("services").map((one) => h("option", { value: one.id }, one.label)));

  const status = h("p", { class: "cw-status", role: "status" }), say = speaker(status);
  const heading = h("div", { class: "cw-chart-title" }), poolHeading = h("div", { class: "cw-chart-title" });
  const numbers = h("div", {}), staffNumbers = h("div", {}), poolTable = h("div", {});
  let now = plan(get);
  const picture = chart(model, () => ({ data: traces(get, now), layout: layout(now),
    alt: `Line chart over the number of agents. ${message(now)}. ${sentence(now)}` }), 340);
  const table = folded("The numbers as a table",
    () => [scrolled(dataTable("Every point of the chart", ["Agents", "Answered in time", "Occupancy", "Mean wait", "Note"], points(now)))]);
  const save = () => download("staffing.csv", csv([["agents", "answered_in_time", "occupancy", "mean_wait_s", "note"],
    ...now.curve.map((one, index) => [one.agents, one.level.toFixed(4), one.occupancy.toFixed(4), one.wait === Infinity ? "" : one.wait.toFixed(2),
      points(now)[index].at(-1)])]));

  el.append(frame(get("title"), "cw-staffing",
    h("div", { class: "cw-controls" }, queue.map((one) => one.row)),
    numbers, heading, status, picture.node,
    hint("Occupancy is no choice of its own: calls, handling time and promise decide it. Erlang C assumes that calls come at random,",
      "that nobody gives up, and that all agents are alike; where callers give up, those who stay wait less."),
    h("div", { class: "cw-controls" }, group("The same calls in teams that do not help one another"), teams.row), poolHeading, poolTable,
    h("div", { class: "cw-controls" }, group("From seats to people"),
      h("div", { class: "cw-field" }, h("label", { for: pick.id }, "The line is open"), pick), staff.map((one) => one.row)),
    staffNumbers,
    hint(`Shrinkage is paid time away from the line. One person is paid ${get("contract_hours").toLocaleString("en-US")} hours a year, 52 weeks of 40.`,
      "Every half hour is taken to be as busy as the one above: a real plan reckons each."),
    h("p", { class: "cw-source" }, `Source: ${get("source")}`),
    h("div", { class: "cw-bar" }, button("Download as CSV", save), button("Reset", () => put(model, initial))),
    table.node));

  const draw = () => {
    now = plan(get);
    picture.redraw();
    for (const one of [...queue, ...staff, teams]) one.sync();
    pick.value = now.service.id;
    numbers.replaceChildren(queueTiles(get, now));
    staffNumbers.replaceChildren(peopleTiles(get, now));
    heading.textContent = together(message(now));
    say(sentence(now));
    const spare = now.pool.teams * now.pool.apart.agents - now.agents;
    poolHeading.textContent = spare
      ? `Pooled into one team, the same calls need ${many(spare, "agent")} fewer`
      : "Here one team needs as many agents as the teams apart";
    poolTable.replaceChildren(dataTable("The same calls, answered apart or together", ["Teams", "Agents", "Answered in time", "Occupancy"],
      teamRows(now)));
    table.sync();
  };
  const unwatch = watch(model, STATE, perFrame(draw));
  draw();
  return () => { unwatch(); picture.stop(); };
}
export default { render };
