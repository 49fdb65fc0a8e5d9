"""How many people keep a line answered: Erlang's queue formulas, and from seats to people when the day has 24 hours.

Load is in erlangs (agents busy on average), times in one unit throughout (seconds or minutes), levels and shares are
fractions. Erlang B and C as A. K. Erlang gave them and every text on queues repeats them: calls come at random and
independently at a constant rate, handling times are exponential, all agents are alike, and with Erlang C nobody gives up.

No library is used. The kept one, pyworkforce, brings OR-Tools, pandas and joblib and asks for a newer Python than this
course, for what is here one recursion of a line. Its published example is among the tests.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from outsourcing import location

HOURS_PER_YEAR = 8760  # every hour of 365 days
CONTRACT_YEAR = 2080  # 52 weeks of 40 hours, paid
ROUND_THE_CLOCK = 8 / 24  # the share of night, 22:00 to 06:00, in a service that never closes


def _check(
    name: str, value: float, low: float, high: float = math.inf, *, open_low: bool = False, open_high: bool = True
) -> float:
    """`value` if it lies in the range; the ends belong to it unless said open (an infinite end never does)."""
    good = isinstance(value, (int, float)) and math.isfinite(value)
    good = good and (value > low if open_low else value >= low) and (value < high if open_high else value <= high)
    if not good:
        above = "above" if open_low else "of at least"
        below = "" if high == math.inf else f" and {'below' if open_high else 'at most'} {high:g}"
        raise ValueError(f"{name} is {value!r}: give a number {above} {low:g}{below}.")
    return value


def _agents(agents: int) -> int:
    if isinstance(agents, bool) or not isinstance(agents, int) or agents < 0:
        raise ValueError(f"agents is {agents!r}: give a whole number of 0 or more.")
    return agents


def round_up(amount: float) -> int:
    """The next whole number; a billionth above one (an error of floating point) does not cost another person."""
    return math.ceil(amount - 1e-9)


# ---- the queue ---------------------------------------------------------------------------------------------------


def offered_load(calls: float, interval: float, handling_time: float) -> float:
    """Erlangs: agents busy on average when `calls` come in `interval` and each takes `handling_time` (one unit of time for both)."""
    _check("calls", calls, 0, open_low=True)
    return (
        calls
        * _check("handling_time", handling_time, 0, open_low=True)
        / _check("interval", interval, 0, open_low=True)
    )


def erlang_b(load: float, agents: int) -> float:
    """Erlang B: the share of calls lost when there are `agents` lines and no queue.

    By the recursion on its inverse, 1/B(n) = 1 + n / load / B(n - 1), which neither overflows nor loses digits as the
    factorials of the closed formula do.
    """
    _check("load", load, 0, open_low=True)
    inverse = 1.0
    for n in range(1, _agents(agents) + 1):
        inverse = 1 + inverse * n / load
    return 1 / inverse


def _waits(load: float, agents: int, blocked: float) -> float:
    """Erlang C from Erlang B: n B / (n - load (1 - B)); 1 where the queue has no end."""
    return agents * blocked / (agents - load * (1 - blocked)) if agents > load else 1.0


def erlang_c(load: float, agents: int) -> float:
    """Erlang C: the chance that a call must wait. 1 when agents are no more than the load, for then the queue only grows."""
    return _waits(load, agents, erlang_b(load, agents))


def _in_time(load: float, agents: int, waits: float, handling_time: float, target: float) -> float:
    return 1 - waits * math.exp(-(agents - load) * target / handling_time) if agents > load else 0.0


def service_level(load: float, agents: int, handling_time: float, target: float) -> float:
    """The share of calls answered within `target` (unit of `handling_time`): 1 - C exp(-(n - load) target / handling time).

    0 where the queue has no end.
    """
    _check("handling_time", handling_time, 0, open_low=True)
    return _in_time(load, agents, erlang_c(load, agents), handling_time, _check("target", target, 0))


def average_speed_of_answer(load: float, agents: int, handling_time: float) -> float:
    """The mean wait of all calls, those answered at once included: C handling time / (n - load); infinite where the queue has no end."""
    _check("handling_time", handling_time, 0, open_low=True)
    return erlang_c(load, agents) * handling_time / (agents - load) if agents > load else math.inf


def occupancy(load: float, agents: int) -> float:
    """The share of their time that agents spend on calls: load / n, at most 1. A result of the target, not a choice beside it."""
    return min(1.0, _check("load", load, 0, open_low=True) / agents) if _agents(agents) else 1.0


def agents_needed(load: float, handling_time: float, target: float, level: float, max_occupancy: float = 1.0) -> int:
    """The fewest agents who answer the share `level` within `target` and are busy for at most `max_occupancy` of their time.

    `level` above 0 and below 1, `max_occupancy` above 0 and at most 1; ValueError otherwise.
    """
    _check("load", load, 0, open_low=True)
    _check("handling_time", handling_time, 0, open_low=True)
    _check("target", target, 0)
    _check("level", level, 0, 1, open_low=True)
    _check("max_occupancy", max_occupancy, 0, 1, open_low=True, open_high=False)
    agents, inverse = 0, 1.0
    while True:
        agents += 1
        inverse = 1 + inverse * agents / load
        in_time = _in_time(load, agents, _waits(load, agents, 1 / inverse), handling_time, target)
        if agents > load and load <= max_occupancy * agents and in_time >= level:
            return agents


@dataclass(frozen=True)
class Team:
    """A team of `agents` on the line and what its callers and its members get: fractions, and the mean wait in the unit of the handling time."""

    agents: int
    service_level: float
    occupancy: float
    p_wait: float
    wait: float


def team(load: float, agents: int, handling_time: float, target: float) -> Team:
    """Everything Erlang C says of `agents` at this load."""
    return Team(
        agents,
        service_level(load, agents, handling_time, target),
        occupancy(load, agents),
        erlang_c(load, agents),
        average_speed_of_answer(load, agents, handling_time),
    )


@dataclass(frozen=True)
class Pooling:
    """Calls split over `teams` alike, against one team for all: each small team, the pooled team, and the pooled team's agents split."""

    teams: int
    apart: Team
    pooled: Team
    split_level: float  # the service level when the pooled team's agents work apart

    @property
    def agents_apart(self) -> int:
        return self.teams * self.apart.agents


def pooling(load: float, teams: int, handling_time: float, target: float, level: float) -> Pooling:
    """What it costs to answer the same calls in `teams` (2 or more) teams that do not help one another."""
    _check("teams", teams, 2)
    part = load / teams
    pooled = agents_needed(load, handling_time, target, level)
    apart = agents_needed(part, handling_time, target, level)
    sizes = [pooled // teams + (number < pooled % teams) for number in range(teams)]
    split = sum(service_level(part, size, handling_time, target) for size in sizes) / teams
    return Pooling(teams, team(part, apart, handling_time, target), team(load, pooled, handling_time, target), split)


def erlang_a(load: float, agents: int, handling_time: float, patience: float) -> dict[str, float]:
    """Erlang A: Erlang C with callers who give up after a random time of mean `patience` (exponential; unit of the handling time).

    Returns the shares p_wait and abandonment, occupancy, and wait (the mean of all calls), from the balance of
    one call more against one fewer: with k calls present, min(k, agents) are served and the rest may leave.
    """
    _check("load", load, 0, open_low=True)
    _check("handling_time", handling_time, 0, open_low=True)
    _check("patience", patience, 0, open_low=True)
    weight, present, total, waiting, queued, busy = 1.0, 0, 1.0, float(_agents(agents) == 0), 0.0, 0.0
    while present <= agents + load or weight > 1e-16 * total:
        present += 1
        serving, queue = min(present, agents), max(0, present - agents)
        weight *= load / (serving + queue * handling_time / patience)
        if weight > 1e200:  # only ratios matter: scale all sums before they overflow
            weight, total, waiting, queued, busy = (amount / 1e200 for amount in (weight, total, waiting, queued, busy))
        total += weight
        waiting += weight * (present >= agents)
        queued += weight * queue
        busy += weight * serving
    wait = queued / total * handling_time / load  # Little's law
    return {
        "p_wait": waiting / total,
        "abandonment": wait / patience,
        "occupancy": busy / total / agents if agents else 1.0,
        "wait": wait,
    }


# ---- from seats to people ----------------------------------------------------------------------------------------


def with_shrinkage(agents: float, shrinkage: float) -> int:
    """People to roster so that `agents` are on the line when the share `shrinkage` of paid time goes to leave, breaks and training."""
    return round_up(_check("agents", agents, 0) / (1 - _check("shrinkage", shrinkage, 0, 1)))


def coverage_hours(seats: float, hours_per_year: float = HOURS_PER_YEAR) -> float:
    """Hours of work in a year that keep `seats` filled, round the clock unless told."""
    return _check("seats", seats, 0) * _check("hours_per_year", hours_per_year, 0)


def net_hours(shrinkage: float, contract_hours: float = CONTRACT_YEAR) -> float:
    """Hours a year that one person is on the line: the paid hours less `shrinkage`."""
    return _check("contract_hours", contract_hours, 0, open_low=True) * (1 - _check("shrinkage", shrinkage, 0, 1))


def relief_factor(coverage: float, net: float) -> float:
    """People who keep one seat filled: hours to cover / net hours of one person, both in one period (a year, a week)."""
    return _check("coverage", coverage, 0) / _check("net", net, 0, open_low=True)


def people_for(seats: float, coverage: float, net: float) -> int:
    """Whole people for `seats` that are each filled for `coverage` hours, when one person works `net` hours in that period."""
    return round_up(_check("seats", seats, 0) * relief_factor(coverage, net))


# ---- the night ---------------------------------------------------------------------------------------------------


@lru_cache(maxsize=64)
def night_share(site_zone: str, client_zone: str, year: int, day: tuple[float, float] = location.OFFICE_DAY) -> float:
    """The share of the client's working hours in `year` that fall in the site's night, 22:00 to 06:00.

    Clocks change, so every day of the year is looked at.
    Zones and `day` as in `location.night_hours`, and so are the errors.
    """
    first = date(year, 1, 1)
    days = [first + timedelta(days=number) for number in range((date(year + 1, 1, 1) - first).days)]
    return sum(location.night_hours(site_zone, client_zone, one, day) for one in days) / (len(days) * (day[1] - day[0]))


def night_premium(share: float, premium: float) -> float:
    """What extra pay for the night adds to a wage bill, as a fraction of it: the share of hours at night times the premium on an hour.

    In the Philippines the law asks for a premium of at least 10 % of the hourly wage (fact PH21).
    """
    return _check("share", share, 0, 1, open_high=False) * _check("premium", premium, 0)
