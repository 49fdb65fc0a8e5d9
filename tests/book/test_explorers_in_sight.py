"""Each slider stands whole in view together with what it moves, on a phone and on a desk; a finger scrolls; the keyboard stops once."""

from __future__ import annotations

import re

import pytest
from widget_page import PAGES as ALL

PAGES = {name: ALL[name] for name in ("MarketGrowth", "LocationMatrix", "Comparison", "Staffing")}

# What an explorer needs before all of its sliders are there.
PREPARED = {
    "MarketGrowth": lambda widget: (
        widget.get_by_role("spinbutton", name="Your forecast for 2030").fill("450"),
        widget.get_by_role("button", name="Show what was published").click(),
        widget.get_by_label("Compare with a second scenario").check(),
    ),
    "Cost": lambda widget: widget.get_by_label("Hours served").select_option("own"),
    "LocationMatrix": lambda widget: (
        [box.check() for box in widget.get_by_role("checkbox").all()],
        # else a criterion with a blank is left out, and has no slider
        widget.get_by_role("radio", name="fill with the worst").check(),
    ),
}
SLIDERS = {"MarketGrowth": 5, "Staffing": 7, "Cost": 13, "LocationMatrix": 8}
SCREENS = [(390, 844), (1280, 800)]

# The slider in focus, and what shows results, as far as they stand whole in view and under nothing: {place: what it shows}
IN_VIEW = """(slider) => {
    const covered = (node, x, y) => { const top = document.elementFromPoint(x, y); return !top || !(node.contains(top) || top.contains(node)); };
    const whole = (node) => {
        const box = node.getBoundingClientRect();
        return box.width && box.top >= 0 && box.bottom <= innerHeight && box.left >= 0 && box.right <= innerWidth
            && ![box.top + 2, box.bottom - 2].some((y) => [box.left + 3, (box.left + box.right) / 2].some((x) => covered(node, x, y)));
    };
    if (!whole(slider)) return null;
    const shows = (node) => node.innerText + [...node.querySelectorAll("path, text")].map((one) => one.getAttribute("d") ?? one.textContent).join();
    const results = ".cw-chart, .cw-chart-title, .cw-status, .cw-tiles li, table";
    return [...slider.closest(".cw").querySelectorAll(results)].map((node, place) => [place, whole(node) && shows(node)]).filter(([, shown]) => shown);
}"""
SETTLED = "() => new Promise((done) => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)), 350))"


def prepared(opened, name, **how):
    page, widget = opened(name, **how)
    PREPARED.get(name, lambda _: None)(widget)
    page.evaluate(SETTLED)
    return page, widget


@pytest.mark.parametrize("name", [name for name in SLIDERS if name in PAGES])
@pytest.mark.parametrize("width, height", SCREENS)
def test_a_step_of_each_slider_changes_what_stands_in_view_with_it(opened, name, width, height):
    page, widget = prepared(opened, name, width=width, height=height)
    sliders, still = widget.get_by_role("slider").all(), []
    for slider in sliders:
        slider.focus()
        page.evaluate(SETTLED)
        before = slider.evaluate(IN_VIEW)
        low = slider.evaluate("(input) => Number(input.value) < Number(input.max)")
        page.keyboard.press("ArrowRight" if low else "ArrowLeft")
        page.evaluate(SETTLED)
        after = slider.evaluate(IN_VIEW)
        if not before or not after or not set(map(tuple, after)) - set(map(tuple, before)):
            still.append(
                (slider.get_attribute("id"), slider.evaluate("(input) => input.labels[0].textContent"), bool(before))
            )
    assert (len(sliders), still) == (SLIDERS[name], [])


def swiped(page, x, y):
    """How far the page moves under a finger that goes up by 200 pixels."""
    before, client = page.evaluate("scrollY"), page.context.new_cdp_session(page)
    touch = lambda kind, *points: client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})  # noqa: E731
    touch("touchStart", {"x": x, "y": y})
    for step in range(1, 21):
        touch("touchMove", {"x": x, "y": y - 10 * step})
        page.wait_for_timeout(10)
    touch("touchEnd")
    page.wait_for_timeout(300)
    return page.evaluate("scrollY") - before


@pytest.mark.parametrize("name", [name for name in PAGES if name not in ("Comparison", "TaskSorter")])
def test_a_finger_on_a_chart_or_a_slider_scrolls_the_page(browser, built_book, name):
    chapter, kind = PAGES[name]
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()
    page.goto(f"file://{built_book}/book/{chapter}.html")
    widget = page.locator(kind)
    widget.wait_for()
    for part in (".cw-chart", "input[type=range]"):
        for node in widget.locator(f"{part}:visible").all():
            node.evaluate("(node) => node.scrollIntoView({ block: 'center' })")
            if part == ".cw-chart":
                page.wait_for_function("(node) => node.dataset.drawn > 0", arg=node.element_handle())
            page.wait_for_timeout(150)
            box = node.bounding_box()
            value = node.evaluate("(node) => node.value ?? ''")
            moved = swiped(page, box["x"] + box["width"] * 0.7, box["y"] + box["height"] / 2)
            assert moved >= 150, (part, value)
            assert node.evaluate("(node) => node.value ?? ''") == value
    chart = widget.locator(".cw-chart").first
    chart.evaluate("(node) => node.scrollIntoView({ block: 'center' })")
    box = chart.bounding_box()
    for share in (0.3, 0.5, 0.7):
        page.touchscreen.tap(box["x"] + box["width"] * share, box["y"] + box["height"] * 0.6)
    page.wait_for_timeout(300)
    assert widget.locator(".hoverlayer .hovertext").count() == 0, "no label stays where a finger was"
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_slider_is_one_stop_of_the_keyboard_and_the_title_a_heading(opened, name):
    page, widget = opened(name)
    title = widget.get_by_role("heading", level=3).first
    assert title.get_attribute("id") == widget.get_attribute("aria-labelledby")
    for slider in widget.locator("input[type=range]:visible").all()[:3]:
        slider.focus()
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.type !== 'number' && document.activeElement.tabIndex === 0")


@pytest.mark.parametrize("name", PAGES)
def test_an_explorer_shows_no_row_ids(opened, name):
    page, widget = opened(name)
    page.evaluate("document.querySelectorAll('.cw details').forEach((one) => { one.open = true; })")
    page.evaluate(SETTLED)
    shown = widget.evaluate(
        """(widget) => widget.textContent + [...widget.querySelectorAll('[aria-label], [title], [data-label]')]
            .map((node) => [node.ariaLabel, node.title, node.dataset.label].join(' ')).join(' ')"""
    )
    assert re.findall(r"\bS[01](?:-\d\d)?\b|\b[A-Z]{1,3}\d\d\b|\bGVR-\d{4}\b|\bterm/", shown) == []


@pytest.mark.parametrize("name", PAGES)
def test_a_broken_or_foreign_address_is_ignored(opened, name):
    chapter, kind = PAGES[name]
    page, widget = opened(name)
    key = {"MarketGrowth": "growth", "Comparison": "compare", "LocationMatrix": "matrix", "TaskSorter": "sorter"}.get(
        name, name.lower()
    )
    before = widget.inner_text()
    for tail in (
        f"#{key}?%E0%A4%A=%&=&;=1&cagr=NaN&calls=-5&country=%00&rows=.&view=x&task=t99&placed=zz&base=1e999",
        "#nowhere?x=1",
        f"#{key}",
        f"#{key}?",
    ):
        page.evaluate("(tail) => { location.hash = tail; }", tail)
        page.evaluate(SETTLED)
        assert widget.inner_text() == before, tail


@pytest.mark.parametrize("name", PAGES)
def test_without_storage_an_explorer_works(browser, built_book, name):
    chapter, kind = PAGES[name]
    context = browser.new_context()
    context.add_init_script(
        "for (const store of ['localStorage', 'sessionStorage']) Object.defineProperty(window, store, { get() { throw new DOMException('no', 'SecurityError'); } });"
    )
    page, errors = context.new_page(), []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"file://{built_book}/book/{chapter}.html")
    page.locator(kind).wait_for()
    assert errors == []
    context.close()


def test_plotly_comes_only_when_an_explorer_is_near(open_page, book_url):
    asked = []
    page, _ = open_page("about:blank", alone=True)
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{book_url}/book/location/what-it-costs.html")
    page.locator(".cw-cost").wait_for()
    page.wait_for_timeout(500)
    far = page.evaluate("document.querySelector('.cw-cost .cw-chart').getBoundingClientRect().top > 3 * innerHeight")
    assert far and not any("plotly" in url for url in asked)
    tall = "document.querySelector('.cw-cost').getBoundingClientRect().height"
    before = page.evaluate(tall)
    page.evaluate("document.querySelector('.cw-cost').scrollIntoView()")
    page.wait_for_function("document.querySelector('.cw-cost .cw-chart').dataset.drawn > 0")
    assert any("plotly" in url for url in asked)
    assert page.evaluate(tall) == before, "its place was kept"
