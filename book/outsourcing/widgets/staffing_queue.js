// staffing_queue.js - a queue that can be watched: half an hour of the line, call by call. One run of chance, the same for the same settings.

/** numbers from 0 to 1 that look like chance and are the same in every browser (mulberry32) */
function dice(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6D2B79F5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** the calls of so many seconds, in the order in which they come: [{comes, begins, ends}]. Gaps and talks are exponential, as Erlang C has it;
 *  the first caller who waits is the first to be answered. `rate` in calls a second, `handling` in seconds */
export function halfHour(rate, handling, agents, length = 1800, seed = 7) {
  const chance = dice(seed), calls = [], free = Array(agents).fill(0);
  const wait = (mean) => -Math.log(1 - chance()) * mean;
  for (let comes = wait(1 / rate); comes < length; comes += wait(1 / rate)) {
    const talk = wait(handling), first = free.indexOf(Math.min(...free)), begins = Math.max(comes, free[first]);
    free[first] = begins + talk;
    calls.push({ comes, begins, ends: begins + talk, agent: first });
  }
  return calls;
}

const SPEED = 60;  // a minute of the line in a second
const clock = (time) => `${Math.floor(time / 60)}:${String(Math.floor(time % 60)).padStart(2, "0")}`;

/** {node, set(plan), stop()}: agents as squares, callers who wait as dots. It runs only when the reader starts it; who wants little motion steps */
function watched() {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const seats = h("div", { class: "cw-seats", "aria-hidden": "true" }), waiting = h("div", { class: "cw-waiting", "aria-hidden": "true" });
  const words = h("p", { class: "cw-watch-words", role: still ? "status" : null });
  let calls = [], now = null, time = 0, timer = null, last = 0;
  const toggle = button("", () => (still ? step(60) : timer === null ? start() : halt()));
  const again = button("From the start", () => { halt(); time = 0; show(); });
  const node = h("div", { class: "cw-watch", role: "group", "aria-label": "Half an hour of this queue" },
    h("div", { class: "cw-group" }, "Half an hour of this queue"),
    h("div", { class: "cw-bar" }, toggle, again), words,
    h("div", { class: "cw-watch-row" }, h("span", { class: "cw-name" }, "Agents"), seats),
    h("div", { class: "cw-watch-row" }, h("span", { class: "cw-name" }, "Waiting"), waiting));
  const dots = (count, more) => Array.from({ length: Math.min(count, 60) }, (_, at) => h("i", more?.(at)));
  function show() {
    const come = calls.filter((call) => call.comes <= time), busy = new Set(come.filter((call) => call.begins <= time && call.ends > time).map((call) => call.agent));
    const queue = come.filter((call) => call.begins > time), known = come.filter((call) => call.begins <= time || time - call.comes > now.target);
    const kept = known.filter((call) => call.begins - call.comes <= now.target).length;
    seats.replaceChildren(...dots(now.staffed, (at) => ({ "data-busy": busy.has(at) ? "" : null })));
    waiting.replaceChildren(...dots(queue.length, (at) => ({ "data-late": time - queue[at].comes > now.target ? "" : null })), queue.length > 60 ? `and ${queue.length - 60} more` : "");
    words.textContent = together(`Minute ${clock(time)}: ${busy.size} of ${now.staffed} agents busy, ${queue.length} waiting. `
      + (known.length ? `So far ${kept} of ${known.length} calls answered within ${now.target} s (${Math.round(kept / known.length * 100)} %).` : "No call yet."));
    toggle.textContent = still ? "Next minute" : timer === null ? (time >= HALF_HOUR ? "Watch again" : "Watch the queue") : "Pause";
    again.disabled = time === 0;
  }
  function step(seconds) {
    time = time >= HALF_HOUR ? 0 : Math.min(HALF_HOUR, time + seconds);
    show();
  }
  const tick = (stamp) => {
    step(Math.min(0.2, (stamp - last) / 1000) * SPEED);
    last = stamp;
    if (time >= HALF_HOUR) { halt(); return; }
    timer = requestAnimationFrame(tick);
  };
  function start() {
    if (time >= HALF_HOUR) time = 0;
    timer = requestAnimationFrame((stamp) => { last = stamp; tick(stamp); });
    show();
  }
  function halt() { cancelAnimationFrame(timer); timer = null; show(); }
  return {
    node,
    set(plan) {  // other settings, another half hour; at the same minute
      const same = now && ["calls", "handling", "staffed", "target"].every((key) => now[key] === plan[key]);
      now = plan;
      if (same) return;
      calls = halfHour(plan.calls / HALF_HOUR, plan.handling, plan.staffed);
      show();
    },
    stop() { cancelAnimationFrame(timer); },
  };
}
