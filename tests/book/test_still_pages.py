"""The figures on the pages of the built book: legible at every size and in both modes, there without JavaScript and on paper, without plotly."""

from __future__ import annotations

import re

import pytest
from accessible import views
from playwright.sync_api import expect
from test_pages import PAGES, ROOT

SOURCES = {name: (ROOT / f"{name}.md").read_text("utf8") for name in PAGES if (ROOT / f"{name}.md").is_file()}
SHOWN = [name for name, text in SOURCES.items() if "Figure.of(" in text]
EXPLORER = re.compile(r"from outsourcing\.widgets import|from outsourcing import widgets")
STILL = [name for name in SHOWN if not EXPLORER.search(SOURCES[name])]
# bars in one line and in groups, lines, reaches beside an explorer, many rows; all others are the matrix's
OF_EACH_KIND = {
    f"book/{name}"
    for name in (
        "foundations/what-is-bpo",
        "location/state-support",
        "location/weighted-decision",
        "market/reading-reports",
    )
}

# What a reader could not read in the figures: small, cut off at the figure's edge, or one text on another.
ILLEGIBLE = """() => [...document.querySelectorAll(".cw-plain")].flatMap((figure) => {
    const edge = figure.getBoundingClientRect(), faults = [];
    const texts = [...figure.querySelectorAll(".cw-still :is(text, p, span), .cw-legend li")]
        .map((node) => [node, node.getBoundingClientRect()]).filter(([, box]) => box.width);
    texts.forEach(([node, box], n) => {
        if (parseFloat(getComputedStyle(node).fontSize) < 12) faults.push(`${node.textContent} is small`);
        if (box.left < edge.left || box.right > edge.right) faults.push(`${node.textContent} is cut off`);
        for (const [other, its] of texts.slice(n + 1)) {
            const across = Math.min(box.right, its.right) - Math.max(box.left, its.left);
            const down = Math.min(box.bottom, its.bottom) - Math.max(box.top, its.top);
            if (across > 1 && down > 3) faults.push(`${node.textContent} lies on ${other.textContent}`);
        }
    });
    return faults;
})"""
GROUND = """(node) => {
    for (; node; node = node.parentElement) {
        const colour = getComputedStyle(node).backgroundColor;
        if (!/, 0\\)|transparent/.test(colour)) return colour;
    }
}"""
# [ink, ground] of each text in the pictures: axe does not look into them
INKS = """() => {
    const ground = GROUND, fill = (node) => getComputedStyle(node).fill;
    return [...document.querySelectorAll(".cw-plain")].flatMap((figure) => [
        ...[...figure.querySelectorAll("svg text:not(.cw-on)")].map((node) => [fill(node), ground(figure)]),
        ...[...figure.querySelectorAll("svg text.cw-on")].flatMap((node) =>
            [...figure.querySelectorAll("svg > rect:not([fill])")].map((bar) => [fill(node), fill(bar)]))]);
}""".replace("GROUND", GROUND)


def luminance(colour: str) -> float:
    """Of a CSS colour, as WCAG defines it."""
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_book_has_pages_of_figures_without_an_explorer():
    assert len(STILL) >= 10 and len(SHOWN) > len(STILL)


@pytest.mark.parametrize(
    "name", [name if name in OF_EACH_KIND else pytest.param(name, marks=pytest.mark.matrix) for name in SHOWN]
)
def test_figures_are_legible_in_every_view(name, book_url, open_page):
    page, watch = open_page(f"{book_url}/{name}.html")
    page.wait_for_load_state("networkidle")
    assert page.locator(".cw-plain").count() == SOURCES[name].count("Figure.of(")
    for view in views(page):
        assert page.evaluate(ILLEGIBLE) == [], view
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1"), view
        inks = page.evaluate(INKS)
        assert inks and [pair for pair in inks if contrast(*pair) < 4.5] == [], view
    loaded = page.evaluate("performance.getEntriesByType('resource').map(({ name }) => name)")
    assert any("widgets.css" in url for url in loaded)
    assert name not in STILL or not [url for url in loaded if "plotly" in url], "no figure needs plotly"
    assert watch.outside == [] and watch.errors == []


def test_the_table_of_a_figure_opens_and_closes_by_keyboard(book_url, open_page):
    page, _ = open_page(f"{book_url}/book/foundations/what-is-bpo.html", width=390)
    figure = page.locator(".cw-plain").first
    figure.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(figure.get_by_role("table")).to_be_visible()
    assert figure.get_by_role("row").all_inner_texts()[1].split("\t")[-1].strip() in ("83", "83.0")
    page.keyboard.press("Enter")
    expect(figure.get_by_role("table")).to_be_hidden()


def test_without_javascript_the_figure_is_there(browser, book_url):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 900})
    page = context.new_page()
    page.goto(f"{book_url}/book/market/how-big.html")
    figure = page.get_by_role("group", name=re.compile("^A forecast for 2004 was more than four times"))
    picture = figure.get_by_role("img", name=re.compile("543"))
    assert picture.locator("text", has_text="543.48").is_visible() and picture.bounding_box()["height"] > 300
    assert figure.get_by_text("Source: Gartner").is_visible()
    figure.get_by_text("The numbers as a table").click()
    assert figure.get_by_role("table").is_visible()
    context.close()


def test_on_paper_a_figure_is_light_whatever_the_screen_is(book_url, open_page):
    page, _ = open_page(f"{book_url}/book/reference/claims.html", dark=True)
    page.wait_for_function("document.documentElement.dataset.theme === 'dark'")
    figure, name = page.locator(".cw-plain").first, page.locator(".cw-plain .cw-tick").first
    assert luminance(figure.evaluate(GROUND)) < 0.1
    page.emulate_media(media="print")
    assert luminance(figure.evaluate(GROUND)) > 0.8
    assert contrast(name.evaluate("(node) => getComputedStyle(node).fill"), figure.evaluate(GROUND)) >= 4.5


def test_what_is_projected_is_told_from_what_was_counted_without_colour(book_url, open_page):
    """Solid for what was counted, dashes for the roadmap; whole bars for what was stated, hatched ones for what was foretold."""
    page, _ = open_page(f"{book_url}/book/location/state-support.html")
    dashes = page.locator(".cw-plain polyline").evaluate_all(
        "(all) => all.map((node) => getComputedStyle(node).strokeDasharray)"
    )
    assert [dash != "none" for dash in dashes] == [True, True, True, False]
    assert page.locator(".cw-plain .cw-ends span").all_inner_texts()[-1] == "Counted"
    page.goto(f"{book_url}/book/market/how-big.html")
    page.wait_for_selector(".cw-plain")
    assert page.locator(".cw-plain svg > rect.cw-hatched").count() == 1
    assert page.locator(".cw-plain svg > rect:not(.cw-hatched):not([fill])").count() == 1
