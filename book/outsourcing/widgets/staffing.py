"""The staffing explorer: how many agents a promise to callers takes, what one agent changes, and how many people that is."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import traitlets as t

from courseware.widgets.base import EXPLORER, ChartWidget, module
from outsourcing import cost, evidence, location, staffing

HERE = Path(__file__).parent
HALF_HOUR = 1800  # seconds
SITE, YEAR = "Philippines", 2026  # the site whose night is reckoned, and the year whose clocks are used


@lru_cache(maxsize=1)
def _services() -> tuple[dict, ...]:
    """Hours that a line can be open: hours to cover in a year and the share of them that lies in the site's night."""
    zone = location.site_zones()[SITE]
    clients = [
        {
            "id": city,
            "label": f"9 to 17 in {city}, 5 days",
            "hours": staffing.CONTRACT_YEAR,
            "night": staffing.night_share(zone, client, YEAR),
        }
        for city, client in location.CLIENTS.items()
    ]
    return (
        {
            "id": "round",
            "label": "24 hours, every day",
            "hours": staffing.HOURS_PER_YEAR,
            "night": staffing.ROUND_THE_CLOCK,
        },
        *clients,
        {"id": "site", "label": "9 to 17 in Manila, 5 days", "hours": staffing.CONTRACT_YEAR, "night": 0.0},
    )


def _source() -> str:
    law, formula = evidence.fact("Philippines/night_shift_premium_pct").row, evidence.fact("term/Erlang C").sources[0]
    return (
        f"Erlang C as in {formula.split(' ')[0].removeprefix('https://')}; night premium: {law['year_or_edition']} "
        f"of the Philippines, {law['note']}; nights from the time zones of {YEAR}. Every number here is computed from the settings; none is measured."
    )


class Staffing(ChartWidget):
    """Agents, service level and occupancy by Erlang C, an agent taken away or added, a queue to watch; teams apart against one pooled team; seats into people, and what nights add.

    `calls` in half an hour, times in seconds, shares in per cent. Every control is a trait, so that the next cell can read what the
    reader has set; `pooling` gives the teams that the settings ask for.
    """

    _esm = module(EXPLORER, HERE / "staffing_queue.js", HERE / "staffing.js")
    title = t.Unicode("How many agents does a promise take?").tag(sync=True)
    calls = t.Int(100, min=1, help="calls in half an hour").tag(sync=True)
    handling = t.Int(180, min=1, help="mean handling time in seconds").tag(sync=True)
    level = t.Int(80, min=1, max=99, help="per cent of calls to answer in time").tag(sync=True)
    target = t.Int(20, min=0, help="seconds in which to answer").tag(sync=True)
    shrinkage = t.Int(30, min=0, max=99, help="per cent of paid time not on the line").tag(sync=True)
    teams = t.Int(2, min=2, help="teams apart, to compare with one").tag(sync=True)
    service = t.Unicode("round", help="id of the hours of service").tag(sync=True)
    premium = t.Int(help="per cent more for an hour at night").tag(sync=True)
    least_premium = t.Int(help="the least premium that the law allows").tag(sync=True)
    staffed = t.Int(
        None, allow_none=True, min=1, help="agents on the line; None: the fewest that keep the promise"
    ).tag(sync=True)
    services = t.List(t.Dict()).tag(sync=True)
    contract_hours = t.Int(staffing.CONTRACT_YEAR).tag(sync=True)
    source = t.Unicode().tag(sync=True)

    def __init__(self, **traits):
        law = round(cost.night_premium_by_law() * 100)
        for name, value in {
            "least_premium": law,
            "premium": law,
            "services": list(_services()),
            "source": _source(),
        }.items():
            traits.setdefault(name, value)
        super().__init__(**traits)

    @property
    def load(self) -> float:
        """Erlangs: agents busy on average."""
        return staffing.offered_load(self.calls, HALF_HOUR, self.handling)

    @property
    def pooling(self) -> staffing.Pooling:
        """The teams apart and the pooled team; `pooling.pooled.agents` are the agents that one team needs."""
        return staffing.pooling(self.load, self.teams, self.handling, self.target, self.level / 100)

    @property
    def on_the_line(self) -> staffing.Team:
        """What the agents who are on the line now do: those that the reader has set, else the fewest that keep the promise."""
        return staffing.team(self.load, self.staffed or self.pooling.pooled.agents, self.handling, self.target)

    @property
    def people(self) -> int:
        """People to employ so that the pooled team's seats are filled in all hours of service."""
        hours = next(one["hours"] for one in self.services if one["id"] == self.service)
        return staffing.people_for(
            self.pooling.pooled.agents, hours, staffing.net_hours(self.shrinkage / 100, self.contract_hours)
        )
