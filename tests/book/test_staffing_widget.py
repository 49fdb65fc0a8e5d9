"""The staffing explorer in Chromium, from a folder of files, with the book's own host: by mouse and by keyboard."""

from __future__ import annotations

import re

import pytest
from explorer_page import saved, says, series
from playwright.sync_api import expect
from widget_page import spaced

from outsourcing import staffing
from outsourcing.widgets import Staffing


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
    curve, marks = series(page, "Answered"), series(page, "14 agents on the line")
    assert curve.y == pytest.approx([staffing.service_level(10, agents, 180, 20) * 100 for agents in curve.x])
    assert marks.x == [14, 14] and marks.y == pytest.approx([team.service_level * 100, team.occupancy * 100])
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
    assert page.evaluate("document.activeElement.getAttribute('aria-valuetext')") == "180 s"
    page.get_by_role("button", name="Reset").focus()
    page.keyboard.press("Enter")
    says(page, "keep 10.0 agents")


def test_one_agent_is_taken_away_and_another(show):
    page = show(Staffing())
    away, heading = page.get_by_role("button", name="Take one agent away"), page.locator(".cw-chart-title").first
    for agents in (13, 12, 11):
        away.click()
        level = staffing.service_level(10, agents, 180, 20)
        expect(heading).to_have_text(
            re.compile(rf"^{agents} agents: {level * 100:.1f}.% in time, and the promise of 80.% is broken$")
        )
        assert series(page, f"{agents} agents on the line").y[0] == pytest.approx(level * 100)
    away.click()
    expect(heading).to_have_text("With 10 agents the queue never ends")
    page.wait_for_function("location.hash.includes('staffed=10')")
    page.reload()
    expect(heading).to_have_text("With 10 agents the queue never ends")
    page.get_by_role("button", name="As many as the promise takes").click()
    expect(heading).to_have_text(re.compile("^One agent fewer"))
    widget = Staffing(staffed=12)
    assert widget.on_the_line.service_level == pytest.approx(staffing.service_level(10, 12, 180, 20))


def test_the_queue_can_be_watched_and_stepped(show, open_page):
    page = show(Staffing(staffed=10))
    words, seats = page.locator(".cw-watch-words"), page.locator(".cw-seats i")
    assert words.inner_text().startswith("Minute 0:00: 0 of 10 agents busy, 0 waiting.") and seats.count() == 10
    page.get_by_role("button", name="Watch the queue").click()
    page.wait_for_function("document.querySelectorAll('.cw-waiting i').length > 0", timeout=60_000)
    page.get_by_role("button", name="Pause").click()
    said = words.inner_text()
    busy, waiting = (int(number) for number in re.search(r"(\d+) of 10 agents busy, (\d+) waiting", said).groups())
    assert (seats.and_(page.locator("[data-busy]")).count(), page.locator(".cw-waiting i").count()) == (busy, waiting)
    assert waiting and busy == 10, "nobody waits while an agent is free"
    page.emulate_media(reduced_motion="reduce")
    page.reload()
    step = page.get_by_role("button", name="Next minute")
    step.click()
    step.click()
    assert words.inner_text().startswith("Minute 2:00")
    page.wait_for_timeout(300)
    assert words.inner_text().startswith("Minute 2:00"), "nothing moves by itself"


def test_the_watched_queue_keeps_what_erlang_c_foretells(browser):
    """Over many half hours the share answered in time is the formula's (for a line that has run a while)."""
    page = browser.new_page()
    share = page.evaluate(
        """async (source) => {
        const { halfHour } = await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
        const calls = halfHour(100 / 1800, 180, 13, 1800 * 400);
        return calls.filter(({ comes, begins }) => begins - comes <= 20).length / calls.length;
    }""",
        str(Staffing._esm),
    )
    page.close()
    assert share == pytest.approx(staffing.service_level(10, 13, 180, 20), abs=0.02)


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
    # drawn as a table now
    page.get_by_role("table", name="Every point of the chart").locator("tbody tr").last.scroll_into_view_if_needed()
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
