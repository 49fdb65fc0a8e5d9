"""The cost explorer: what a seat costs a year in four countries, published pay told apart from the reader's assumptions."""

from __future__ import annotations

from dataclasses import asdict, fields
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

import traitlets as t

from courseware.widgets.base import EXPLORER, ChartWidget, module
from outsourcing import cost, evidence, location, staffing

YEAR = 2026  # the year whose clocks decide what is night
NIGHT_LAW = "Philippines"  # the country whose night premium stands in the tables


@lru_cache(maxsize=1)
def _destinations() -> tuple[dict, ...]:
    """Countries with published pay; ranges as [low, middle, high], USD an hour and per cent; share of night by hours of service."""
    zones = location.site_zones()
    found = []
    for pay in cost.agent_pay().values():
        spans = {
            name: [round(value * scale, 6) for value in asdict(getattr(pay, name)).values()]
            for name, scale in (("base", 1), ("bonus", 100), ("benefits", 100))
        }
        night = {
            city: staffing.night_share(zones[pay.country], client, YEAR) for city, client in location.CLIENTS.items()
        }
        found.append(
            {
                "country": pay.country,
                **spans,
                "night": {**night, "round": staffing.ROUND_THE_CLOCK, "site": 0.0},
                "law": round(cost.night_premium_by_law() * 100) if pay.country == NIGHT_LAW else 0,
            }
        )
    return tuple(found)


def _source() -> str:
    pay = cost.agent_pay()[NIGHT_LAW]
    law, chosen = (
        evidence.fact("Philippines/night_shift_premium_pct").row,
        evidence.fact("Any country/vendor_selection_share").row,
    )
    return (
        f"pay of agents: {urlsplit(pay.source).netloc}, {pay.year}; night premium: {law['year_or_edition']} of the Philippines; "
        f"choosing a vendor: {chosen['year_or_edition']}, as quoted by {urlsplit(chosen['source_urls']).netloc}; "
        f"nights from the time zones of {YEAR}. Hatched parts rest on your assumptions and have no source. The sums are this page's own arithmetic."
    )


def _breakdown() -> dict:
    row = evidence.fact("Philippines/price_share_agent_pay").row
    parts = [[name, round(share * 100, 6)] for name, share in cost.price_breakdown().items()]
    return {"parts": parts, "year": row["year_or_edition"], "source": urlsplit(row["source_urls"]).netloc}


class Cost(ChartWidget):
    """Cost of a seat and year by destination, as a waterfall of its parts and beside the other countries.

    `base` in USD an hour, other money in USD, shares in per cent. Every control is a trait, so that the next cell can read what
    the reader has set; `parts` gives the waterfall's lines.
    """

    _esm = module(EXPLORER, Path(__file__).parent / "cost.js")
    title = t.Unicode("What does a seat cost a year?").tag(sync=True)
    country = t.Unicode(NIGHT_LAW).tag(sync=True)
    base = t.Float(min=0).tag(sync=True)
    bonus = t.Float(min=0).tag(sync=True)
    benefits = t.Float(min=0).tag(sync=True)
    service = t.Unicode("New York", help="a client's city, 'round', 'site' or 'own': which hours are served").tag(
        sync=True
    )
    own_night = t.Float(50, min=0, max=100, help="share of hours at night where service is 'own'").tag(sync=True)
    premium = t.Float(min=0).tag(sync=True)
    hours = t.Int(staffing.CONTRACT_YEAR, min=1).tag(sync=True)
    attrition = t.Float(30, min=0).tag(sync=True)
    replacing = t.Float(1000, min=0).tag(sync=True)
    management = t.Float(20, min=0).tag(sync=True)
    transition = t.Float(1500, min=0).tag(sync=True)
    years = t.Int(3, min=1).tag(sync=True)
    selection = t.Float(min=0).tag(sync=True)
    destinations = t.List(t.Dict()).tag(sync=True)
    selection_range = t.List().tag(sync=True)
    breakdown = t.Dict().tag(sync=True)
    contract_hours = t.Int(staffing.CONTRACT_YEAR).tag(sync=True)
    source = t.Unicode().tag(sync=True)

    def __init__(self, **traits):
        known = {one["country"]: one for one in _destinations()}
        chosen = traits.setdefault("country", NIGHT_LAW)
        if chosen not in known:
            raise ValueError(f"no published pay for '{chosen}': choose one of {', '.join(known)}.")
        middle = {name: known[chosen][name][1] for name in ("base", "bonus", "benefits")}
        span = [round(value * 100, 6) for value in asdict(cost.vendor_selection()).values()]
        for name, value in {
            **middle,
            "premium": round(cost.night_premium_by_law() * 100),
            "selection": span[1],
            "selection_range": span,
            "destinations": list(known.values()),
            "breakdown": _breakdown(),
            "source": _source(),
        }.items():
            traits.setdefault(name, value)
        super().__init__(**traits)

    @property
    def assumptions(self) -> cost.Assumptions:
        """What the reader has set, in the units of the library."""
        place = next(one for one in self.destinations if one["country"] == self.country)
        given = {
            field.name: getattr(self, field.name) for field in fields(cost.Assumptions) if self.has_trait(field.name)
        }
        shares = {name: given[name] / 100 for name in ("premium", "attrition", "management", "selection")}
        night = self.own_night / 100 if self.service == "own" else place["night"][self.service]
        return cost.Assumptions(**{**given, **shares, "night_share": night})

    @property
    def parts(self) -> list[cost.Part]:
        """The lines of the waterfall: USD a seat and year."""
        basis = cost.MIXED if self.country == NIGHT_LAW else cost.ASSUMED
        return cost.seat_cost(self.base, self.bonus / 100, self.benefits / 100, self.assumptions, basis)
