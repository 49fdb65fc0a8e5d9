"""axe on an open page, for all tests that ask it: its script is put into a page once, and only what is broken is written down."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe

COLOURS = ["color-contrast", "link-in-text-block"]  # all that a theme alone can change
# Of all results only the violations, else axe also writes down each of the thousands of elements that pass. The rules that would
# need every style sheet loaded again (preload) are experimental ones, which are off.
OPTIONS = {"resultTypes": ["violations"], "preload": False}


def broken_rules(page, context: str | None = None, rules: list[str] | None = None) -> list[tuple[str, str, str]]:
    """What axe finds wrong in the page, or in the elements that the selector `context` names: (rule, what it asks for, the first element)."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    options = OPTIONS | ({"runOnly": rules} if rules else {})
    found = page.evaluate("([context, options]) => axe.run(context ?? document, options)", [context, options])["violations"]
    return [(one["id"], one["help"], one["nodes"][0]["html"]) for one in found]
