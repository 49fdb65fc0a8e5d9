"""Market arithmetic against numbers that others published, and against the tables' own recomputed columns."""

from __future__ import annotations

import math

import pytest

from outsourcing import evidence, market
from outsourcing.widgets import MarketGrowth


def checks(reference_checks, *ids):
    rows = [row for row in reference_checks if row["id"] in ids]
    assert [row["id"] for row in rows] == list(ids)
    return rows


def test_cagr_as_published(reference_checks):
    for row in checks(reference_checks, "T01", "T02"):
        assert market.cagr(**row["inputs"]) == pytest.approx(row["expected"]["cagr"], abs=float(row["tolerance"])), row[
            "id"
        ]


def test_projection_as_published(reference_checks):
    for row in checks(reference_checks, "T03", "T05"):
        given = row["inputs"]
        assert market.project(given["start"], given["cagr"], given["years"]) == pytest.approx(
            row["expected"]["end"], abs=float(row["tolerance"])
        ), row["id"]


def test_forecasts_that_do_not_close(reference_checks):
    for row in checks(reference_checks, "T07", "T08"):
        given = row["inputs"]
        assert (
            market.closes(given["start"], given["cagr"], given["years"], given["stated_end"]) is row["expected"]["ok"]
        ), row["id"]


def test_forecast_against_its_outcome(reference_checks):
    (row,) = checks(reference_checks, "T60")
    ratio = market.forecast_ratio(row["inputs"]["forecast_2004"], row["inputs"]["later_actual_2004"])
    assert ratio == pytest.approx(row["expected"]["ratio"], abs=float(row["tolerance"]))


def test_closes_agrees_with_every_complete_forecast_of_the_table():
    complete = [
        row
        for row in evidence.rows("market_forecasts")
        if all(row[column] for column in ("base_value_usd_bn", "cagr_pct", "n_years_used", "stated_end_value_usd_bn"))
    ]
    assert len(complete) >= 20
    for row in complete:
        closes = market.closes(
            float(row["base_value_usd_bn"]),
            float(row["cagr_pct"]) / 100,
            float(row["n_years_used"]),
            float(row["stated_end_value_usd_bn"]),
        )
        assert closes is row["arithmetic"].startswith("matches"), row["id"]


def test_cagr_undoes_project():
    for rate in (-0.2, 0.0, 0.091, 1.5):
        assert market.cagr(261.9, market.project(261.9, rate, 8), 8) == pytest.approx(rate)


def test_path_has_every_year_once_and_starts_at_the_start():
    rows = market.path(261.9, 0.091, 2022, 2030)
    assert [year for year, _ in rows] == list(range(2022, 2031))
    assert rows[0] == (2022, 261.9)
    assert rows[-1][1] == pytest.approx(525.7, abs=0.05)


def test_editions_lead_where_the_table_says():
    stated = [row for row in evidence.rows("gvr_vintages") if row["forecast_cagr_pct"]]
    known = [edition for edition in market.editions() if edition.cagr is not None]
    assert len(known) == len(stated) == 6
    for edition, row in zip(known, stated):
        assert edition.end_value == pytest.approx(float(row["end_from_estimate_year_usd_bn"]), abs=0.051), edition.id
        from_base = market.project(edition.base_value, edition.cagr, edition.end_year - edition.base_year)
        assert from_base == pytest.approx(float(row["end_from_base_year_usd_bn"]), abs=0.051), edition.id
        assert edition.id in evidence.facts()
    assert [edition.id for edition in known if edition.quoted] == ["GVR-2022"]


def test_published_values_run_year_by_year_and_name_who_passed_them_on():
    values = market.published_values()
    assert [value.year for value in values] == list(range(2019, 2027))
    for value in values:
        verb = "relayed" if value.reliability == "low-aggregator" else "reported"
        assert value.credit.startswith(f"as {verb} by ") and len(value.credit) > len(f"as {verb} by a")


@pytest.mark.parametrize(
    "call, cure",
    [
        (lambda: market.cagr(0, 5, 3), "start is 0: give a number above 0"),
        (lambda: market.cagr(5, -1, 3), "end is -1: give a number above 0"),
        (lambda: market.cagr(5, 6, 0), "count the years"),
        (lambda: market.cagr(5, math.nan, 3), "end is nan"),
        (lambda: market.project(5, -1, 3), "give a fraction above -1"),
        (lambda: market.project(5, "9.1", 3), "give a fraction"),
        (lambda: market.project(5, 0.1, math.inf), "years is inf"),
        (lambda: market.path(5, 0.1, 2030, 2022), "choose a horizon of 2030 or later"),
        (lambda: market.closes(5, 0.1, 3, 6, tolerance=-1), "tolerance is -1"),
        (lambda: market.forecast_ratio(5, 0), "outcome is 0"),
    ],
)
def test_a_wrong_value_is_refused_with_its_cure(call, cure):
    with pytest.raises(ValueError) as error:
        call()
    assert cure in str(error.value)


def test_widget_projects_from_either_year():
    explorer = MarketGrowth()
    assert explorer.projection()[0] == (2022, 261.9)
    assert explorer.projection()[-1] == (2030, pytest.approx(525.7, abs=0.05))
    assert explorer.projection(5.0)[-1] == (2030, pytest.approx(386.9, abs=0.05))
    explorer.start = "base"
    assert explorer.projection()[0] == (2021, 245.9)
    assert explorer.projection()[-1] == (2030, pytest.approx(538.5, abs=0.05))
