"""Where to put the work: ten countries, what is known about each, and the hours they share with a client.

Two ideas that the course insists on live here. A blank cell stays blank (`None`): nobody could source it, and a made-up
value would decide a ranking. Hours come from the IANA time zone data, not from an offset learned by heart: clocks change.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from datetime import date as Date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from outsourcing.evidence import rows

# The criteria of the course's matrix, in its order: names of indicators in the table location_factors.
CRITERIA = (
    "gsli_rank_2023",
    "gsli_rank_2021",
    "gsli_score_2021",
    "gsli_rank_2016",
    "ef_epi_2024",
    "world_risk_index_2024",
    "cpi_2024",
    "cpi_2017",
    "gdp_per_capita_2023",
    "agent_base_wage_2024",
    "agent_loaded_wage_2024",
    "industry_workforce",
    "industry_revenue",
    "industry_exports",
    "offset_new_york_jan",
    "offset_london_jan",
    "overlap_new_york_jan",
    "overlap_london_jan",
)


@dataclass(frozen=True)
class Criterion:
    """A criterion that may decide a ranking: `better` is "higher" or "lower"; `caution` says what the number is not."""

    id: str
    name: str
    short: str  # for an axis
    unit: str
    better: str
    caution: str


# What the course weighs. Left out: workforce and revenue (size is no merit, and each country counts another sector), indices of other years
# (a second helping of the same), and character, which nobody can measure.
WEIGHED = (
    Criterion(
        "ef_epi_2024",
        "English test score",
        "English",
        "EF EPI 2024, 0-800",
        "higher",
        "people chose to take the test; not a sample",
    ),
    Criterion(
        "gdp_per_capita_2023",
        "General cost level",
        "Cost level",
        "GDP per capita 2023, USD",
        "lower",
        "a stand-in for the cost of labour, not a wage",
    ),
    Criterion(
        "overlap_new_york_jan",
        "Office hours shared with New York",
        "Hours: New York",
        "hours a day, January",
        "higher",
        "counts for work that must be done together, not for night service",
    ),
    Criterion(
        "overlap_london_jan",
        "Office hours shared with London",
        "Hours: London",
        "hours a day, January",
        "higher",
        "counts for work that must be done together, not for night service",
    ),
    Criterion(
        "cpi_2017",
        "Corruption Perceptions Index",
        "Corruption",
        "CPI 2017, 0-100, a high value is clean",
        "higher",
        "old: the only year found for all ten",
    ),
    Criterion(
        "world_risk_index_2024",
        "Disaster risk index",
        "Disaster risk",
        "WorldRiskIndex 2024, 0-100, a high value is risky",
        "lower",
        "only four countries near the top of the world's list were found, so a blank may lie below them all; "
        "it describes the country, not the site",
    ),
    Criterion(
        "agent_loaded_wage_2024",
        "Loaded agent wage",
        "Agent wage",
        "USD an hour, March 2024",
        "lower",
        "the middle of a wide range; counts cost again if the general cost level is in use",
    ),
    Criterion(
        "gsli_rank_2023",
        "Kearney index rank",
        "Kearney rank",
        "GSLI 2023, rank of 78",
        "lower",
        "already a weighted sum that holds cost and people: it counts them again",
    ),
)

CLIENTS = {"New York": "America/New_York", "London": "Europe/London"}
OFFICE_DAY = (9, 17)
# 22:00 to 06:00 of the next day: the window of the Philippine night premium (fact PH21); other laws set others
NIGHT = (22, 30)


def site_zones() -> dict[str, str]:
    """The ten countries that the course compares, each with the IANA zone of its main outsourcing city."""
    return {
        row["country"]: row["note"] for row in rows("location_factors") if row["indicator"] == "offset_new_york_jan"
    }


def matrix(criteria: tuple[str, ...] | list[str] = CRITERIA) -> dict[str, dict[str, float | None]]:
    """Country -> criterion -> value, pivoted from the table location_factors; None where nobody could source a value.

    Raises ValueError for a criterion that the table does not have at all (a slip of the pen, not a blank cell).
    """
    table = rows("location_factors")
    unknown = sorted(set(criteria) - {row["indicator"] for row in table})
    if unknown:
        raise ValueError(f"no such criterion: {', '.join(unknown)}. The table location_factors names what there is.")
    found = {(row["country"], row["indicator"]): float(row["value"]) for row in table if row["value"]}
    return {country: {name: found.get((country, name)) for name in criteria} for country in site_zones()}


def coverage(table: dict[str, dict[str, float | None]]) -> dict[str, int]:
    """Criterion -> the number of countries in `table` (as `matrix` returns it) for which its value is known."""
    names = dict.fromkeys(name for cells in table.values() for name in cells)
    return {name: sum(cells.get(name) is not None for cells in table.values()) for name in names}


def offset_hours(site_zone: str, client_zone: str, date: Date | str) -> float:
    """How many hours the site's clock is ahead of the client's at the client's noon of `date` (negative: behind).

    `date` is a datetime.date or ISO text, "2026-01-15"; zones are IANA names. Raises ValueError for a zone or date that does not exist.
    """
    moment = datetime.combine(_date(date), datetime.min.time(), _zone(client_zone)) + timedelta(hours=12)
    ahead = moment.astimezone(_zone(site_zone)).replace(tzinfo=None) - moment.replace(tzinfo=None)
    return ahead / timedelta(hours=1)


def overlap_hours(
    site_zone: str,
    client_zone: str,
    date: Date | str,
    day: tuple[float, float] = OFFICE_DAY,
    site_day: tuple[float, float] | None = None,
) -> float:
    """Hours that the client's working day of `date` shares with the site's working days.

    `day` is (start, end) on each side's own clock, 9 to 17 unless told; `site_day` gives the site hours of its own. An end over 24 means
    the next morning: (22, 30) is a night shift from 22:00 to 06:00. Raises ValueError for an unknown zone or date, or a day that
    does not start within 0 to 24 and last more than 0 and at most 24 hours.
    """
    start, end = _span(client_zone, _date(date), day)
    # A site day that begins on the evening before, or the morning after, may still meet the client's day.
    neighbours = (_date(date) + timedelta(days=step) for step in (-2, -1, 0, 1, 2))
    shared = timedelta()
    for neighbour in neighbours:
        opens, closes = _span(site_zone, neighbour, site_day or day)
        shared += max(timedelta(), min(end, closes) - max(start, opens))
    return shared / timedelta(hours=1)


def night_hours(
    site_zone: str,
    client_zone: str,
    date: Date | str,
    day: tuple[float, float] = OFFICE_DAY,
    night: tuple[float, float] = NIGHT,
) -> float:
    """Hours of the client's working day of `date` that fall in the site's night: what a premium for night work is paid on.

    Arguments and errors as in `overlap_hours`; `night` is on the site's clock.
    """
    return overlap_hours(site_zone, client_zone, date, day, night)


def _date(date: Date | str) -> Date:
    return Date.fromisoformat(date) if isinstance(date, str) else date


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError, ValueError) as error:  # OSError: the name of a folder, such as "America"
        raise ValueError(
            f"no time zone '{name}'. Use an IANA name such as Asia/Manila; on Windows, first `pip install tzdata`."
        ) from error


def _span(zone: str, date: Date, day: tuple[float, float]) -> tuple[datetime, datetime]:
    """A working day as two moments in UTC. Wall-clock arithmetic comes first: 9:00 is 9:00 on the day the clocks change too."""
    start, end = day
    if not (0 <= start < 24 and 0 < end - start <= 24):
        raise ValueError(
            f"a day from {start} to {end} cannot be: it starts between 0 and 24 and lasts at most 24 hours; (22, 30) is 22:00 to 06:00."
        )
    midnight = datetime.combine(date, datetime.min.time(), _zone(zone))
    return (midnight + timedelta(hours=start)).astimezone(UTC), (midnight + timedelta(hours=end)).astimezone(UTC)
