"""What the forecasts of one publisher said year after year, how far publishers are apart, and two forecasts beside their outcomes.

Values are billions of US dollars unless a row says otherwise. A steady rate from the estimate year is our drawing of an
edition's average, not the publisher's own curve: nobody outside has seen that curve. So a published size below the steady path
does not show that a forecast failed: the public figures cannot separate "it was planned so" from "the plan slipped".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from outsourcing import evidence, market


@dataclass(frozen=True)
class Point:
    """One year of an edition's path; `basis` says what the value rests on."""

    year: int
    value: float
    basis: str


@dataclass(frozen=True)
class Later:
    """A size published later for a year of an edition's steady path; `gap` is published / path - 1, a fraction (-0.03: 3 % less)."""

    year: int
    published: float
    path: float
    gap: float


@dataclass(frozen=True)
class Vintage:
    """One edition: its path (base year, estimate year, then its own rate to its end year), and what was published later for those years."""

    id: str
    name: str
    credit: str
    relayed: bool
    cagr: float | None
    path: list[Point]
    later: list[Later]


def vintages() -> list[Vintage]:
    """The yearly editions of gvr_vintages.csv, oldest first.

    The estimate year is left out of `later`: for most editions it is known only as the next edition's base value, so that the two
    cannot differ.
    """
    published = {one.year: one.value for one in market.published_values()}
    bases = {f"GVR-{row['edition'][:4]}": row["estimate_value_basis"] for row in evidence.rows("gvr_vintages")}
    found = []
    for edition in market.editions():
        credit = market.credit(edition.estimate_source, edition.reliability)
        path = [
            Point(
                edition.base_year,
                edition.base_value,
                f"base value of the edition, {market.credit(edition.base_source, edition.reliability)}",
            ),
            Point(
                edition.estimate_year, edition.estimate_value, f"estimate, known from the {bases[edition.id]}, {credit}"
            ),
        ]
        if edition.cagr is not None and edition.end_year is not None:
            steady = market.path(edition.estimate_value, edition.cagr, edition.estimate_year, edition.end_year)[1:]
            path += [Point(year, value, f"projected here at {edition.cagr * 100:g} % a year") for year, value in steady]
        later = [
            Later(point.year, published[point.year], point.value, published[point.year] / point.value - 1)
            for point in path[2:]
            if point.year in published
        ]
        found.append(
            Vintage(
                edition.id, edition.name, credit, edition.reliability == "low-aggregator", edition.cagr, path, later
            )
        )
    return found


@dataclass(frozen=True)
class Size:
    """The world's KPO market in one year as one page puts it; low = high unless it gives a range. `relayed`: known only through others."""

    id: str
    publisher: str
    year: int
    low: float
    high: float
    relayed: bool
    reliability: str
    note: str


def kpo_sizes(years: tuple[int, ...] = (2025, 2026)) -> list[Size]:
    """Sizes that the rows K.. of market_forecasts.csv give for `years`, smallest first within a year.

    Sub-markets and single countries are left out.
    """
    found = []
    for row in evidence.rows("market_forecasts"):
        if row["market"] != "KPO":
            continue
        for low, high, year in re.findall(r"([\d.]+)(?:-([\d.]+))? bn in (\d{4})", row["figure_context"]):
            if int(year) in years:
                found.append(
                    Size(
                        row["id"],
                        row["publisher"],
                        int(year),
                        float(low),
                        float(high or low),
                        "relayed" in row["publisher"],
                        row["reliability"],
                        row["note"],
                    )
                )
    return sorted(found, key=lambda size: (size.year, size.low))


@dataclass(frozen=True)
class Outcome:
    """A forecast and what was stated afterwards, both in `unit`; `ratio` is forecast / outcome; `caution` says what else differs."""

    what: str
    unit: str
    forecast: float
    said: str
    outcome: float
    stated: str
    ratio: float
    caution: str
    facts: list[str]


def outcomes() -> list[Outcome]:
    """The pairs of the tables in which forecast and outcome are both known: B01 with B02, and K07 with itself."""
    b01, b02, k07 = (evidence.fact(id).row for id in ("B01", "B02", "K07"))
    (realised,) = re.findall(r"realised CAGR ([\d.]+)%", k07["figure_context"])

    def pair(what, unit, forecast, said, outcome, stated, caution, facts):
        forecast, outcome = float(forecast), float(outcome)
        return Outcome(
            what, unit, forecast, said, outcome, stated, market.forecast_ratio(forecast, outcome), caution, facts
        )

    return [
        pair(
            "BPO market of the year 2004",
            "bn USD",
            b01["stated_end_value_usd_bn"],
            "Gartner Dataquest, January 2001",
            b02["base_value_usd_bn"],
            "Gartner, March 2005",
            "The later figure has a narrower definition; how much of the distance that explains, the two figures do not show.",
            ["B01", "B02"],
        ),
        pair(
            "Growth of India's research KPO",
            "% a year",
            k07["cagr_pct"],
            "Expectation of analysts for 2007 to 2012",
            realised,
            "ValueNotes, realised up to 2011",
            "Providers that do nothing else, business and market research only; the outcome ends a year before the forecast does.",
            ["K07"],
        ),
    ]
