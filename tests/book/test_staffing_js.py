"""The formulas of the staffing and cost explorers, evaluated in Chromium, are the library's."""

from __future__ import annotations

import itertools
from dataclasses import asdict

import pytest

from outsourcing import cost, staffing
from outsourcing.widgets import Cost, Staffing

LOADS, AGENTS = (0.05, 0.9, 5, 10, 33.3, 250), (1, 2, 7, 14, 40, 260)


@pytest.fixture(scope="module")
def in_browser(browser):
    """in_browser(expression, argument): `staffing` and `cost` are the widgets' modules."""
    page = browser.new_page()
    page.evaluate(
        """async (sources) => {
        for (const [name, source] of Object.entries(sources)) globalThis[name] = await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
    }""",
        {"staffing": str(Staffing._esm), "cost": str(Cost._esm)},
    )
    yield lambda expression, argument=None: page.evaluate(f"(given) => {expression}", argument)
    page.close()


def test_erlang_formulas_are_equal(in_browser):
    cases = [list(case) for case in itertools.product(LOADS, AGENTS)]
    assert in_browser("given.map((one) => staffing.erlangB(...one))", cases) == pytest.approx(
        [staffing.erlang_b(*case) for case in cases], rel=1e-12
    )
    assert in_browser("given.map((one) => staffing.erlangC(...one))", cases) == pytest.approx(
        [staffing.erlang_c(*case) for case in cases], rel=1e-12
    )


def test_teams_are_equal(in_browser):
    cases = [
        [load, agents, handling, target]
        for load, agents in itertools.product(LOADS, AGENTS)
        for handling, target in ((180, 20), (600, 0), (30, 60))
    ]
    for case, theirs in zip(cases, in_browser("given.map((one) => staffing.team(...one))", cases)):
        ours = staffing.team(*case)
        assert [theirs[key] for key in ("agents", "level", "occupancy", "p_wait", "wait")] == pytest.approx(
            list(asdict(ours).values()), rel=1e-11, abs=1e-15
        ), case


def test_agents_and_pooling_are_equal(in_browser):
    cases = [
        [load, teams, 180, target, level]
        for load in LOADS
        for teams in (2, 3, 6)
        for target in (0, 20)
        for level in (0.5, 0.8, 0.99)
    ]
    for case, theirs in zip(cases, in_browser("given.map((one) => staffing.pooling(...one))", cases)):
        ours = staffing.pooling(*case)
        assert (theirs["pooled"]["agents"], theirs["apart"]["agents"]) == (ours.pooled.agents, ours.apart.agents), case
        assert theirs["splitLevel"] == pytest.approx(ours.split_level, rel=1e-11), case
    plain = [[case[0], *case[2:]] for case in cases]
    assert in_browser("given.map((one) => staffing.agentsNeeded(...one))", plain) == [
        staffing.agents_needed(*case) for case in plain
    ]


def test_people_and_nights_are_equal(in_browser):
    cases = [
        [seats, coverage, staffing.net_hours(shrinkage)]
        for seats in (1, 14, 99)
        for coverage in (2080, 8760)
        for shrinkage in (0, 0.3, 0.45)
    ]
    assert in_browser("given.map((one) => staffing.peopleFor(...one))", cases) == [
        staffing.people_for(*case) for case in cases
    ]
    assert in_browser("given.map(([, ...one]) => staffing.reliefFactor(...one))", cases) == pytest.approx(
        [staffing.relief_factor(*case[1:]) for case in cases]
    )
    assert in_browser("staffing.nightPremium(1 / 3, 0.1)") == pytest.approx(staffing.night_premium(1 / 3, 0.1))
    assert (
        in_browser("given.map(staffing.roundUp)", [20, 20 + 1e-12, 20.1])
        == [staffing.round_up(amount) for amount in (20, 20 + 1e-12, 20.1)]
        == [20, 20, 21]
    )


def test_published_example_holds_in_the_browser_too(in_browser, reference_checks):
    row = next(row for row in reference_checks if row["method"] == "erlang_c")
    given, expected = row["inputs"], row["expected"]
    team = in_browser(
        "staffing.team(...given)",
        [
            given["calls"] * given["aht_s"] / (given["interval_min"] * 60),
            expected["raw_positions"],
            given["aht_s"],
            given["target_s"],
        ],
    )
    assert [team["level"], team["occupancy"], team["p_wait"]] == pytest.approx(
        [expected["service_level"], expected["occupancy"], expected["p_wait"]], abs=float(row["tolerance"])
    )


@pytest.mark.parametrize("basis", [cost.MIXED, cost.ASSUMED])
def test_seat_cost_is_equal(in_browser, basis):
    cases = [
        (2.5, 0.1, 0.45, cost.Assumptions()),
        (6, 0.15, 0.5, cost.Assumptions(8760, 1 / 3, 0.25, 0.8, 2500, 0.35, 4000, 1, 0.02)),
        (2, 0, 0.2, cost.Assumptions(1000, 0, 0, 0, 0, 0, 0, 10, 0.002)),
    ]
    for base, bonus, benefits, given in cases:
        theirs = in_browser(
            "cost.seatCost(...given)",
            [base, bonus, benefits, {**asdict(given), "contract_hours": staffing.CONTRACT_YEAR}, basis],
        )
        ours = cost.seat_cost(base, bonus, benefits, given, basis)
        assert [(part["id"], part["name"], part["basis"]) for part in theirs] == [
            (part.id, part.name, part.basis) for part in ours
        ]
        assert [part["usd"] for part in theirs] == pytest.approx([part.usd for part in ours], rel=1e-12)
        assert in_browser("cost.total(given)", theirs) == pytest.approx(cost.total(ours))
    assert in_browser("cost.loadedWage(2.5, 0.1, 0.45)") == pytest.approx(cost.loaded_wage(2.5, 0.1, 0.45))
