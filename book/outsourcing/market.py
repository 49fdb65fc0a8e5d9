"""Arithmetic of market forecasts: growth rates, projections, and whether a published forecast closes.

Rates are fractions a year (0.091 is 9.1 %), values any money unit (the tables hold billions of US dollars), years
whole or broken. Compound annual growth rate as every finance text defines it: end = start * (1 + rate) ** years.
A CAGR is an average that joins two points; it says nothing about the path between them.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from outsourcing import evidence


def _positive(name: str, value: float, why: str) -> float:
    if not (isinstance(value, (int, float)) and math.isfinite(value) and value > 0):
        raise ValueError(f"{name} is {value!r}: give a number above 0 ({why}).")
    return value


def _growth(rate: float) -> float:
    if not (isinstance(rate, (int, float)) and math.isfinite(rate) and rate > -1):
        raise ValueError(f"rate is {rate!r}: give a fraction above -1, for example 0.091 for 9.1 % a year.")
    return rate


def cagr(start: float, end: float, years: float) -> float:
    """Compound annual growth rate between two values, as a fraction a year: (end / start) ** (1 / years) - 1.

    Raises ValueError when a value or the number of years is not above 0.
    """
    _positive("start", start, "a growth rate needs a start to grow from")
    _positive("end", end, "a market that ends at 0 has no finite yearly rate")
    _positive("years", years, "count the years between the two values, not the calendar year")
    factor: float = (end / start) ** (1 / years)
    return factor - 1


def project(value: float, rate: float, years: float) -> float:
    """The value after `years` at a constant `rate` (fraction a year): value * (1 + rate) ** years.

    Raises ValueError for a value that is not above 0, a rate of -1 or less, or years that are not a number.
    """
    _positive("value", value, "a projection needs a market to start from")
    if not (isinstance(years, (int, float)) and math.isfinite(years)):
        raise ValueError(f"years is {years!r}: give the number of years between start and horizon.")
    factor: float = (1 + _growth(rate)) ** years
    return value * factor


def path(value: float, rate: float, start_year: int, end_year: int) -> list[tuple[int, float]]:
    """(year, value) for every year from start_year to end_year, both included, at a constant rate.

    Raises ValueError when end_year lies before start_year, and as `project` does.
    """
    if end_year < start_year:
        raise ValueError(
            f"end_year {end_year} lies before start_year {start_year}: choose a horizon of {start_year} or later."
        )
    return [(year, project(value, rate, year - start_year)) for year in range(start_year, end_year + 1)]


def closes(start: float, rate: float, years: float, stated_end: float, tolerance: float = 0.01) -> bool:
    """Whether a published forecast closes its own arithmetic: the stated end lies within `tolerance` (a fraction of it) of the projection.

    Closing proves nothing about truth: it only says that start, rate, years and end belong together. One per cent
    leaves room for a rate that was rounded to one decimal. Raises ValueError as `project` does.
    """
    _positive("stated_end", stated_end, "the end value that the publisher states")
    if not tolerance >= 0:
        raise ValueError(f"tolerance is {tolerance!r}: give a fraction of 0 or more, for example 0.01 for 1 %.")
    return abs(project(start, rate, years) - stated_end) <= tolerance * stated_end


def forecast_ratio(forecast: float, outcome: float) -> float:
    """How many times the outcome a forecast was: forecast / outcome, both in one unit. Raises ValueError unless both are above 0."""
    return _positive("forecast", forecast, "the value that was foretold") / _positive(
        "outcome", outcome, "the value reported later"
    )


@dataclass(frozen=True)
class Edition:
    """One yearly edition of one publisher's market report, values in billions of US dollars.

    `estimate_year` is the first year of the forecast period: the stated `cagr` (a fraction a year, None when the edition
    states none) runs from there to `end_year`. `end_value` is our projection from the estimate year, not a stated figure.
    `quoted` marks the edition that source S0 quotes.
    """

    id: str
    name: str
    quoted: bool
    base_year: int
    base_value: float
    estimate_year: int
    estimate_value: float
    cagr: float | None
    end_year: int | None
    base_source: str
    estimate_source: str
    reliability: str
    note: str

    @property
    def end_value(self) -> float | None:
        if self.cagr is None or self.end_year is None:
            return None
        return project(self.estimate_value, self.cagr, self.end_year - self.estimate_year)


@dataclass(frozen=True)
class YearValue:
    """A published size of the market in one year (billions of US dollars) and who passed it on."""

    year: int
    value: float
    edition: str
    credit: str
    reliability: str


def credit(source: str, reliability: str) -> str:
    """Who passed a figure on: "as relayed by NAME" for an aggregator, else "as reported by NAME". No original was readable."""
    verb = "relayed" if reliability == "low-aggregator" else "reported"
    parts = urlsplit(source)
    if parts.netloc == "raw.githubusercontent.com":
        name = f"a public repository ({parts.path.split('/')[2]})"
    elif parts.netloc:
        name = re.sub(r"^www\.", "", parts.netloc)
    else:
        name = f"a {source}"
    return f"as {verb} by {name}"


def editions() -> list[Edition]:
    """The yearly editions of gvr_vintages.csv (Grand View Research, business process outsourcing, world), oldest first."""
    found = []
    for row in evidence.rows("gvr_vintages"):
        stated = bool(row["forecast_cagr_pct"])
        found.append(
            Edition(
                id=f"GVR-{row['edition'][:4]}",
                name=f"{row['edition'][:4]} edition",
                quoted="quoted by S0" in row["edition"],
                base_year=int(row["base_year"]),
                base_value=float(row["base_value_usd_bn"]),
                estimate_year=int(row["estimate_year"]),
                estimate_value=float(row["estimate_value_usd_bn"]),
                cagr=float(row["forecast_cagr_pct"]) / 100 if stated else None,
                end_year=int(row["end_year"]) if stated else None,
                base_source=row["source_base"],
                estimate_source=row["source_estimate"],
                reliability=row["reliability"],
                note=row["note"],
            )
        )
    return found


def published_values() -> list[YearValue]:
    """One published value a year: the base value of each edition, and the estimate of the last one."""
    known = editions()
    values = [
        YearValue(e.base_year, e.base_value, e.name, credit(e.base_source, e.reliability), e.reliability) for e in known
    ]
    last = known[-1]
    return [
        *values,
        YearValue(
            last.estimate_year,
            last.estimate_value,
            last.name,
            credit(last.estimate_source, last.reliability),
            last.reliability,
        ),
    ]
