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

const HALF_HOUR = 1800, MOST_AGENTS = 400;
const STATE = ["calls", "handling", "level", "target", "shrinkage", "teams", "service", "premium", "staffed"];
const percent = (share) => `${(share * 100).toFixed(1)} %`;
const many = (count, one) => `${count} ${one}${count === 1 ? "" : "s"}`;
const seconds = (time) => (time === Infinity ? "without end" : `${time < 100 ? time.toFixed(1) : Math.round(time).toLocaleString("en-US")} s`);

/** everything that the settings lead to */
function plan(get) {
  const handling = get("handling"), target = get("target"), load = get("calls") * handling / HALF_HOUR;
  const pool = pooling(load, get("teams"), handling, target, get("level") / 100), agents = pool.pooled.agents;
  const service = get("services").find((one) => one.id === get("service")) ?? get("services")[0];
  const net = get("contract_hours") * (1 - get("shrinkage") / 100);
  const staffed = get("staffed") ?? agents, on = team(load, staffed, handling, target);
  const first = Math.max(1, Math.min(Math.floor(load) - 1, agents - 2, staffed - 1)), last = Math.max(agents + 5, first + 10, staffed + 2);
  const curve = Array.from({ length: last - first + 1 }, (_, number) => team(load, first + number, handling, target));
  return { load, handling, target, level: get("level") / 100, calls: get("calls"), staffed, on, pool, agents, service, curve, relief: reliefFactor(service.hours, net), people: peopleFor(staffed, service.hours, net),
    fewer: team(load, staffed - 1, handling, target), more: team(load, staffed + 1, handling, target),
    premium: nightPremium(service.night, get("premium") / 100) };
}

/** what the agents on the line do, and what one fewer would do */
function message({ staffed, agents, on, fewer, level }) {
  if (!on.level) return `With ${many(staffed, "agent")} the queue never ends`;
  if (on.level < level) return `${many(staffed, "agent")}: ${percent(on.level)} in time, and the promise of ${Math.round(level * 100)} % is broken`;
  if (staffed !== agents) return `${many(staffed, "agent")}: ${percent(on.level)} in time, ${staffed - agents} more than the promise takes`;
  return fewer.level > 0 ? `One agent fewer, and ${percent(on.level)} in time become ${percent(fewer.level)}`
    : `${many(staffed, "agent")} will do; with one fewer the queue never ends`;
}

function sentence({ load, target, staffed, on, people, service, premium }) {
  const [answer, are, seats] = staffed === 1 ? ["answers", "is", "that seat"] : ["answer", "are", "those seats"];
  return `The calls keep ${load.toFixed(1)} agents busy. ${many(staffed, "agent")} ${answer} ${percent(on.level)} of them within ${target} s`
    + ` and ${are} occupied ${percent(on.occupancy)} of the time. To fill ${seats} (${service.label}) takes`
    + ` ${people === 1 ? "one person" : `${people} people`}; nights add ${percent(premium)} to the base wages.`;
}

/** the numbers that matter: [[name, value, what it means], ...] */
const tiles = (rows) => h("ul", { class: "cw-tiles" }, rows.map(([name, value, note]) => h("li", {},
  h("span", { class: "cw-name" }, name), h("strong", {}, String(value)), h("span", {}, note))));
const peopleTiles = (get, { people, relief, premium, service }) => tiles([
  ["People employed", people, `relief factor: ${relief.toFixed(2)} people for each seat`],
  ["Hours at night in Manila", percent(service.night), "from 22:00 to 06:00"],
  ["Nights add to the base wages", percent(premium), `at ${get("premium")} % more for each of those hours`],
]);

/** every plotted point: one row for each number of agents */
const MARKS = { [-1]: "one agent fewer", 0: "the fewest that keep the promise", 1: "one agent more" };
const points = ({ curve, agents, staffed }) => curve.map((one) => [one.agents, percent(one.level), percent(one.occupancy), seconds(one.wait),
  [one.agents === staffed && "on the line now", MARKS[one.agents - agents] ?? (one.level ? "" : "the queue never ends")].filter(Boolean).join("; ")]);

const teamRows = ({ load, pool, agents }) => [
  [`${pool.teams} teams apart`, `${pool.teams} × ${pool.apart.agents} = ${pool.teams * pool.apart.agents}`,
    percent(pool.apart.level), percent(pool.apart.occupancy)],
  ["One team", agents, percent(pool.pooled.level), percent(pool.pooled.occupancy)],
  [`The one team's ${agents}, split`, pool.sizes.join(" + "), percent(pool.splitLevel),
    pool.sizes.at(-1) > load / pool.teams ? percent(pool.pooled.occupancy) : "a queue never ends"],
];

function traces({ curve, staffed, on, target, level }) {
  const x = curve.map((one) => one.agents);
  return [
    { type: "scatter", mode: "lines", name: `Promise: ${Math.round(level * 100)} %`, showlegend: false, x: [x[0], x.at(-1)], y: [level * 100, level * 100],
      line: { color: "var(--cw-muted)", dash: "dash", width: 2 }, hoverinfo: "skip" },
    { type: "scatter", mode: "lines+markers", name: "Occupancy of the agents", showlegend: false, x, y: curve.map((one) => one.occupancy * 100),
      line: { color: "var(--cw-d)", dash: "dot", width: 2 }, marker: { color: "var(--cw-d)", size: 5 }, hovertemplate: "%{x} agents: occupied %{y:.1f} %<extra></extra>" },
    { type: "scatter", mode: "lines+markers", name: `Answered within ${target} s`, showlegend: false, x, y: curve.map((one) => one.level * 100),
      line: { color: "var(--cw-e)", width: 3 }, marker: { color: "var(--cw-e)", size: 7 }, hovertemplate: "%{x} agents: %{y:.1f} % in time<extra></extra>" },
    { type: "scatter", mode: "markers", name: `${many(staffed, "agent")} on the line`, showlegend: false, x: [staffed, staffed], y: [on.level * 100, on.occupancy * 100],
      hoverinfo: "skip", cliponaxis: false, marker: { color: ["var(--cw-e)", "var(--cw-d)"], size: 15, symbol: "circle-open", line: { width: 3, color: ["var(--cw-e)", "var(--cw-d)"] } } },
  ];
}

/** the lines have their names beside them: those of the agents on the line with their numbers */
function layout({ curve, staffed, on, target, level }) {
  const from = curve[0].agents, to = curve.at(-1).agents, right = staffed > (from + to) / 2;
  const label = (x, y, text, color, rest) => ({ x, y, text, showarrow: false, xanchor: "right", font: { color, size: 13 }, ...rest });
  const beside = { xanchor: right ? "right" : "left", xshift: right ? -12 : 12 };
  const apart = Math.abs(on.level - on.occupancy) < 0.12 ? 16 : 0, up = on.level >= on.occupancy ? 1 : -1;
  return {
    xaxis: { automargin: false, title: { text: "agents on the line", font: { size: 13 }, standoff: 4 }, tickformat: "d", dtick: Math.ceil(curve.length / (narrow() ? 9 : 14)), range: [from - 0.5, to + 0.5] },
    yaxis: { automargin: false, range: [-6, 116], tickvals: [0, 20, 40, 60, 80, 100], ticktext: ["0 %", "20 %", "40 %", "60 %", "80 %", "100 %"] }, margin: { t: 4, b: 44 },
    annotations: [
      label(from - 0.4, level * 100, `promise: ${Math.round(level * 100)} %`, "var(--cw-muted)", { xanchor: "left", yanchor: on.level ? "top" : "bottom", font: { size: 12, color: "var(--cw-muted)" } }),
      label(staffed, on.level * 100, `<b>${percent(on.level)}</b> within ${target} s`, "var(--cw-e)", { ...beside, yshift: up * apart + (on.level ? 0 : 12), bgcolor: "var(--cw-surface)", opacity: 0.92 }),
      label(staffed, on.occupancy * 100, `occupied <b>${percent(on.occupancy)}</b>`, "var(--cw-d)", { ...beside, yshift: -up * apart, bgcolor: "var(--cw-surface)", opacity: 0.92 }),
    ],
  };
}

const hint = (...lines) => h("p", { class: "cw-hint" }, lines.join(" "));
const group = (name) => h("div", { class: "cw-group" }, name);

function render({ model, el }) {
  const get = (key) => model.get(key);
  const slider = (key, label, unit, min, max, step = 1) => ({ key, limits: within(min, max, true), ...rangeField({ label, unit, min, max, step, whole: true,
    value: () => get(key), change: (value) => put(model, { [key]: value }) }) });
  const queue = [slider("calls", "Calls in half an hour", "calls", 5, 400), slider("handling", "Handling time", "s", 30, 900, 5),
    slider("level", "Promise: answer", "%", 50, 99), slider("target", "of all calls, within", "s", 0, 120)];
  const staff = [slider("shrinkage", "Shrinkage", "%", 0, 60), slider("premium", "Extra pay at night", "%", get("least_premium"), 50)];
  const teams = slider("teams", "Teams that work apart", "teams", 2, 6);
  const pick = h("select", { id: uid(), onChange: () => put(model, { service: pick.value }) },
    get("services").map((one) => h("option", { value: one.id }, one.label)));
  const set = (staffed) => put(model, { staffed: staffed === now.agents ? null : Math.min(MOST_AGENTS, Math.max(1, staffed)) });
  const away = button("Take one agent away", () => set(now.staffed - 1), { "data-main": "" });
  const back = button("As many as the promise takes", () => set(now.agents));
  const crew = h("div", { class: "cw-bar" }, away, button("Add one agent", () => set(now.staffed + 1)), back);
  const numbers = [...queue, ...staff, teams];
  const state = viewState(model, "staffing", { ...Object.fromEntries(numbers.map(({ key, limits }) => [key, limits])), service: oneOf(...get("services").map(({ id }) => id)),
    staffed: { write: (agents) => String(agents ?? ""), read: within(1, MOST_AGENTS, true).read } });

  const status = h("p", { class: "cw-status", role: "status" }), say = speaker(status);
  const heading = h("div", { class: "cw-chart-title" }), poolHeading = h("div", { class: "cw-chart-title" });
  const staffNumbers = h("div", {}), poolTable = h("div", {});
  let now = plan(get);
  const picture = chart(model, () => ({ data: traces(now), layout: layout(now), alt: `Line chart over the number of agents. ${message(now)}. ${sentence(now)}` }), [310, 240]);
  const line = watched();
  const table = folded("The numbers as a table",
    () => [scrolled(dataTable("Every point of the chart", ["Agents", "Answered in time", "Occupancy", "Mean wait", "Note"], points(now)))]);
  const save = () => download("staffing.csv", csv([["agents", "answered_in_time", "occupancy", "mean_wait_s", "note"],
    ...now.curve.map((one, index) => [one.agents, one.level.toFixed(4), one.occupancy.toFixed(4), one.wait === Infinity ? "" : one.wait.toFixed(2),
      points(now)[index].at(-1)])]));
  const foot = tools(state, button("Download as CSV", save), button("Reset", state.reset));

  const root = frame(get("title"), "cw-staffing",
    bench([heading, picture.node], h("div", { class: "cw-controls" }, crew, queue.map((one) => one.row)), status, line.node),
    hint("Occupancy is no choice of its own: calls, handling time and agents decide it. Erlang C assumes that calls come at random,",
      "that nobody gives up, and that all agents are alike; where callers give up, those who stay wait less."),
    group("The same calls in teams that do not help one another"),
    bench([poolHeading, poolTable], h("div", { class: "cw-controls" }, teams.row)),
    group("From seats to people"),
    bench([staffNumbers], h("div", { class: "cw-controls" },
      h("div", { class: "cw-field" }, h("label", { for: pick.id }, "The line is open"), pick), staff.map((one) => one.row))),
    hint(`Shrinkage is paid time away from the line. One person is paid ${get("contract_hours").toLocaleString("en-US")} hours a year, 52 weeks of 40.`,
      "Every half hour is taken to be as busy as the one above: a real plan reckons each."),
    h("p", { class: "cw-source" }, `Source: ${get("source")}`), foot.node, table.node);
  el.append(root);

  const draw = () => {
    now = plan(get);
    picture.redraw();
    for (const one of numbers) one.sync();
    pick.value = now.service.id;
    away.disabled = now.staffed === 1;
    back.disabled = now.staffed === now.agents;
    line.set(now);
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
    foot.quiet();
    state.save();
  };
  const unwatch = watch(model, STATE, perFrame(draw)), unfollow = state.begin(root);
  draw();
  return () => { unwatch(); unfollow(); line.stop(); picture.stop(); };
}
export default { render };
