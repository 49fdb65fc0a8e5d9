"""The location matrix on its chapter's page: for a reader with a mouse, with a keyboard, on a phone, and from a folder of files."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from widget_page import drawn, saved_csv, status

from outsourcing import evidence, location
from outsourcing.widgets import LocationMatrix


def test_matrix_reads_well_untouched(opened):
    page, widget = opened("LocationMatrix")
    ranking = LocationMatrix().decision().ranking
    assert (
        status(widget, "is first")
        == f"South Africa is first of 10 countries with a score of {ranking[0].low * 100:.1f} of 100; Colombia follows with {ranking[1].low * 100:.1f}."
    )
    bars, _ = drawn(widget)
    assert bars["y"][::-1] == [row.option for row in ranking] and bars["x"][::-1] == pytest.approx(
        [row.low * 100 for row in ranking]
    )
    assert (
        "lower is better"
        in widget.locator(".cw-criterion").filter(has_text="Weight of General cost level").inner_text()
    )
    assert [box.is_checked() for box in widget.get_by_role("checkbox").all()] == [
        True,
        True,
        True,
        False,
        True,
        False,
        False,
        False,
    ]
    assert "Colombia leads" in widget.locator(".cw-chart-title").first.inner_text()


def test_matrix_weight_by_keyboard_and_the_limit_it_names(opened):
    """The widget says at which share Colombia takes over: moving the slider past it makes Colombia first, one step before it does not."""
    page, widget = opened("LocationMatrix")
    limit = next(room.high for room in LocationMatrix().decision().rooms if room.criterion == "overlap_new_york_jan")
    last = int(75 * limit / (1 - limit))  # points of this weight beside the 75 of the others
    slider = widget.get_by_role("slider", name="Weight of Office hours shared with New York")
    slider.focus()
    for _ in range(last - 25):
        page.keyboard.press("ArrowRight")
    assert slider.input_value() == str(last)
    status(widget, "^South Africa is first")
    page.keyboard.press("ArrowRight")
    status(widget, "^Colombia is first")


def test_matrix_number_typed_and_weights_all_zero(opened):
    page, widget = opened("LocationMatrix")
    for name in ("English test score", "Office hours shared with New York", "Corruption Perceptions Index"):
        widget.get_by_role("checkbox", name=name).uncheck()
    number = widget.get_by_role("spinbutton", name="Weight of General cost level, as a number")
    status(widget, "^India is first")
    number.fill("0")
    number.press("Tab")
    assert (
        status(widget, "nothing to rank")
        == "There is nothing to rank: choose a criterion and give it a weight above 0."
    )
    number.fill("400")
    number.press("Tab")
    assert number.input_value() == "100" and widget.get_by_text("Enter a number from 0 to 100.").is_visible()
    status(widget, "^India is first of 10 countries with a score of 100.0")


def test_matrix_three_ways_with_blanks(opened):
    page, widget = opened("LocationMatrix")
    widget.get_by_role("checkbox", name="Loaded agent wage").check()
    widget.get_by_text("Left out: Agent wage (4 of 10 known).").wait_for()
    widget.get_by_role("radio", name="rank only countries with every value").check()
    status(widget, "^The Philippines is first of 4 countries")
    assert len(drawn(widget)[0]["y"]) == 4 and "4 of 10 countries are compared" in widget.inner_text()
    widget.get_by_role("radio", name="fill with the worst and with the best known value").check()
    matrix = LocationMatrix(weights={**LocationMatrix().weights, "agent_loaded_wage_2024": 20}, missing="bounds")
    firsts = [row.option for row in matrix.decision().ranking if row.best_rank == 1]
    said = status(widget, "^The blank cells leave the first place open")
    assert len(firsts) > 1 and all(country in said for country in firsts)
    certain, open_, _ = drawn(widget)
    rows = {row.option: row for row in matrix.decision().ranking}
    for country, low, more in zip(certain["y"], certain["x"], open_["x"]):
        assert [low, low + more] == pytest.approx([rows[country].low * 100, rows[country].high * 100])
    assert not widget.get_by_text("How far each weight may move").is_visible(), (
        "the blanks decide before the weights do"
    )


def test_matrix_can_this_country_win(opened):
    page, widget = opened("LocationMatrix")
    assert status(
        widget, "^Yes. With 81.2 % on “Cost level” and 18.8 % on “English” the Philippines is first", ".cw-answer"
    )
    widget.get_by_role("button", name="Set these weights").click()
    status(widget, "^The Philippines is first")
    widget.get_by_role("button", name="Reset").click()
    choice = widget.get_by_label("Can this country win?")
    choice.select_option("Mexico")
    assert "Colombia is better on every one of them" in status(
        widget, "^No. No weights over these criteria put Mexico first", ".cw-answer"
    )
    assert not widget.get_by_role("button", name="Set these weights").is_visible()
    choice.select_option("Malaysia")
    assert re.search(
        r"A blend of .* South Africa, .* Poland and .* India is better", status(widget, "^No. .*Malaysia", ".cw-answer")
    )


def test_matrix_address_restores_a_view(opened):
    page, widget = opened("LocationMatrix")
    widget.get_by_role("checkbox", name="Disaster risk index").check()
    widget.get_by_role("radio", name="rank only countries with every value").check()
    widget.get_by_label("Can this country win?").select_option("India")
    said = status(widget, "of 4 countries")
    page.wait_for_function("location.hash.includes('country=India')")  # it is written when the reader pauses
    address = page.evaluate("location.hash")
    other, again = opened("LocationMatrix", address)
    assert status(again, "of 4 countries") == said
    assert again.get_by_label("Can this country win?").input_value() == "India"
    other.evaluate("location.hash = '#matrix?use=ef_epi_2024.character&weights=7_9&missing=guess&country=Atlantis'")
    status(again, "^South Africa is first of 10 countries with a score of 100.0")
    assert again.get_by_label("Can this country win?").input_value() == "Philippines"
    other.evaluate("location.hash = '#matrix?weights=gdp_per_capita_2023_40.character_9.ef_epi_2024_x&missing=nothing'")
    status(again, "^India is first of 10 countries with a score of 100.0")
    again.get_by_role("button", name="Reset").click()
    status(again, "score of 60.0")
    assert "#matrix" not in other.url


def test_matrix_downloads_and_tables_hold_every_plotted_point(opened):
    page, widget = opened("LocationMatrix")
    head, *rows = saved_csv(page, widget.get_by_role("button", name="Download the ranking (CSV)"))
    assert (
        head[:5] == ["country", "best_rank", "worst_rank", "score_low", "score_high"]
        and "lower is better, weight 25" in head[6]
    )
    bars, _ = drawn(widget)
    assert [row[0] for row in rows] == bars["y"][::-1] and [float(row[3]) for row in rows] == pytest.approx(
        bars["x"][::-1], abs=0.006
    )
    assert rows[0][5:7] == ["594", "5976"]
    _, *limits = saved_csv(page, widget.get_by_role("button", name="Download the limits (CSV)"))
    room, now, *_ = drawn(widget, 1)
    assert [float(row[2]) * 100 for row in limits] == pytest.approx(room["base"][::-1], abs=0.006)
    assert [float(row[1]) * 100 for row in limits] == pytest.approx(now["x"][::-1], abs=0.006)
    widget.get_by_text("The numbers as tables").click()
    assert [table.locator("tbody tr").count() for table in widget.locator("table").all()] == [10, 4, 10]
    cells = widget.locator("table").last.locator("tbody tr").filter(has_text="Egypt").locator("td").all_inner_texts()
    assert cells == ["465", "3457", "1", "32"]


def test_every_criterion_of_the_matrix_names_facts():
    for criterion in location.WEIGHED:
        known = [
            country for country, cells in location.matrix([criterion.id]).items() if cells[criterion.id] is not None
        ]
        assert known and all(f"{country}/{criterion.id}" in evidence.facts() for country in known)


def test_paper_holds_weights_and_answer_in_light_colours(opened):
    page, widget = opened("LocationMatrix", dark=True)
    theme = "document.documentElement.dataset.theme"
    ink = "(chart) => chart.layout.font.color"
    chart = widget.locator(".cw-chart").first
    on_screen = chart.evaluate(ink)
    page.emulate_media(media="print", color_scheme="dark")
    expect(widget.locator(".cw-answer")).to_be_visible()
    expect(widget.locator(".cw-criterion input[type=number]").first).to_be_visible()
    assert widget.locator("button:visible, input[type=range]:visible").count() == 0
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(theme) == "light" and chart.evaluate(ink) != on_screen
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(theme) == "dark"
