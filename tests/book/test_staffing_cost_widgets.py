"""The staffing and the cost explorer in Chromium, from a folder of files, with the book's own host: by mouse, by keyboard, on a phone."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from types import SimpleNamespace

import pytest
from accessible import broken_rules
from ipywidgets.embed import embed_data
from widget_page import spaced, status

from courseware.widgets.base import PLOTLY_JS
from outsourcing import cost, staffing
from outsourcing.widgets import Cost, Staffing

PAGE = """<!doctype html><html lang="en" data-theme="{theme}"><head><meta charset="utf-8"><title>A widget</title>
<meta name="viewport" content="width=device-width"><script async src="course-host.js"></script></head><body><main><h1>A widget</h1>
<script type="application/vnd.jupyter.widget-state+json">{state}</script>
<script type="application/vnd.jupyter.widget-view+json">{view}</script></main></body></html>"""


@pytest.fixture
def show(open_page, root, tmp_path):
    """show(widget, width, dark) -> page, in a folder that holds nothing but the page, the book's host and plotly.js."""
    os.symlink(root / "book/assets/course-host.js", tmp_path / "course-host.js")
    os.symlink(PLOTLY_JS.parent, tmp_path / "plotly")
    watches = []

    def show_(widget, width=1280, dark=False):
        data = embed_data(views=[widget], drop_defaults=False)
        state, view = (
            json.dumps(part).replace("</", "<\\/") for part in (data["manager_state"], data["view_specs"][0])
        )
        file = tmp_path / "page.html"
        file.write_text(PAGE.format(theme="dark" if dark else "light", state=state, view=view), "utf8")
        page, watch = open_page(f"file://{file}", width=width, dark=dark)
        watches.append(watch)
        page.wait_for_function(
            "document.querySelectorAll('.cw-chart').length && [...document.querySelectorAll('.cw-chart')].every((chart) => chart.dataset.drawn > 0)"
        )
        return page

    yield show_
    assert [(watch.outside, watch.errors) for watch in watches] == [([], [])] * len(watches)


def says(page, words):
    """The status sentence, once it holds these words."""
    return status(page.locator("body"), re.escape(words))


def plotted(page, number=0):
    """The traces of one chart as plotly has them, once the frame in which it draws is over."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return [
        SimpleNamespace(**trace)
        for trace in page.evaluate(
            """(number) => document.querySelectorAll('.cw-chart')[number].data.filter(({ mode }) => mode !== 'text').map((trace) =>
        ({ name: trace.name, x: [...trace.x], y: [...trace.y], base: trace.base ? [...trace.base] : null,
           plus: trace.error_x?.array ?? null, minus: trace.error_x?.arrayminus ?? null, pattern: trace.marker?.pattern?.shape ?? null }))""",
            number,
        )
    ]


def series(page, start, number=0):
    return next(trace for trace in plotted(page, number) if trace.name.startswith(start))


def saved(page):
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as CSV").click()
    return list(csv.DictReader(io.StringIO(download.value.path().read_text("utf8"))))


# ---- staffing ----------------------------------------------------------------------------------------------------


def test_staffing_reads_well_untouched(show):
    page = show(Staffing())
    sentence = says(page, "agents")
    team = staffing.team(10, 14, 180, 20)
    assert sentence == (
        f"The calls keep 10.0 agents busy. 14 agents answer {team.service_level:.1%} of them within 20 s and are occupied {team.occupancy:.1%} of the time. "
        "To fill those seats (24 hours, every day) takes 85 people; nights add 3.3% to the base wages."
    ).replace("%", " %")
    assert (
        spaced(page.locator(".cw-chart-title").first.inner_text())
        == f"One agent fewer, and {team.service_level * 100:.1f} % in time become {staffing.service_level(10, 13, 180, 20) * 100:.1f} %"
    )
    curve, marks = series(page, "Answered"), series(page, "14 agents, one fewer")
    assert curve.y == pytest.approx([staffing.service_level(10, agents, 180, 20) * 100 for agents in curve.x])
    assert marks.x == [13, 14, 15] and marks.y == [curve.y[curve.x.index(agents)] for agents in marks.x]
    assert series(page, "Occupancy").y == pytest.approx([staffing.occupancy(10, agents) * 100 for agents in curve.x])


def test_staffing_by_keyboard(show):
    page = show(Staffing())
    page.get_by_role("slider", name="Calls in half an hour").focus()
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    load = staffing.offered_load(110, 1800, 180)
    agents = staffing.agents_needed(load, 180, 20, 0.8)
    assert f"{agents} agents answer {staffing.service_level(load, agents, 180, 20) * 100:.1f} %" in says(
        page, "keep 11.0 agents"
    )
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('aria-valuetext')") == "180 s"
    page.get_by_role("button", name="Reset").focus()
    page.keyboard.press("Enter")
    says(page, "keep 10.0 agents")


def test_staffing_pools_teams(show):
    page = show(Staffing())
    number = page.get_by_role("spinbutton", name="Teams that work apart, as a number")
    number.fill("4")
    number.press("Enter")
    pool = staffing.pooling(10, 4, 180, 20, 0.8)
    page.get_by_text(f"Pooled into one team, the same calls need {pool.agents_apart - 14} agents fewer").wait_for()
    table = page.get_by_role("table", name="The same calls, answered apart or together")
    rows = [spaced(row) for row in table.get_by_role("row").all_inner_texts()]
    assert rows[1].split("\t")[:3] == [
        "4 teams apart",
        f"4 × {pool.apart.agents} = {pool.agents_apart}",
        f"{pool.apart.service_level * 100:.1f} %",
    ]
    assert rows[3].split("\t")[1:3] == ["4 + 4 + 3 + 3", f"{pool.split_level * 100:.1f} %"]


def test_staffing_nights_follow_the_hours_of_service(show):
    page = show(Staffing())
    page.get_by_label("The line is open").select_option("New York")
    share = staffing.night_share("Asia/Manila", "America/New_York", 2026)
    assert f"takes 20 people; nights add {share * 10:.1f} % to the base wages" in says(page, "New York")
    premium = page.get_by_role("spinbutton", name="Extra pay at night, as a number")
    premium.fill("5")
    premium.press("Enter")
    assert page.get_by_text("Enter a whole number from 10 to 50.").is_visible()
    page.get_by_label("The line is open").select_option("site")
    says(page, "nights add 0.0 %")


def test_staffing_table_and_file_hold_every_point(show):
    page = show(Staffing(calls=37, handling=240))
    says(page, "agents")
    level, busy = series(page, "Answered"), series(page, "Occupancy")
    rows = saved(page)
    assert [int(row["agents"]) for row in rows] == level.x == busy.x
    assert [float(row["answered_in_time"]) * 100 for row in rows] == pytest.approx(level.y, abs=0.006)
    assert [float(row["occupancy"]) * 100 for row in rows] == pytest.approx(busy.y, abs=0.006)
    assert [row["mean_wait_s"] == "" for row in rows] == [agents <= 37 * 240 / 1800 for agents in level.x]
    page.get_by_text("The numbers as a table").click()
    page.get_by_role("table", name="Every point of the chart").locator(
        "tbody tr"
    ).last.scroll_into_view_if_needed()  # drawn as a table now
    shown = page.get_by_role("table", name="Every point of the chart").locator("tbody tr").all_inner_texts()
    assert [spaced(row).split("\t")[:2] for row in shown] == [
        [str(agents), f"{value:.1f} %"] for agents, value in zip(level.x, level.y)
    ]


@pytest.mark.parametrize(
    "settings",
    [
        {"calls": 5, "handling": 30},
        {"calls": 400, "handling": 900, "level": 99, "target": 0},
        {"level": 50, "target": 120},
    ],
)
def test_staffing_at_the_ends_of_its_settings(show, settings):
    widget = Staffing(**settings)
    page, agents = show(widget), widget.pooling.pooled.agents
    assert f"{agents} agent{'' if agents == 1 else 's'} answer" in says(page, "agent")
    assert agents in series(page, "Answered").x
    assert f"takes {widget.people} people" in says(page, "people")
    if agents - 1 <= widget.load:
        assert (
            page.locator(".cw-chart-title").first.inner_text()
            == f"{agents} agent{'' if agents == 1 else 's'} will do; with one fewer the queue never ends"
        )


def test_the_ends_hold_a_queue_that_never_ends():
    assert (
        Staffing(level=50, target=120).pooling.pooled.agents - 1
        <= Staffing().load
        < Staffing().pooling.pooled.agents - 1
    )


# ---- cost --------------------------------------------------------------------------------------------------------


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


# ---- both --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "chapter, kind, words",
    [
        ("round-the-clock", "cw-staffing", "14 agents answer 88.8 %"),
        ("what-it-costs", "cw-cost", "A seat in the Philippines would cost"),
    ],
)
def test_chapters_hold_their_explorers(open_page, book_url, chapter, kind, words):
    page, watch = open_page(f"{book_url}/book/location/{chapter}.html")
    page.wait_for_function(
        "(kind) => { const charts = [...document.querySelectorAll(`.${kind} .cw-chart`)]; return charts.length && charts.every((chart) => chart.dataset.drawn > 0); }",
        arg=kind,
    )
    assert words in spaced(page.locator(f".{kind} .cw-status").first.inner_text())
    assert (watch.outside, watch.errors) == ([], [])


@pytest.mark.parametrize("make", [Staffing, Cost])
@pytest.mark.parametrize("width, dark", [(1280, False), (390, True)])
def test_explorers_are_accessible_and_fit(show, make, width, dark):
    page = show(make(), width=width, dark=dark)
    for summary in page.locator("summary").all():
        summary.click()
    assert broken_rules(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator(".cw-chart").first.get_attribute("aria-label").count(".") >= 2
    texts = page.locator(".cw-chart :is(.annotation-text, .textpoint)").evaluate_all(
        "(texts) => texts.map((text) => [text.getBoundingClientRect(), text.closest('.cw-chart').getBoundingClientRect()])"
    )
    assert texts and all(text["left"] >= frame["left"] and text["right"] <= frame["right"] for text, frame in texts), (
        "no label is cut at the chart's edge"
    )
