"""A page of the book as each reader sees it: desk and phone, light and dark; and what axe finds in it, its script put there once."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe

COLOURS = ["color-contrast", "link-in-text-block"]  # all that a theme alone can change
# Of all results only the violations, else axe also writes down each of the thousands of elements that pass. The rules that would
# need every style sheet loaded again (preload) are experimental ones, which are off.
OPTIONS = {"resultTypes": ["violations"], "preload": False}

# The theme lets the keyboard reach code that scrolls sideways, a moment after the width has changed.
REACHED = "() => [...document.querySelectorAll('article pre')].every(code => code.scrollWidth <= code.clientWidth || code.tabIndex >= 0)"


def broken_rules(page, context: str | None = None, rules: list[str] | None = None) -> list[tuple[str, str, str]]:
    """What axe finds wrong in the page, or in the elements that the selector `context` names: (rule, what it asks for, the first element)."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    options = OPTIONS | ({"runOnly": rules} if rules else {})
    found = page.evaluate("([context, options]) => axe.run(context ?? document, options)", [context, options])[
        "violations"
    ]
    return [(one["id"], one["help"], one["nodes"][0]["html"]) for one in found]


def views(page):
    """Show the open page on a desk and on a phone, light and dark; yields (width, theme) of each view once it has settled."""
    for width, theme in ((1280, "light"), (1280, "dark"), (390, "dark"), (390, "light")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=theme)
        page.wait_for_function(f"document.documentElement.dataset.theme === '{theme}'")
        # charts follow
        page.evaluate(
            "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done))))"
        )
        page.wait_for_timeout(300)  # colours fade
        page.wait_for_function(REACHED)
        yield width, theme


def check_in_all_views(page, context: str) -> None:
    """In each view axe finds nothing in the elements that `context` names, and the page does not scroll sideways."""
    for view in views(page):
        assert broken_rules(page, context) == [], view
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1"), view
