"""Questions of the kinds choices, order and number as a reader works on them: by mouse, by keyboard, heard in the live region."""

from __future__ import annotations

import json

import pytest
from accessible import broken_rules
from one_question import ROOT, practice, write_page

from courseware.questions import load_questions

CHOICES, ORDER, NUMBER = "demo-11", "demo-12", "demo-13"


@pytest.fixture
def three(tmp_path, open_page):
    """three(width, dark) -> a page with one practice question of each kind."""

    def open_(**options):
        questions = [
            load_questions(ROOT / f"tests/data/kinds/{kind}.yml")[0] for kind in ("choices", "order", "number")
        ]
        for question in questions:
            object.__setattr__(question, "use", "practice")
        page, watch = open_page(write_page(tmp_path, *map(practice, questions)), **options)
        page.wait_for_selector("html[data-course-widgets=ready]")
        watched.append(watch)
        return page

    watched = []
    yield open_
    assert not [error for watch in watched for error in watch.errors + watch.outside]


def box(page, id_):
    return page.locator(f'.cw-question[data-question="{id_}"]')


def check(page, id_):
    box(page, id_).get_by_role("button", name="Check").click()
    return said(page, id_)


def said(page, id_):
    return box(page, id_).get_by_role("status").first.inner_text()


def kept(page, id_):
    return json.loads(page.evaluate("localStorage.getItem('course-progress')") or '{"questions": {}}')["questions"].get(
        id_
    )


def items(page):
    return [node.get_attribute("data-item") for node in box(page, ORDER).get_by_role("listitem").all()]


def test_any_number_of_options_are_chosen_and_counted(three):
    page = three()
    here = box(page, CHOICES)
    assert check(page, CHOICES) == "Choose one option or more first." and kept(page, CHOICES) is None
    here.get_by_role("checkbox", name="The pay a month").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert said(page, CHOICES) == "2 selected."
    assert check(page, CHOICES) == "1 of 3 right options chosen, and 1 wrong. One more try."
    assert here.locator(".cw-why").all_inner_texts() == [
        "✓\nCorrect. A payroll has it.",
        "✗\nNot correct. Nobody counts love.",
    ]
    here.get_by_role("checkbox", name="The love of the work").uncheck()
    here.get_by_role("checkbox", name="The age of the firm").check()
    assert check(page, CHOICES) == "2 of 3 right options chosen, and 0 wrong. The answer and the reasons are above."
    assert (
        "Correct, but not chosen. One can count them." in here.inner_text()
        and here.get_by_role("checkbox").first.is_disabled()
    )
    assert kept(page, CHOICES)["answer"] == ["pay", "age"] and kept(page, CHOICES)["first"] == ["pay", "love"]
    here.get_by_role("button", name="Start this question again").click()
    assert (
        here.get_by_role("checkbox", checked=True).count() == 0
        and page.evaluate("document.activeElement.type") == "checkbox"
    )


def test_items_are_put_in_order_by_keyboard_and_the_focus_stays_on_the_item(three):
    page = three()
    here, start = box(page, ORDER), items(page)
    assert "press “This is my order”" in check(page, ORDER) and kept(page, ORDER) is None, (
        "the order it begins with is no answer"
    )
    first = here.get_by_role("listitem").first
    name = first.locator(".cw-item").inner_text()
    first.get_by_role("button", name=f"Move up: {name}").focus()
    page.keyboard.press("Enter")
    assert items(page) == start, "the first item cannot go up"
    first.get_by_role("button", name=f"Move down: {name}").focus()
    for place in (2, 3, 4):
        page.keyboard.press("Space" if place == 3 else "Enter")
        assert said(page, ORDER) == f"{name}, now {place} of 4."
        assert page.evaluate("document.activeElement.getAttribute('aria-label')") == f"Move down: {name}"
    assert (
        items(page) == [*start[1:], start[0]]
        and page.evaluate("document.activeElement.getAttribute('aria-disabled')") == "true"
    )

    right = ["need", "ask", "weigh", "sign"]
    for place, id_ in enumerate(["ask", "need", "weigh", "sign"]):
        arrange(page, id_, place)
    assert check(page, ORDER) == "3 of 4 items stand in the right order. One more try."
    assert here.locator(".cw-why[data-right=false]").count() == 1 and "Offers need a text" not in here.inner_text()
    arrange(page, "need", 0)
    assert items(page) == right and check(page, ORDER) == "4 of 4 items stand in the right order."
    assert (
        "In order. Its place is 1. Nobody can offer" in here.inner_text()
        and here.get_by_role("button", name="Move").count() == 0
    )
    page.reload()
    page.wait_for_selector("html[data-course-widgets=ready]")
    assert items(page) == right and kept(page, ORDER)["right"] is True
    here.get_by_role("button", name="Start this question again").click()
    assert items(page) == start
    settle = here.get_by_role("button", name="This is my order")
    settle.focus()
    page.keyboard.press("Enter")
    assert (
        said(page, ORDER) == "This is your order."
        and page.evaluate("document.activeElement.textContent") == "This is my order"
    )
    page.keyboard.press("Tab")
    assert settle.is_hidden() and page.evaluate("document.activeElement.textContent") == "Check"
    assert "of 4 items stand in the right order" in check(page, ORDER)


def arrange(page, id_, place):
    row = box(page, ORDER).locator(f"[data-item={id_}]")
    while (now := items(page).index(id_)) != place:
        row.get_by_role("button", name="Move up" if now > place else "Move down").click()


def test_a_number_is_typed_read_and_explained(three):
    page = three()
    here = box(page, NUMBER)
    field = here.get_by_role("textbox", name="Your number in billion USD")
    assert check(page, NUMBER) == "Type a number first."
    field.fill("1,234")
    assert check(page, NUMBER) == "“1,234” can be read in two ways: write 1234 or 1.234."
    assert kept(page, NUMBER) is None and here.locator("fieldset").get_attribute("aria-describedby")
    field.fill("525 700 million USD")
    assert check(page, NUMBER) == "Write the number alone, in billion USD."
    field.fill("525 700")
    field.press("Enter")
    assert said(page, NUMBER) == "Not correct. Close: the digits are right. Check the unit. One more try."
    field.fill("559,3 billion USD")
    field.press("Enter")
    assert (
        "The answer is 525.7 billion USD. 320 times 1.064 to the power of 8." in here.inner_text()
        and not field.is_editable()
    )
    here.get_by_role("button", name="Start this question again").click()
    assert field.input_value() == "" and page.evaluate("document.activeElement.type") == "text"
    field.fill("559.3")
    assert (
        check(page, NUMBER) == "Not correct. One more try."
        and "Nine years of growth instead of eight." in here.inner_text()
    )
    field.fill("526")
    assert check(page, NUMBER) == "Correct." and kept(page, NUMBER)["answer"] == "526"


@pytest.mark.parametrize("width, dark", [(1280, False), (390, True)])
def test_each_state_is_accessible_and_fits(three, width, dark):
    page = three(width=width, dark=dark)

    def fine():
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert broken_rules(page, ".cw-question") == []

    for id_ in (CHOICES, ORDER, NUMBER):
        check(page, id_)
    fine()
    for _ in range(2):
        box(page, CHOICES).get_by_role("checkbox").nth(1).check()
        arrange(page, "sign", 0)
        box(page, NUMBER).get_by_role("textbox").fill("559.3")
        for id_ in (CHOICES, ORDER, NUMBER):
            check(page, id_)
        fine()
