"""What the growth explorer does for a reader with a mouse and with a keyboard only."""

from __future__ import annotations

import re

import pytest
from widget_page import HOW_BIG, expect_status, saved_csv, start

from outsourcing import market


@pytest.fixture
def growth(open_page, book_url):
    page, watch = start(open_page, f"{book_url}/{HOW_BIG}")
    page.evaluate("document.querySelector('.cw-growth').scrollIntoView()")
    page.wait_for_function("document.querySelector('.cw-growth .cw-chart').dataset.drawn > 0")
    page.get_by_role("button", name="Skip").click()  # it asks for a forecast first: test_growth_forecast.py
    yield page, page.locator(".cw-growth")
    assert (watch.outside, watch.errors) == ([], [])


def plotted(page):
    """{series name: {year: value}} as plotly has drawn it."""
    page.wait_for_timeout(100)
    return page.evaluate("""() => Object.fromEntries(document.querySelector('.cw-growth .cw-chart').data
        .map((trace) => [trace.name, trace.x.map((x, i) => [x, trace.y[i]])]))""")


def test_growth_opens_on_the_edition_that_the_vendors_guide_quotes(growth):
    page, widget = growth
    assert (
        expect_status(page, ".cw-growth", "in 2030")
        == "At 9.1 % a year from 261.9 bn USD in 2022 the market would be 525.7 bn in 2030."
    )
    series = plotted(page)
    scenario = next(points for name, points in series.items() if name.startswith("Scenario A"))
    assert [point[1] for point in scenario] == pytest.approx(
        [value for _, value in market.path(261.9, 0.091, 2022, 2030)]
    )
    published = next(points for name, points in series.items() if name.startswith("Sizes published"))
    *counted, last = market.published_values()
    assert published == [[value.year, value.value] for value in counted]
    assert series["Estimate for 2026, not yet counted"] == [[last.year, last.value]]


def test_growth_slider_by_mouse(growth):
    page, widget = growth
    slider = widget.get_by_role("slider", name="Growth a year (CAGR)")
    slider.scroll_into_view_if_needed()
    before, box = plotted(page), slider.bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.8, box["y"] + box["height"] / 2)
    rate = float(slider.input_value())
    assert rate > 15
    end = market.project(261.9, rate / 100, 8)
    expect_status(
        page,
        ".cw-growth",
        rf"^At {re.escape(f'{rate:g}')} % a year from 261\.9 bn USD in 2022 the market would be {re.escape(f'{end:,.1f}')} bn in 2030\.$",
    )
    assert plotted(page) != before
    assert widget.locator("select").input_value() == ""


def test_growth_slider_by_keyboard(growth):
    page, widget = growth
    widget.get_by_role("slider", name="Up to the year").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert f"{market.project(261.9, 0.091, 10):.1f} bn in 2032" in expect_status(page, ".cw-growth", "in 2032")
    assert max(point[0] for points in plotted(page).values() for point in points) == 2032
    widget.get_by_text("The numbers as a table").click()
    assert widget.get_by_role("row").filter(has_text="2032").filter(has_text="Scenario A").count() == 1


def test_growth_number_that_is_typed(growth):
    page, widget = growth
    number = widget.get_by_role("spinbutton", name="Market size in 2022, as a number")
    number.fill("300.25")
    number.press("Enter")
    expect_status(page, ".cw-growth", r"from 300\.3 bn USD in 2022")
    number.fill("99999")
    number.press("Tab")
    expect_status(page, ".cw-growth", r"from 800\.0 bn USD in 2022")
    assert widget.get_by_text("Enter a number from 10 to 800.").is_visible()
    number.fill("")
    number.press("Tab")
    assert number.input_value() == "800"


def test_growth_start_from_the_base_year(growth):
    page, widget = growth
    widget.get_by_role("radio", name="estimate year 2022").focus()
    page.keyboard.press("ArrowRight")
    assert (
        expect_status(page, ".cw-growth", "2021")
        == "At 9.1 % a year from 245.9 bn USD in 2021 the market would be 538.5 bn in 2030."
    )
    assert widget.get_by_role("slider", name="Market size in 2021").count() == 1


def test_growth_second_scenario_editions_and_reset(growth):
    page, widget = growth
    widget.get_by_label("Compare with a second scenario").check()
    expect_status(page, ".cw-growth", r"At 5 % a year it would be 386\.9 bn\.$")
    assert sum(name.startswith("Scenario") for name in plotted(page)) == 2
    widget.get_by_label("Show the published sizes and forecasts").uncheck()
    page.wait_for_function("document.querySelector('.cw-growth .cw-chart').data.length === 2")
    widget.get_by_label("Load a published forecast").select_option("GVR-2025")
    edition = next(edition for edition in market.editions() if edition.id == "GVR-2025")
    expect_status(
        page,
        ".cw-growth",
        rf"^At 9\.8 % a year from 328\.3 bn USD in 2025 the market would be {edition.end_value:.1f} bn in 2030\.",
    )
    widget.get_by_role("button", name="Reset").click()
    expect_status(page, ".cw-growth", "^For 2026 there is only an estimate")
    widget.get_by_role("button", name="Skip").click()
    expect_status(page, ".cw-growth", r"525\.7 bn in 2030\.$")
    page.wait_for_function("document.querySelector('.cw-growth .cw-chart').data.length === 5")


def test_growth_download_and_table_hold_every_plotted_point(growth):
    page, widget = growth
    widget.get_by_label("Compare with a second scenario").check()
    expect_status(page, ".cw-growth", "At 5 %")
    drawn = sorted((year, round(value, 2)) for points in plotted(page).values() for year, value in points)
    head, *rows = saved_csv(page, widget.get_by_role("button", name="Download as CSV"))
    assert head == ["series", "year", "billion_usd", "basis"]
    assert sorted((int(row[1]), float(row[2])) for row in rows) == drawn
    widget.get_by_text("The numbers as a table").click()
    assert widget.locator("table.cw-table tbody tr").count() == len(drawn)
    relayed = [row for row in rows if "as relayed by" in row[3]]
    assert {row[0] for row in relayed} == {"Published size", "End of an edition's forecast"}


def test_chart_follows_the_theme(growth):
    page, widget = growth
    ink = "document.querySelector('.cw-growth .cw-chart').layout.font.color"
    light = page.evaluate(ink)
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.wait_for_function(f"{ink} !== '{light}'")


def test_figure_holds_its_numbers(growth):
    page, _ = growth
    figures = page.locator(".cw-plain")
    assert figures.count() >= 1
    for figure in figures.all():
        assert figure.locator(".cw-still").get_attribute("aria-label")
        assert figure.locator(".cw-title").inner_text() and figure.locator(".cw-source").inner_text().startswith(
            "Source: "
        )
        bars = figure.locator("svg > rect:not([fill])").count()
        assert figure.locator("table.cw-table tbody tr").count() == bars > 0
