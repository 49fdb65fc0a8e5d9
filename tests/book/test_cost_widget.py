"""The cost explorer in Chromium, from a folder of files, with the book's own host: by mouse and by keyboard."""

from __future__ import annotations

import pytest
from explorer_page import plotted, saved, says, series
from widget_page import spaced

from outsourcing import cost, staffing
from outsourcing.widgets import Cost


def test_cost_reads_well_untouched(show):
    widget = Cost()
    page, parts = show(widget), widget.parts
    pay = sum(part.usd for part in parts if part.basis == cost.SOURCED)
    share = staffing.night_share("Asia/Manila", "America/New_York", 2026)
    assert says(page, "USD") == (
        f"A seat in the Philippines would cost {cost.total(parts):,.0f} USD a year: {pay:,.0f} of published pay and {cost.total(parts) - pay:,.0f} "
        f"that rest on assumptions. {share * 100:.1f} % of its hours are at night there."
    )
    bars = {name: (width, start) for trace in plotted(page) for name, width, start in zip(trace.y, trace.x, trace.base)}
    reached = 0.0
    for part in parts:
        assert bars[part.name] == pytest.approx((part.usd, reached)), "each bar begins where the one before ended"
        reached += part.usd
    assert bars["A seat and year"] == pytest.approx((reached, 0))


def test_cost_tells_published_from_assumed(show):
    page = show(Cost())
    looks = {trace.name: (trace.pattern, trace.y) for trace in plotted(page)}
    assert looks["Published"] == (None, ["Base wage", "Bonus", "Benefits"])
    assert looks["Published rate on an assumption"] == ("/", ["Night premium", "Choosing a vendor"])
    assert looks["Your assumption"] == ("/", ["Replacing leavers", "Management", "Transition"])
    page.get_by_label("Country").select_option("Mexico")
    says(page, "in Mexico")
    assert "Night premium" in series(page, "Your assumption").y, "no table knows the law of Mexico"
    assert page.get_by_role("group", name="Your assumptions").get_by_role("slider").count() == 7
    assert page.get_by_role("group", name="Published figures").get_by_role("slider").count() == 4


def test_cost_stays_within_the_published_ranges(show):
    page = show(Cost())
    page.get_by_label("Country").select_option("India")
    says(page, "in India")
    benefits = page.get_by_role("slider", name="Benefits, on the base wage")
    assert [benefits.get_attribute(name) for name in ("min", "max")] == ["20", "30"] and benefits.input_value() == "25"
    wage = page.get_by_role("spinbutton", name="Base wage an hour, as a number")
    wage.fill("9")
    wage.press("Enter")
    assert page.get_by_text("Enter a number from 2 to 3.").is_visible()
    assert f"{cost.loaded_wage(3, 0.1, 0.25) * 2080:,.0f} of published pay" in says(page, "8,424")


def test_cost_of_a_night_follows_clock_and_law(show):
    page = show(Cost())
    premium = page.get_by_role("slider", name="Extra pay at night")
    assert premium.get_attribute("min") == "10"
    page.get_by_label("Country").select_option("Colombia")
    assert "0.0 % of its hours are at night there" in says(page, "in Colombia")
    premium.focus()
    page.keyboard.press("Home")
    assert premium.input_value() == "0"
    page.get_by_label("Country").select_option("Philippines")
    says(page, "in the Philippines")
    assert premium.input_value() == "10", "the law of the Philippines allows no less"
    page.get_by_label("Hours served").select_option("own")
    page.get_by_role("slider", name="Share of hours at night").focus()
    page.keyboard.press("End")
    says(page, "100.0 % of its hours")
    assert next(
        width for trace in plotted(page) for name, width in zip(trace.y, trace.x) if name == "Night premium"
    ) == pytest.approx(2.5 * 2080 * 0.10)


def test_cost_compares_countries(show):
    page = show(Cost())
    sourced, rest = plotted(page, 1)
    assert [name.replace("<b>", "").replace("</b>", "") for name in sourced.y] == [
        "India",
        "Philippines",
        "Colombia",
        "Mexico",
    ]
    for country, pay, more, plus, minus in zip(sourced.y, sourced.x, rest.x, rest.plus, rest.minus):
        name = country.replace("<b>", "").replace("</b>", "")
        ends = {end: cost.total(Cost(country=name, **at(name, end)).parts) for end in ("low", "mid", "high")}
        assert pay == pytest.approx(cost.agent_pay()[name].loaded() * 2080)
        assert [pay + more - minus, pay + more, pay + more + plus] == pytest.approx(list(ends.values()))


def at(country, end):
    pay = cost.agent_pay()[country]
    return {
        "base": getattr(pay.base, end),
        "bonus": getattr(pay.bonus, end) * 100,
        "benefits": getattr(pay.benefits, end) * 100,
    }


def test_cost_table_and_file_hold_every_point(show):
    page = show(Cost(country="Colombia"))
    says(page, "Colombia")
    rows = saved(page)
    drawn = {name: width for trace in plotted(page) for name, width in zip(trace.y, trace.x)}
    assert {row["item"]: float(row["usd"]) for row in rows if row["chart"] == "Colombia"} == pytest.approx(
        drawn, abs=0.006
    )
    for trace, basis in zip(plotted(page, 1), (cost.SOURCED, cost.ASSUMED)):
        assert [
            float(row["usd"]) for row in rows if row["chart"] == "comparison" and row["basis"] == basis
        ] == pytest.approx(trace.x, abs=0.006)
    page.get_by_text("The numbers as a table").click()
    page.get_by_role("table", name="A seat in Colombia, USD a year").locator(
        "tbody tr"
    ).last.scroll_into_view_if_needed()
    shown = page.get_by_role("table", name="A seat in Colombia, USD a year").locator("tbody tr").all_inner_texts()
    assert [row.split("\t")[:2] for row in shown] == [
        [row["item"], f"{float(row['usd']):,.0f}"] for row in rows if row["chart"] == "Colombia"
    ]
    assert page.get_by_role("table", name="Countries, USD a seat and year").locator("tbody tr").count() == 4


def test_cost_beside_one_vendors_price(show):
    page = show(Cost(service="site"))
    page.get_by_text("One vendor's price, for comparison").click()
    table = page.locator("details[open] table")
    assert (
        table.locator("caption")
        .inner_text()
        .endswith(f"an hour would be sold at {cost.price_from_pay(3.875, 0.30):.2f} USD")
    )
    rows = [spaced(row).split("\t") for row in table.locator("tbody tr").all_inner_texts()]
    assert {name: share for name, share, _ in rows} == {
        name: f"{share * 100:g} %" for name, share in cost.price_breakdown().items()
    }


def test_cost_reset_brings_everything_back(show):
    page = show(Cost())
    first = says(page, "USD")
    page.get_by_label("Country").select_option("Mexico")
    page.get_by_label("Hours served").select_option("round")
    page.get_by_role("slider", name="Management, on pay and leavers").focus()
    page.keyboard.press("End")
    says(page, "in Mexico")
    page.get_by_role("button", name="Reset").click()
    assert says(page, "in the Philippines") == first
    assert page.get_by_label("Hours served").input_value() == "New York"


def test_python_refuses_a_country_without_published_pay():
    with pytest.raises(ValueError, match="no published pay for 'Poland': choose one of Philippines, India"):
        Cost(country="Poland")
