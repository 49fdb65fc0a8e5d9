"""outsourcing.location: the matrix keeps its blank cells, and shared hours follow the clocks of both places."""

import csv
from datetime import date

import pytest

from outsourcing import location
from outsourcing.evidence import rows


@pytest.fixture(scope="module")
def wide(root):
    """The matrix as an author of the tables laid it out by hand: rows of text, and the row that counts known cells."""
    with open(root / "tests/data/location_matrix.csv", newline="", encoding="utf8") as file:
        table = list(csv.DictReader(file))
    return table[:-1], table[-1]


def test_matrix_is_the_wide_table_blank_cells_included(wide):
    table, counts = wide
    made = location.matrix()
    assert list(made) == [row["country"] for row in table]
    for row in table:
        expected = {name: float(cell) if cell else None for name, cell in row.items() if name != "country"}
        assert made[row["country"]] == expected
    assert (
        sum(cell is None for cells in made.values() for cell in cells.values())
        == 180 - sum(int(count) for count in list(counts.values())[1:])
        == 56
    )


def test_coverage_counts_the_known_cells(wide):
    _, counts = wide
    made = location.coverage(location.matrix())
    assert made == {name: int(count) for name, count in counts.items() if name != "country"}
    assert location.coverage({"A": {"x": 0.0, "y": None}, "B": {"y": 2.0}}) == {"x": 1, "y": 1}, (
        "zero is a value, a missing key is not"
    )


def test_matrix_takes_chosen_criteria_and_refuses_unknown_ones():
    made = location.matrix(["ef_epi_2024"])
    assert made["Philippines"] == {"ef_epi_2024": 570.0} and len(made) == 10
    assert "United States" not in made, "the table also has client countries, which are not sites"
    with pytest.raises(ValueError, match="ef_epi_2042"):
        location.matrix(["ef_epi_2024", "ef_epi_2042"])


def test_published_overlap(reference_checks):
    cases = [row for row in reference_checks if row["method"] == "time_overlap"]
    assert [row["id"] for row in cases] == ["T70"]
    for row in cases:
        given = row["inputs"]
        day = tuple(int(hour) for hour in given["day"].split("-"))
        where = given["site"], given["client"], date.fromisoformat(given["date"])
        assert location.offset_hours(*where) == row["expected"]["offset_h"]
        assert location.overlap_hours(*where, day) == row["expected"]["overlap_h"]


def test_published_loaded_wages(reference_checks):
    """The table's loaded wage is base x (1 + bonus + benefits), as T42 has it, for each country with a wage."""
    given = next(row for row in reference_checks if row["id"] == "T42")
    cells = {
        (row["country"], row["indicator"]): float(row["value"]) for row in rows("location_factors") if row["value"]
    }
    known = [
        country
        for country, wages in location.matrix(["agent_loaded_wage_2024"]).items()
        if wages["agent_loaded_wage_2024"]
    ]
    assert sorted(known) == ["Colombia", "India", "Mexico", "Philippines"]
    for country in known:
        bonus, benefits = (cells[country, f"agent_{name}_2024"] / 100 for name in ("bonus", "benefit_load"))
        loaded = cells[country, "agent_base_wage_2024"] * (1 + bonus + benefits)
        assert cells[country, "agent_loaded_wage_2024"] == pytest.approx(loaded, abs=float(given["tolerance"]))
    assert cells["Philippines", "agent_loaded_wage_2024"] == given["expected"]["loaded"]


@pytest.mark.parametrize("client", ["new_york", "london"])
@pytest.mark.parametrize("season, day", [("jan", "2026-01-15"), ("jul", "2026-07-15")])
def test_all_forty_offsets_and_overlaps_of_the_table(client, season, day):
    zone = {"new_york": "America/New_York", "london": "Europe/London"}[client]
    cells = {
        (row["country"], row["indicator"]): float(row["value"]) for row in rows("location_factors") if row["value"]
    }
    for country, site in location.site_zones().items():
        assert location.offset_hours(site, zone, day) == cells[country, f"offset_{client}_{season}"], country
        assert location.overlap_hours(site, zone, day) == cells[country, f"overlap_{client}_{season}"], country


def test_hours_are_counted_over_midnight_and_on_days_when_clocks_change():
    # A night shift from 22:00 to 06:00 in Manila is the whole winter office day of New York; in summer the day begins an hour earlier.
    assert location.overlap_hours("Asia/Manila", "America/New_York", "2026-01-15", site_day=(22, 30)) == 8
    assert location.overlap_hours("Asia/Manila", "America/New_York", "2026-07-15", site_day=(22, 30)) == 7
    assert location.night_hours("Asia/Manila", "America/New_York", "2026-07-15") == 7
    # Samoa is 23 hours ahead of Hawaii: the office day of the 15th in Honolulu meets that of the 16th in Apia.
    assert location.offset_hours("Pacific/Apia", "Pacific/Honolulu", "2026-07-15") == 23
    assert location.overlap_hours("Pacific/Apia", "Pacific/Honolulu", "2026-07-15") == 7
    # Clocks went forward at 2:00 on 8 March 2026 in New York: the office day itself is still eight hours.
    assert location.overlap_hours("America/New_York", "America/New_York", "2026-03-08") == 8
    assert location.overlap_hours("America/Bogota", "America/New_York", "2026-03-07") == 8
    assert location.overlap_hours("America/Bogota", "America/New_York", "2026-03-08") == 7


def test_sharing_hours_is_mutual_for_equal_days():
    for zone in location.site_zones().values():
        assert location.overlap_hours(zone, "Europe/London", "2026-01-15") == location.overlap_hours(
            "Europe/London", zone, "2026-01-15"
        )


@pytest.mark.parametrize(
    "change, message",
    [
        ({"site_zone": "Asia/Manilla"}, "Asia/Manilla"),
        ({"client_zone": "America"}, "America"),
        ({"site_zone": ""}, "no time zone"),
        ({"date": "15.01.2026"}, "15.01.2026"),
        ({"day": (17, 9)}, "17 to 9"),
        ({"day": (9, 9)}, "9 to 9"),
        ({"day": (-1, 5)}, "-1 to 5"),
        ({"site_day": (22, 47)}, "22 to 47"),
    ],
)
def test_bad_input_is_named(change, message):
    good = {"site_zone": "Asia/Manila", "client_zone": "Europe/London", "date": "2026-01-15"}
    with pytest.raises(ValueError, match=message):
        location.overlap_hours(**{**good, **change})
