"""Market growth asks for the reader's own forecast before it shows the published ones, and judges none of them."""

from __future__ import annotations

import csv
import io
import re

import pytest
from accessible import broken_rules
from playwright.sync_api import expect
from widget_page import status

from outsourcing import evidence, market
from outsourcing.widgets import MarketGrowth

HOW_BIG = "book/market/how-big.html"
CHART = "document.querySelector('.cw-growth .cw-chart')"
OWN = "Your forecast for 2030"
ENDS = [edition.end_value for edition in market.editions() if edition.end_year == 2030]
MORDOR = evidence.fact("B12").row
MORDOR_2030 = market.project(
    float(MORDOR["base_value_usd_bn"]), float(MORDOR["cagr_pct"]) / 100, 2030 - int(MORDOR["base_year"])
)


@pytest.fixture
def ask(open_page, book_url):
    """ask(width=1280, dark=False) -> (page, widget) of a reader who has touched nothing yet."""
    watches = []

    def open_(width=1280, dark=False, address=f"{book_url}/{HOW_BIG}"):
        page, watch = open_page(address, width=width, dark=dark)
        watches.append(watch)
        page.locator(".cw-growth").evaluate("(widget) => widget.scrollIntoView()")
        page.wait_for_function(f"{CHART}?.dataset.drawn > 0")
        return page, page.locator(".cw-growth")

    yield open_
    assert [(watch.outside, watch.errors) for watch in watches] == [([], [])] * len(watches)


def drawn(page):
    """{series: [[year, value], ...]} as plotly has drawn it."""
    page.wait_for_timeout(150)
    return page.evaluate(
        f"Object.fromEntries({CHART}.data.map((trace) => [trace.name, trace.x.map((x, i) => [x, trace.y[i]])]))"
    )


def says(page, part, pattern):
    return status(page.locator(".cw-growth"), pattern, part)


def test_untouched_it_shows_what_was_published_as_size_and_asks(ask):
    page, widget = ask()
    series = drawn(page)
    assert set(series) == {"Sizes published, one edition a year", "Estimate for 2026, not yet counted", "Your forecast"}
    assert series["Your forecast"] == []
    assert [year for year, _ in series["Sizes published, one edition a year"]] == [
        edition.base_year for edition in market.editions()
    ]
    assert series["Estimate for 2026, not yet counted"] == [[2026, 358.6]]
    assert "only an estimate so far: 358.6 bn USD" in says(page, ".cw-status", "2026")
    assert widget.get_by_role("slider").count() == 1 and widget.get_by_role("slider", name=OWN).is_visible()
    assert not widget.get_by_label("Load a published forecast").is_visible()
    assert widget.locator(".cw-chart").get_attribute("aria-label").endswith("358.6 bn USD.")


def test_the_estimate_is_drawn_dashed_and_hollow_and_named_in_the_table(ask):
    page, widget = ask()
    looks = page.evaluate(f"{CHART}.data.map((trace) => [trace.line?.dash, trace.marker.symbol])")
    assert looks[0][0] == "solid" and looks[1] == ["dash", "square-open"]
    (link,) = page.evaluate(f"{CHART}.layout.shapes.filter((shape) => shape.x1 === 2026)")
    assert (link["x0"], link["y0"], link["y1"]) == (2025, 328.3, 358.6) and link["line"]["dash"] != "solid"
    assert "the estimate for 2026, which no edition states as its base value yet" in widget.inner_text()
    widget.get_by_text("The numbers as a table").click()
    row = widget.get_by_role("row").filter(has_text="2026").filter(has_text="Published estimate")
    assert "not yet counted" in row.inner_text()


def test_a_forecast_by_keyboard_stands_beside_the_published_ones(ask):
    page, widget = ask()
    widget.get_by_role("slider", name=OWN).focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    rate = (375 / 358.6) ** (1 / 4) - 1
    assert says(page, ".cw-status", "^Your forecast: 375").endswith(
        f", {rate * 100:.1f} % a year from the estimate for 2026."
    )
    assert drawn(page)["Your forecast"] == [[2030, 375]] and "Where each edition's own rate leads" not in drawn(page)
    for key in ("Tab", "Enter"):  # the slider and its number are one stop, then the button
        page.keyboard.press(key)
    text = says(page, ".cw-beside", "^Your forecast for 2030 is 375")
    assert f"{min(ENDS) - 375:.1f} bn below all of them" in text
    for number in (min(ENDS), max(ENDS), MORDOR_2030, 358.6, float(MORDOR["base_value_usd_bn"])):
        assert f"{number:.1f}" in text
    assert not re.search(r"\b(right|wrong|correct|score|points?)\b", text, re.IGNORECASE)
    assert page.evaluate("document.activeElement.getAttribute('aria-valuetext')") == "375 bn USD"
    series = drawn(page)
    assert series["Your forecast"] == [[2030, 375]]
    assert [value for year, value in series["Where each edition's own rate leads"] if year == 2030] == pytest.approx(
        ENDS
    )
    assert series["Where the rate of Mordor Intelligence leads"] == [[2030, pytest.approx(MORDOR_2030)]]
    page.keyboard.press("End")
    assert f"{1500 - max(ENDS):.1f} bn above all of them" in says(
        page, ".cw-beside", "^Your forecast for 2030 is 1,500"
    )


def test_nothing_is_preset_and_nothing_shown_before_a_forecast(ask):
    page, widget = ask()
    slider, show = widget.get_by_role("slider", name=OWN), widget.get_by_role("button", name="Show what was published")
    assert slider.get_attribute("aria-valuetext") == "not set yet" and show.is_disabled()
    assert widget.get_by_role("spinbutton", name=OWN).input_value() == ""
    slider.focus()
    page.keyboard.press("ArrowLeft")
    expect(show).to_be_enabled()
    assert widget.get_by_role("spinbutton", name=OWN).input_value() == "355"
    page.keyboard.type("47")  # a digit goes to the number
    assert widget.get_by_role("spinbutton", name=OWN).evaluate("(input) => input === document.activeElement")
    page.keyboard.press("Enter")
    assert slider.evaluate("(input) => input === document.activeElement") and slider.input_value() == "50"
    page.keyboard.type("470")
    page.keyboard.press("Enter")
    says(page, ".cw-status", "^Your forecast: 470")


def test_a_forecast_that_is_dragged_heads_the_chart_and_survives_a_reload(ask):
    page, widget = ask()
    grip = widget.locator(".cw-grip").bounding_box()
    chart = widget.locator(".cw-chart").bounding_box()
    x, y = grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 20, steps=4)
    page.mouse.move(x, y - 40, steps=4)
    page.mouse.up()
    own = drawn(page)["Your forecast"][0][1]
    assert 358.6 < own < 600
    after = widget.locator(".cw-grip").bounding_box()
    assert after["y"] + 22 == pytest.approx(y - 40, abs=4) and after["y"] > chart["y"], (
        "the mark lies where it was let go"
    )
    page.wait_for_function("location.hash.includes('guess=')")
    page.reload()
    says(page, ".cw-status", f"^Your forecast: {own:g}")
    widget.get_by_role("button", name="Show what was published").click()
    ends = [*ENDS, MORDOR_2030]
    assert min(ends) > own
    heading = f"^Your {own:.1f} bn for 2030 lies {min(ends) - own:.1f} bn below every forecast shown here$"
    says(page, ".cw-chart-title", heading)
    page.wait_for_function("location.hash.includes('own_forecast=')")
    page.reload()
    says(page, ".cw-chart-title", heading)
    assert drawn(page)["Your forecast"] == [[2030, own]]


@pytest.mark.parametrize(
    "typed, place", [("700", f"{700 - max(ENDS):.1f} bn above all of them"), ("521.5", "between them")]
)
def test_a_forecast_that_is_typed(ask, typed, place):
    page, widget = ask()
    widget.get_by_role("spinbutton", name=OWN).fill(typed)
    widget.get_by_role("button", name="Show what was published").click()
    assert place in says(page, ".cw-beside", "^Your forecast")
    assert widget.get_by_role("spinbutton", name=OWN).input_value() == typed


def test_skip_shows_the_published_ones_and_reset_asks_again(ask):
    page, widget = ask()
    widget.get_by_role("spinbutton", name=OWN).fill("900")
    widget.get_by_role("button", name="Skip").click()
    assert says(page, ".cw-beside", "^Forecasts for 2030").count("yours") == 0
    assert "Your forecast" not in drawn(page) and not widget.get_by_role("slider", name=OWN).is_visible()
    assert page.evaluate("document.activeElement.tagName") == "SELECT"
    widget.get_by_role("button", name="Reset").click()
    says(page, ".cw-status", "^For 2026 there is only an estimate")
    widget.get_by_role("button", name="Show what was published").wait_for()
    assert widget.get_by_role("spinbutton", name=OWN).input_value() == ""
    assert drawn(page)["Your forecast"] == [] and len(drawn(page)) == 3


def test_the_table_and_the_file_hold_the_forecast(ask):
    page, widget = ask()
    widget.get_by_role("spinbutton", name=OWN).fill("600")
    widget.get_by_role("button", name="Show what was published").click()
    says(page, ".cw-beside", "600")
    points = sorted((year, round(value, 2)) for series in drawn(page).values() for year, value in series)
    with page.expect_download() as download:
        widget.get_by_role("button", name="Download as CSV").click()
    rows = list(csv.DictReader(io.StringIO(download.value.path().read_text("utf8"))))
    assert sorted((int(row["year"]), float(row["billion_usd"])) for row in rows) == points
    assert [row["billion_usd"] for row in rows if row["series"] == "Your forecast"] == ["600.00"]
    widget.get_by_text("The numbers as a table").click()
    assert widget.locator("table.cw-table tbody tr").count() == len(points)


@pytest.mark.parametrize("width, dark", [(1280, False), (390, True)])
def test_the_chart_stays_where_it_is(ask, width, dark):
    page, widget = ask(width, dark)
    box = f"(() => {{ const box = {CHART}.getBoundingClientRect(); return [box.top - {CHART}.closest('.cw').getBoundingClientRect().top, box.height]; }})()"
    says(page, ".cw-status", "^For 2026")
    before = page.evaluate(box)
    widget.get_by_role("spinbutton", name=OWN).fill("450")
    widget.get_by_role("button", name="Show what was published").click()
    says(page, ".cw-beside", "450")
    says(page, ".cw-status", "^At 9.1 %")
    assert page.evaluate(box) == pytest.approx(before, abs=1)
    assert widget.evaluate("(widget) => widget.scrollWidth <= widget.clientWidth")


@pytest.mark.parametrize("width, dark", [(1280, False), (390, True)])
def test_what_it_shows_then_is_sound_too(open_page, book_url, width, dark):
    page, _ = open_page(f"{book_url}/{HOW_BIG}", width, dark)
    page.get_by_role("spinbutton", name=OWN).fill("450")
    page.get_by_role("button", name="Show what was published").click()
    page.locator(".cw-growth summary").click()
    says(page, ".cw-beside", "450")
    assert broken_rules(page, ".cw-growth") == []


def test_it_asks_from_a_folder_of_files_too(ask, built_book):
    page, widget = ask(address=f"file://{built_book}/{HOW_BIG}")
    widget.get_by_role("spinbutton", name=OWN).fill("610")
    widget.get_by_role("button", name="Show what was published").click()
    says(page, ".cw-beside", "^Your forecast for 2030 is 610")


def test_python_sees_none_until_a_forecast_is_given():
    explorer = MarketGrowth()
    assert explorer.own_forecast is None and explorer.revealed is False
    explorer.own_forecast = 600
    assert explorer.own_forecast == 600.0
    assert [value["year"] for value in explorer.published if value["estimate"]] == [2026]
    assert explorer.other["end_value"] == pytest.approx(MORDOR_2030)


def test_the_rate_of_the_readers_forecast_is_the_librarys(browser):
    page = browser.new_page()
    cases = [[358.6, own, 4] for own in (50, 358.6, 525.7, 1500)] + [[100, 121, 2]]
    found = page.evaluate(
        """async ([source, cases]) => {
        const growth = await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
        return cases.map((one) => growth.cagr(...one));
    }""",
        [str(MarketGrowth._esm), cases],
    )
    page.close()
    assert found == pytest.approx([market.cagr(*case) for case in cases], rel=1e-12, abs=1e-15)
