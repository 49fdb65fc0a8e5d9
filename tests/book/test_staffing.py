"""Staffing arithmetic against published numbers, against Erlang's closed formulas, and against what must always hold."""

from __future__ import annotations

import math

import pytest

from outsourcing import location, staffing


def checks(reference_checks, method):
    found = [row for row in reference_checks if row["method"] == method]
    assert found, f"no reference check for {method}"
    return found


def test_erlang_c_as_published(reference_checks):
    for row in checks(reference_checks, "erlang_c"):
        given, expected = row["inputs"], row["expected"]
        load = staffing.offered_load(given["calls"], given["interval_min"] * 60, given["aht_s"])
        agents = staffing.agents_needed(load, given["aht_s"], given["target_s"], given["sl"], given["max_occ"])
        team = staffing.team(load, agents, given["aht_s"], given["target_s"])
        assert agents == expected["raw_positions"]
        assert staffing.with_shrinkage(agents, given["shrinkage"]) == expected["positions"]
        found = {"service_level": team.service_level, "occupancy": team.occupancy, "p_wait": team.p_wait}
        assert found == pytest.approx({name: expected[name] for name in found}, abs=float(row["tolerance"]))
        assert team.wait == pytest.approx(7.84, abs=0.005)  # named in the row's note


def test_erlang_b_as_published(reference_checks):
    for row in checks(reference_checks, "erlang_b"):
        found = [staffing.erlang_b(load, agents) for load, agents in row["inputs"]["cases"]]
        assert found == pytest.approx(row["expected"]["blocking"], abs=float(row["tolerance"]))


def test_erlang_a_as_published(reference_checks):
    for row in checks(reference_checks, "erlang_a"):
        given, expected = row["inputs"], row["expected"]
        load = staffing.offered_load(given["calls"], given["interval_min"], given["aht_min"])
        found = staffing.erlang_a(load, expected["raw_positions"], given["aht_min"], given["patience_min"])
        assert found == pytest.approx(
            {
                "p_wait": expected["p_wait"],
                "abandonment": expected["abandonment"],
                "occupancy": expected["occupancy"],
                "wait": expected["asa_min"],
            },
            abs=float(row["tolerance"]),
        )
        assert staffing.with_shrinkage(expected["raw_positions"], given["shrinkage"]) == expected["positions"]


def test_relief_and_coverage_as_published(reference_checks):
    for row in checks(reference_checks, "relief_factor"):
        given = row["inputs"]
        assert staffing.relief_factor(given["coverage_hours"], given["net_hours_per_person"]) == pytest.approx(
            row["expected"]["factor"], abs=float(row["tolerance"])
        )
        assert (
            staffing.people_for(1, given["coverage_hours"], given["net_hours_per_person"]) == row["expected"]["people"]
        )
    for row in checks(reference_checks, "coverage_hours"):
        assert staffing.coverage_hours(row["inputs"]["people_on_duty"]) == row["expected"]["hours_per_year"]
    for row in checks(reference_checks, "gross_relief_factor"):
        assert (
            staffing.relief_factor(row["inputs"]["week_hours"], row["inputs"]["contract_hours"])
            == row["expected"]["fte_per_seat"]
        )


@pytest.mark.parametrize("load, agents", [(0.3, 1), (2, 5), (10, 14), (17.5, 20), (60, 70)])
def test_recursion_is_the_closed_formula(load, agents):
    terms = [load**k / math.factorial(k) for k in range(agents + 1)]
    assert staffing.erlang_b(load, agents) == pytest.approx(terms[-1] / sum(terms), rel=1e-12)
    tail = terms[-1] * agents / (agents - load)
    assert staffing.erlang_c(load, agents) == pytest.approx(tail / (sum(terms[:-1]) + tail), rel=1e-12)


def test_large_lines_neither_overflow_nor_stall():
    assert 0 < staffing.erlang_b(5000, 5100) < 0.01
    agents = staffing.agents_needed(5000, 180, 20, 0.8)
    assert 5000 < agents < 5100
    assert staffing.erlang_b(0.001, 300) == 0.0  # the inverse grows past the largest number, and the share is 0


@pytest.mark.parametrize("load", [0.2, 1, 9.99, 10, 48.7, 200])
@pytest.mark.parametrize("level", [0.5, 0.8, 0.95])
def test_agents_needed_is_the_fewest(load, level):
    agents = staffing.agents_needed(load, 180, 20, level)
    assert staffing.service_level(load, agents, 180, 20) >= level
    assert agents == 1 or staffing.service_level(load, agents - 1, 180, 20) < level


def test_max_occupancy_asks_for_more_agents():
    assert staffing.agents_needed(10, 180, 20, 0.8, 0.85) == 14
    assert staffing.agents_needed(10, 180, 20, 0.8, 0.5) == 20
    assert staffing.occupancy(10, 20) == 0.5


def test_no_more_agents_than_load_means_a_queue_without_end():
    team = staffing.team(10, 10, 180, 20)
    assert (team.service_level, team.occupancy, team.p_wait, team.wait) == (0, 1, 1, math.inf)


def test_pooling_saves_agents_and_splitting_loses_callers():
    pool = staffing.pooling(10, 2, 180, 20, 0.8)
    assert (pool.agents_apart, pool.pooled.agents) == (16, 14)
    assert pool.split_level == pytest.approx(staffing.service_level(5, 7, 180, 20))
    assert pool.split_level < 0.8 <= pool.apart.service_level
    uneven = staffing.pooling(10, 4, 180, 20, 0.8)  # 14 agents over 4 teams: 4, 4, 3, 3
    assert uneven.split_level == pytest.approx(
        (staffing.service_level(2.5, 4, 180, 20) + staffing.service_level(2.5, 3, 180, 20)) / 2
    )


def test_the_more_patient_the_callers_the_nearer_to_erlang_c():
    patient = staffing.erlang_a(10, 13, 180, 1e7)
    assert patient["wait"] == pytest.approx(staffing.average_speed_of_answer(10, 13, 180), rel=1e-3)
    assert patient["p_wait"] == pytest.approx(staffing.erlang_c(10, 13), rel=1e-3)
    # overload: who is not served leaves
    assert staffing.erlang_a(800, 700, 180, 60)["abandonment"] == pytest.approx(1 - 700 / 800, abs=1e-3)


def test_shrinkage_is_counted_once():
    net = staffing.net_hours(0.3)
    assert net == pytest.approx(1456)
    assert staffing.people_for(14, staffing.CONTRACT_YEAR, net) == staffing.with_shrinkage(14, 0.3) == 20
    assert staffing.people_for(14, staffing.HOURS_PER_YEAR, net) == 85


def test_night_share_over_a_year():
    january, july = (
        location.night_hours("Asia/Manila", "America/New_York", day) for day in ("2026-01-15", "2026-07-15")
    )
    share = staffing.night_share("Asia/Manila", "America/New_York", 2026)
    assert july / 8 < share < january / 8
    summer = 238  # days of 2026 from 8 March to 31 October: New York's clocks are forward
    assert share == pytest.approx((summer * july + (365 - summer) * january) / 365 / 8)
    assert staffing.night_share("America/Bogota", "America/New_York", 2026) == 0
    assert staffing.night_share("Asia/Manila", "Asia/Manila", 2026, (0, 24)) == pytest.approx(staffing.ROUND_THE_CLOCK)


def test_night_premium_on_a_wage_bill():
    assert staffing.night_premium(1, 0.10) == pytest.approx(0.10)
    assert staffing.night_premium(staffing.ROUND_THE_CLOCK, 0.10) == pytest.approx(0.0333, abs=1e-4)


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: staffing.offered_load(0, 1800, 180), "calls is 0"),
        (lambda: staffing.offered_load(100, 0, 180), "interval is 0"),
        (lambda: staffing.erlang_b(-1, 3), "load is -1"),
        (lambda: staffing.erlang_b(3, 2.5), "agents is 2.5: give a whole number"),
        (lambda: staffing.service_level(3, 5, 180, math.nan), "target is nan"),
        (lambda: staffing.agents_needed(3, 180, 20, 1), "level is 1: give a number above 0 and below 1"),
        (lambda: staffing.agents_needed(3, 180, 20, 0.8, 0), "max_occupancy is 0"),
        (
            lambda: staffing.agents_needed(3, 180, 20, 0.8, 1.2),
            "max_occupancy is 1.2: give a number above 0 and at most 1",
        ),
        (lambda: staffing.pooling(3, 1, 180, 20, 0.8), "teams is 1: give a number of at least 2"),
        (lambda: staffing.with_shrinkage(3, 1), "shrinkage is 1"),
        (lambda: staffing.relief_factor(8760, 0), "net is 0"),
        (lambda: staffing.night_premium(1.5, 0.1), "share is 1.5"),
        (lambda: staffing.night_share("Asia/Nowhere", "Europe/London", 2026), "no time zone 'Asia/Nowhere'"),
    ],
)
def test_errors_say_what_to_give(call, words):
    with pytest.raises(ValueError) as caught:
        call()
    assert words in str(caught.value)
