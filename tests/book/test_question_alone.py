"""A practice question on a page of its own, drawn by the book's host: odd texts, many categories, no memory, an unknown kind."""

from __future__ import annotations

import pytest
from one_question import write_page

from courseware.widgets.question import QuestionWidget


@pytest.fixture
def alone(tmp_path, open_page):
    """alone(body) -> page with this practice question, drawn by the book's host from the widget's saved state."""

    def open_(before: str = "", widget=(), **fields):
        public = {"id": "alone-01", "use": "practice", "points": 1, "objective": "x", **fields}
        widget = QuestionWidget(question=public, key=public, mode="practice", **dict(widget))
        page, watch = open_page(write_page(tmp_path, widget, before=before))
        page.wait_for_selector("html[data-course-widgets=ready]")
        return page, watch

    return open_


ODD = "<img src=x onerror=\"document.title='taken'\"> & <b>bold</b> 2 * 3 * 4"


def test_an_authors_text_is_text_with_code_and_emphasis_only(alone):
    page, watch = alone(
        kind="choice",
        prompt=f"Is `a < b` *really* so? {ODD}",
        options=[{"id": "a", "text": ODD, "why": ODD, "correct": True}, {"id": "b", "text": "no", "why": "no"}],
    )
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Check").click()
    assert page.locator("legend code").inner_text() == "a < b" and page.locator("legend em").inner_text() == "really"
    assert ODD in page.locator("legend").inner_text() and ODD in page.locator(".cw-why").first.inner_text()
    assert (
        page.locator(".cw-question img, .cw-question b").count() == 0
        and page.title() == "One question"
        and not watch.errors
    )


def test_many_categories_are_a_list_at_any_width(alone):
    categories = {f"c{n}": f"Kind {n}" for n in range(6)}
    page, _ = alone(
        kind="classify",
        prompt="Sort.",
        categories=categories,
        items=[{"id": id_, "text": f"Item {id_}", "answer": "c0", "why": "so"} for id_ in "ab"],
    )
    assert page.get_by_role("table").count() == 0 and page.get_by_role("combobox").count() == 2
    assert page.get_by_role("combobox", name="Item a").input_value() == ""


def test_a_browser_that_keeps_nothing_says_so_and_still_checks(alone):
    page, watch = alone(
        before="Object.defineProperty(window, 'localStorage', {get() { throw new Error('blocked'); }});",
        kind="choice",
        prompt="Which?",
        options=[
            {"id": "a", "text": "this", "why": "so", "correct": True},
            {"id": "b", "text": "that", "why": "not so"},
        ],
    )
    page.get_by_role("radio", name="that").check()
    page.get_by_role("button", name="Check").click()
    assert (
        page.get_by_role("status").first.inner_text()
        == "Not correct. One more try. This browser does not keep your progress."
    )
    assert page.get_by_role("radio", name="that").is_checked() and not watch.errors


@pytest.mark.parametrize(
    "kind, why",
    [("poem", "no question of the kind poem"), ("choice", "undefined")],
    ids=["an unknown kind", "a kind that fails"],
)
def test_a_question_that_cannot_be_drawn_is_readable(alone, kind, why):
    page, watch = alone(kind=kind, prompt="Write.", widget={"lines": ["(a) a line"]})
    text = page.locator(".cw-question").inner_text()
    assert "Write." in text and "(a) a line" in text and "cannot draw" in text
    assert len(watch.errors) == 1 and why in watch.errors[0], "and the browser's log says why"
