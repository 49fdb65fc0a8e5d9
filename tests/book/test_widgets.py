"""What the book's widgets do for a reader with a mouse, with a keyboard only, with a shared link, and from a folder of files."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from widget_page import status

from outsourcing import comparison, market

SIDE_BY_SIDE = "book/differences/side-by-side.html"
HOW_BIG = "book/market/how-big.html"
READY = "document.documentElement.dataset.courseWidgets === 'ready'"


def start(open_page, address, **how):
    page, watch = open_page(address, **how)
    page.wait_for_function(READY)
    return page, watch


@pytest.fixture
def growth(open_page, book_url):
    page, watch = start(open_page, f"{book_url}/{HOW_BIG}")
    page.wait_for_function("document.querySelector('.cw-growth .cw-chart').dataset.drawn > 0")
    page.get_by_role("button", name="Skip").click()  # it asks for a forecast first: test_growth_forecast.py
    yield page, page.locator(".cw-growth")
    assert (watch.outside, watch.errors) == ([], [])


@pytest.fixture
def toggle(open_page, book_url):
    page, watch = start(open_page, f"{book_url}/{SIDE_BY_SIDE}")
    yield page, page.locator(".cw-comparison")
    assert (watch.outside, watch.errors) == ([], [])


def expect_status(page, widget, pattern):
    """The widget's sentence, once it has settled."""
    return status(page.locator(widget), pattern)


def plotted(page):
    """{series name: {year: value}} as plotly has drawn it."""
    page.wait_for_timeout(100)
    return page.evaluate("""() => Object.fromEntries(document.querySelector('.cw-growth .cw-chart').data
        .map((trace) => [trace.name, trace.x.map((x, i) => [x, trace.y[i]])]))""")


def saved_csv(page, button):
    with page.expect_download() as download:
        button.click()
    return list(csv.reader(io.StringIO(download.value.path().read_text("utf8"))))


# ---- market growth -----------------------------------------------------------------------------------------------


def test_growth_opens_on_the_edition_that_s0_quotes(growth):
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
    page.wait_for_function(
        "[...document.querySelectorAll('.cw-plain .cw-chart')].every((chart) => chart.dataset.drawn > 0)"
    )
    for figure in figures.all():
        assert figure.locator(".cw-chart").get_attribute("aria-label")
        assert figure.locator(".cw-title").inner_text() and figure.locator(".cw-source").inner_text().startswith(
            "Source: "
        )
        points = figure.locator(".cw-chart").evaluate(
            "(chart) => chart.data.reduce((sum, trace) => sum + (trace.x ?? trace.labels).length, 0)"
        )
        assert figure.locator("table.cw-table tbody tr").count() == points > 0


# ---- comparison --------------------------------------------------------------------------------------------------


def dimensions_shown(widget):
    return widget.locator(".cw-dimension th").evaluate_all(
        "(heads) => heads.map((head) => head.firstChild.textContent)"
    )


NAMES = {row.id: row.name for row in comparison.dimensions()}


def test_toggle_reads_well_untouched(toggle):
    page, widget = toggle
    assert expect_status(page, ".cw-comparison", "dimensions") == "6 of 25 dimensions: BPO and KPO side by side."
    assert dimensions_shown(widget) == [NAMES[id] for id in ("D01", "D02", "D07", "D08", "D18", "D24")]
    assert widget.get_by_role("columnheader").all_inner_texts()[1:] == ["BPO", "KPO"]
    assert (
        widget.get_by_role("link", name="Row D01 with its sources").get_attribute("href")
        == "../reference/figures.html#D01"
    )
    widget.get_by_role("link", name="Row D01 with its sources").click()
    page.wait_for_url("**/reference/figures.html#D01")
    assert page.locator("#D01").is_visible()


def test_toggle_by_mouse(toggle):
    page, widget = toggle
    widget.get_by_text("KPO only").click()
    expect_status(page, ".cw-comparison", "KPO only")
    assert widget.get_by_role("columnheader").all_inner_texts()[1:] == ["KPO"]
    widget.get_by_text("Choose dimensions").click()
    widget.get_by_label(NAMES["D19"]).check()
    expect_status(page, ".cw-comparison", "^7 of 25")
    assert NAMES["D19"] in dimensions_shown(widget)
    widget.get_by_role("button", name="Choose none").click()
    expect_status(page, ".cw-comparison", "^No dimension chosen")
    assert dimensions_shown(widget) == []
    widget.get_by_role("button", name="Show all 25").click()
    expect_status(page, ".cw-comparison", "^25 of 25")
    assert dimensions_shown(widget) == list(NAMES.values())


def test_toggle_by_keyboard(toggle):
    page, widget = toggle
    widget.get_by_role("radio", name="both side by side").focus()
    page.keyboard.press("ArrowRight")
    expect_status(page, ".cw-comparison", "BPO only")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    assert expect_status(page, ".cw-comparison", "agree") == "1 of 6 dimensions where the sources agree: BPO only."
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.value") == "D02"
    page.keyboard.press("Space")
    expect_status(page, ".cw-comparison", "^No dimension chosen where the sources agree")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect_status(page, ".cw-comparison", "^1 of 6")
    assert dimensions_shown(widget) == [NAMES["D03"]]


def test_every_filter_shows_its_rows(toggle):
    page, widget = toggle
    rows = comparison.dimensions()
    for group, label in comparison.GROUPS.items():
        widget.get_by_role("radio", name=re.compile(f"^{label} \\(")).check()
        members = comparison.select(rows, where=group)
        expect_status(page, ".cw-comparison", f"^1 of {len(members)} ")
        widget.get_by_role("button", name=f"Show all {len(members)}").click()
        expect_status(page, ".cw-comparison", f"^{len(members)} of {len(members)} ")
        assert dimensions_shown(widget) == [row.name for row in members]
        assert set(
            widget.locator(".cw-badge").evaluate_all("(badges) => badges.map((badge) => badge.dataset.group)")
        ) == {group}
        widget.get_by_role("button", name="Reset").click()
        expect_status(page, ".cw-comparison", "^6 of 25")
    assert "#compare" not in page.url


def test_silence_is_said(toggle):
    page, widget = toggle
    widget.get_by_role("radio", name=re.compile("only S0 speaks")).check()
    expect_status(page, ".cw-comparison", "^1 of 4")
    assert widget.locator("[data-silent]").all_inner_texts() == ["says nothing"]


def test_address_restores_a_view(toggle, open_page):
    page, widget = toggle
    widget.get_by_role("radio", name="KPO only").check()
    widget.get_by_role("radio", name=re.compile("^disagree")).check()
    widget.get_by_role("button", name="Show all 4").click()
    status = expect_status(page, ".cw-comparison", "^4 of 4")
    page.wait_for_function(
        "location.hash.includes('.D21.')"
    )  # a row that the last click added: it is written when the reader pauses
    other, watch = start(open_page, page.url)
    assert expect_status(other, ".cw-comparison", "^4 of 4") == status
    assert dimensions_shown(other.locator(".cw-comparison")) == dimensions_shown(widget)
    assert other.evaluate("document.querySelector('.cw-comparison').getBoundingClientRect().top < innerHeight")
    other.evaluate("location.hash = '#compare?show=nonsense&where=nowhere&rows=D02.D99'")
    assert expect_status(other, ".cw-comparison", "^1 of 25") == "1 of 25 dimensions: BPO and KPO side by side."
    assert watch.errors == []


def test_link_to_the_view_is_handed_out(toggle, book_url):
    page, widget = toggle
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    widget.get_by_role("button", name="Copy link to this view").click()
    widget.get_by_text("The link is on the clipboard.").wait_for()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link.startswith(f"{book_url}/{SIDE_BY_SIDE}#compare?") and "D01.D02.D07" in link
    page.evaluate("() => { navigator.clipboard.writeText = async () => { throw new Error('refused'); }; }")
    widget.get_by_role("button", name="Copy link to this view").click()
    assert widget.get_by_role("textbox", name="Link to this view").input_value() == link


def test_comparison_download_is_what_is_shown(toggle):
    page, widget = toggle
    widget.get_by_role("radio", name="BPO only").check()
    expect_status(page, ".cw-comparison", "BPO only")
    head, *rows = saved_csv(page, widget.get_by_role("button", name="Download as CSV"))
    assert head == ["id", "dimension", "sources", "S0 on BPO", "S1 on BPO", "note", "outside check", "reliability"]
    assert [row[0] for row in rows] == ["D01", "D02", "D07", "D08", "D18", "D24"]
    assert rows[0][3:5] == ["one of two peer kinds of outsourcing", "the parent industry"]
    assert rows[-1][3:5] == ["says nothing", "says nothing"]


def test_on_a_phone_cells_stand_under_one_another(open_page, book_url):
    page, _ = start(open_page, f"{book_url}/{SIDE_BY_SIDE}", width=390)
    cells = page.locator(".cw-compare tbody").first.locator("td[data-kind]")
    lefts = cells.evaluate_all("(cells) => cells.map((cell) => Math.round(cell.getBoundingClientRect().left))")
    assert len(lefts) == 4 and len(set(lefts)) == 1
    assert page.locator(".cw-comparison").evaluate("(widget) => widget.scrollWidth <= widget.clientWidth")
    assert page.get_by_role("cell", name="the parent industry").count() >= 1


# ---- the host ----------------------------------------------------------------------------------------------------


def test_widgets_run_from_files(built_book, open_page):
    page, watch = start(open_page, f"file://{built_book}/{SIDE_BY_SIDE}")
    page.locator(".cw-comparison").get_by_role("radio", name="KPO only").check()
    expect_status(page, ".cw-comparison", "KPO only")
    page.wait_for_function("location.hash.includes('show=kpo')")
    page.goto(f"file://{built_book}/{HOW_BIG}")
    page.wait_for_function("document.querySelector('.cw-growth .cw-chart')?.dataset.drawn > 0")
    assert (watch.outside, watch.errors) == ([], [])


def test_a_widget_that_cannot_start_says_so(built_book, open_page, tmp_path):
    html = (built_book / SIDE_BY_SIDE).read_text("utf8")
    assert html.count('"model_module": "anywidget"') >= 1
    broken = html.replace('"model_module": "anywidget"', '"model_module": "@jupyter-widgets/controls"', 1)
    page, watch = open_page(f"file://{built_book}/{SIDE_BY_SIDE}", alone=True)
    page.route(
        f"file://{built_book}/{SIDE_BY_SIDE}", lambda route: route.fulfill(body=broken, content_type="text/html")
    )
    page.reload()
    page.wait_for_function(READY)
    assert (
        page.locator(".course-widget-failed").inner_text().startswith("This interactive element could not start here")
    )
    assert any("the book cannot run the widget" in error for error in watch.errors)


def test_a_page_holds_the_code_of_its_widgets_once(built_book):
    html = (built_book / HOW_BIG).read_text("utf8")
    states = [json.loads(body)["state"] for body in re.findall(r'widget-state\+json">(.*?)</script>', html, re.DOTALL)]
    parts = [
        model["state"][part]
        for state in states
        for model in state.values()
        for part in ("_esm", "_css")
        if part in model["state"]
    ]
    texts = [part for part in parts if isinstance(part, str)]
    assert len(texts) == len(set(texts)) < len(parts)
