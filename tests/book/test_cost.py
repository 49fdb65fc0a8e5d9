"""Cost arithmetic against published numbers and against the facts of the tables."""

from __future__ import annotations

from dataclasses import replace

import pytest

from outsourcing import cost, evidence

COUNTRIES = ("Philippines", "India", "Colombia", "Mexico")


def check(reference_checks, method):
    return next(row for row in reference_checks if row["method"] == method)


def test_loaded_wage_as_published(reference_checks):
    row = check(reference_checks, "loaded_wage")
    assert cost.loaded_wage(**row["inputs"]) == pytest.approx(row["expected"]["loaded"], abs=float(row["tolerance"]))


def test_pay_is_the_table_and_loads_to_the_table():
    pay = cost.agent_pay()
    assert tuple(pay) == COUNTRIES
    for country, one in pay.items():
        row = evidence.fact(f"{country}/agent_loaded_wage_2024").row
        for end, column in (("low", "low"), ("mid", "value"), ("high", "high")):
            assert one.loaded(end) == pytest.approx(float(row[column]), abs=0.001), (country, end)
        assert one.base.low < one.base.mid < one.base.high and one.bonus.high < 1 and one.benefits.high < 1
        assert one.year == "Mar 2024" and one.source.startswith("https://")


def test_share_of_choosing_a_vendor_as_published(reference_checks):
    row, span = check(reference_checks, "tco_share"), cost.vendor_selection()
    given = row["inputs"]
    assert (span.low, span.high) == (given["low"], given["high"])
    assert cost.selection_cost(given["contract_usd"], span.low) == row["expected"]["low_usd"]
    assert cost.selection_cost(given["contract_usd"], span.high) == row["expected"]["high_usd"]


def test_price_breakdown_as_published(reference_checks):
    row = check(reference_checks, "price_breakdown")
    shares = [round(share * 100) for share in cost.price_breakdown().values()]
    assert shares == row["inputs"]["shares"] and sum(shares) == row["expected"]["sum"]
    known = {
        fact.id for fact in evidence.facts().values() if fact.table == "location_factors" and "/price_share_" in fact.id
    }
    assert known == {f"Philippines/price_share_{part}" for part in cost.PRICE_PARTS}


def test_attrition_cost_as_published(reference_checks):
    row = check(reference_checks, "attrition_cost_scaling")
    given = row["inputs"]
    assert cost.scale_attrition_cost(given["cost"], given["rate"], given["new_rate"]) == pytest.approx(
        row["expected"]["cost"], abs=float(row["tolerance"])
    )
    assert cost.attrition_cost(100, given["rate"], 6000) == given["cost"]


def test_hire_funnel_as_published(reference_checks):
    row = check(reference_checks, "hire_funnel")
    assert cost.applicants_needed(**row["inputs"]) == row["expected"]["applicants"]
    assert cost.applicants_needed(1, 0.3) == 4


def test_the_law_on_nights():
    assert (
        cost.night_premium_by_law()
        == 0.10
        == float(evidence.fact("Philippines/night_shift_premium_pct").row["value"]) / 100
    )


def test_parts_of_a_seat():
    given = cost.Assumptions(
        hours=2080,
        night_share=0.5,
        premium=0.2,
        attrition=0.5,
        replacing=2000,
        management=0.1,
        transition=900,
        years=3,
        selection=0.01,
    )
    parts = {part.id: part.usd for part in cost.seat_cost(2, 0.1, 0.4, given)}
    wage = 2 * 2080
    assert parts == pytest.approx(
        {
            "wage": wage,
            "bonus": 416,
            "benefits": 1664,
            "night": 416,
            "attrition": 1000,
            "management": (wage * 1.6 + 1000) / 10,
            "transition": 300,
            "selection": ((wage * 1.6 + 1000) * 1.1 + 300) / 100,
        }
    )
    double = {part.id: part.usd for part in cost.seat_cost(2, 0.1, 0.4, replace(given, hours=4160))}
    assert double["attrition"] == 2 * parts["attrition"], "twice the hours are two people, and both may leave"
    assert double["transition"] == parts["transition"], "a workplace moves once, whoever sits there"


def test_only_pay_is_called_published():
    parts = cost.seat_cost(2.5, 0.1, 0.45)
    assert [part.id for part in parts if part.basis == cost.SOURCED] == ["wage", "bonus", "benefits"]
    assert next(part for part in parts if part.id == "night").basis == cost.ASSUMED
    assert (
        next(part for part in cost.seat_cost(2.5, 0.1, 0.45, night_basis=cost.MIXED) if part.id == "night").basis
        == cost.MIXED
    )
    bare = cost.Assumptions(attrition=0, management=0, transition=0, selection=0)
    assert cost.total(cost.seat_cost(2.5, 0.1, 0.45, bare)) == pytest.approx(3.875 * 2080)


def test_price_from_pay():
    assert cost.price_from_pay(3, 0.30) == pytest.approx(10)


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: cost.loaded_wage(-1, 0.1, 0.4), "base is -1"),
        (lambda: cost.seat_cost(2, 0.1, float("nan")), "benefits is nan"),
        (lambda: cost.seat_cost(2, 0.1, 0.4, cost.Assumptions(years=0)), "years is 0: give a number above 0"),
        (lambda: cost.seat_cost(2, 0.1, 0.4, cost.Assumptions(night_share=2)), "share is 2"),
        (lambda: cost.scale_attrition_cost(1, 0, 0.3), "rate is 0"),
        (lambda: cost.applicants_needed(10, 1.5), "hire_rate is 1.5: give a fraction of at most 1"),
        (lambda: cost.price_from_pay(3, 0), "share is 0"),
    ],
)
def test_errors_say_what_to_give(call, words):
    with pytest.raises(ValueError) as caught:
        call()
    assert words in str(caught.value)
