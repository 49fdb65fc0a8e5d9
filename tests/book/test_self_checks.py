"""The practice questions of the built book, in Chromium: by mouse, by keyboard, at phone width, and over a reload."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from accessible import broken_rules

from courseware.contents import pages
from courseware.questions import load_questions

ROOT = Path(__file__).resolve().parents[2]
PAGES = {page.file: list(page.asks) for page in pages(ROOT, ROOT / "_toc.yml")}
WELCOME = {question.id: question for question in load_questions(ROOT / "book/questions.yml")}
CHOICE, CLASSIFY = WELCOME["welcome-01"], WELCOME["welcome-02"]
RIGHT = next(option for option in CHOICE.body["options"] if option.get("correct"))
WRONG = [option for option in CHOICE.body["options"] if not option.get("correct")]


@pytest.fixture
def welcome(book_url, open_page):
    def open_(**options):
        page, watch = open_page(f"{book_url}/book/about.html", **options)
        page.wait_for_selector("html[data-course-widgets=ready]")
        return page, watch

    return open_


def question(page, id_: str):
    return page.locator(f'.cw-question[data-question="{id_}"]')


def option(page, text: str):
    return question(page, CHOICE.id).get_by_role("radio", name=text, exact=True)


def check(page, id_: str) -> str:
    """Press Check; returns what the live region says."""
    question(page, id_).get_by_role("button", name=re.compile("^Check")).click()
    return question(page, id_).get_by_role("status").first.inner_text()


def place(page, right: set[str]) -> None:
    """Put the items in their category, those outside `right` in another one; in whichever layout there is."""
    for item in CLASSIFY.body["items"]:
        category = next(id_ for id_ in CLASSIFY.body["categories"] if (id_ == item["answer"]) == (item["id"] in right))
        label = CLASSIFY.body["categories"][category]
        select = question(page, CLASSIFY.id).get_by_role("combobox", name=item["text"])
        if select.count():
            select.select_option(label)
        else:
            question(page, CLASSIFY.id).get_by_role("radio", name=f"{item['text']}: {label}", exact=True).check()


def kept(page) -> dict:
    return json.loads(page.evaluate("localStorage.getItem('course-progress')") or '{"questions": {}}')["questions"]


def test_a_page_holds_the_code_of_its_questions_once(built_book):
    name, ids = max(PAGES.items(), key=lambda item: len(item[1]))
    assert len(ids) >= 6
    html = (built_book / f"{name}.html").read_text("utf8")
    assert html.count("function drawQuestion(") == 0 and html.count("widgets.css") == 1
    files = re.findall(r'src="[^"]*(_static/widgets/[^"]+)"', html)
    code = [(built_book / file).read_text("utf8") for file in files]
    assert sum("function drawQuestion(" in text for text in code) >= 1 and len(files) == len(set(files))
    assert ".cw-question legend" not in html and ".cw-question legend" in (
        built_book / "_static/widgets.css"
    ).read_text("utf8")
    assert "LayoutModel" not in html


def test_without_javascript_a_question_and_a_figure_are_words(built_book, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((built_book / "book/about.html").as_uri())
    for chosen in (CHOICE, CLASSIFY):
        words = page.locator(f"#question-{chosen.id}").inner_text()
        assert chosen.prompt in words and "switch on JavaScript" in words
        assert all(
            one["text"] in words and one["why"] not in words
            for one in chosen.body.get("options", chosen.body.get("items"))
        )
    assert all(label in words for label in CLASSIFY.body["categories"].values())
    page.goto((built_book / "book/foundations/what-is-bpo.html").as_uri())
    figure = page.get_by_role("img", name=re.compile("made 83 % of Philippine IT-BPM revenue in 2023"))
    assert figure.is_visible() and "83" in figure.inner_text()
    context.close()


def test_an_empty_answer_is_said_and_costs_no_try(welcome):
    page, _ = welcome()
    for id_, words in ((CHOICE.id, "Choose one option first."), (CLASSIFY.id, "Place each item first.")):
        assert words in check(page, id_)
        fieldset = question(page, id_).locator("fieldset")
        assert words in page.locator(f"#{fieldset.get_attribute('aria-describedby')}").inner_text()
    assert kept(page) == {}
    option(page, WRONG[0]["text"]).check()
    assert question(page, CHOICE.id).locator("fieldset").get_attribute("aria-describedby") is None
    assert check(page, CHOICE.id) == "Not correct. One more try."


def test_one_retry_then_the_answer_and_every_reason(welcome):
    page, watch = welcome()
    box = question(page, CHOICE.id)
    option(page, WRONG[0]["text"]).check()
    assert check(page, CHOICE.id) == "Not correct. One more try."
    assert box.locator(".cw-why").all_inner_texts() == [f"✗\nNot correct. {WRONG[0]['why']}"], (
        "the reason of the chosen option, and no other"
    )
    assert RIGHT["why"] not in box.inner_text()
    option(page, WRONG[1]["text"]).check()
    assert check(page, CHOICE.id) == "Not correct. The answer and the reasons are above."
    told = box.inner_text()
    assert all(entry["why"] in told for entry in CHOICE.body["options"])
    assert box.locator(".cw-option", has_text=RIGHT["text"]).locator(".cw-why").inner_text().startswith("✓\nCorrect.")
    assert all(radio.is_disabled() for radio in box.get_by_role("radio").all())
    entry = kept(page)[CHOICE.id]
    assert entry["since"] < entry["time"]
    assert entry | {"since": "", "time": ""} == {
        "first": WRONG[0]["id"],
        "firstRight": False,
        "since": "",
        "answer": WRONG[1]["id"],
        "tries": 2,
        "right": False,
        "done": True,
        "time": "",
    }
    assert not watch.errors


def test_progress_stays_over_a_reload_until_the_question_is_started_again(welcome):
    page, _ = welcome()
    option(page, RIGHT["text"]).check()
    assert check(page, CHOICE.id) == "Correct."
    page.reload()
    page.wait_for_selector("html[data-course-widgets=ready]")
    assert option(page, RIGHT["text"]).is_checked() and RIGHT["why"] in question(page, CHOICE.id).inner_text()
    assert question(page, CHOICE.id).get_by_role("button", name=re.compile("^Check")).count() == 0
    question(page, CHOICE.id).get_by_role("button", name="Start this question again").click()
    assert not option(page, RIGHT["text"]).is_checked() and option(page, RIGHT["text"]).is_enabled()
    assert page.evaluate("document.activeElement.type") == "radio", "the button is gone; the focus is on the question"
    assert RIGHT["why"] not in question(page, CHOICE.id).inner_text()
    assert kept(page)[CHOICE.id]["right"], "the last answer counts until there is another"


def test_starting_a_question_again_does_not_change_the_first_try(welcome):
    page, _ = welcome()
    for answer in (WRONG[0], WRONG[1]):
        option(page, answer["text"]).check()
        check(page, CHOICE.id)
    question(page, CHOICE.id).get_by_role("button", name="Start this question again").click()
    check(page, CLASSIFY.id)
    assert option(page, RIGHT["text"]).is_enabled(), "another question's check leaves the new round alone"
    option(page, RIGHT["text"]).check()
    assert check(page, CHOICE.id) == "Correct."
    entry = kept(page)[CHOICE.id]
    assert (entry["first"], entry["firstRight"], entry["right"], entry["tries"]) == (WRONG[0]["id"], False, True, 1)
    page.locator(".cw-progress:visible summary").click()
    assert "1 of 2 questions answered, 0 at the first try" in page.locator(".cw-progress:visible").inner_text()


def test_a_choice_by_keyboard_alone(welcome):
    page, _ = welcome()
    option(page, CHOICE.body["options"][0]["text"]).focus()
    page.keyboard.press("Space")
    for _ in range([entry["id"] for entry in CHOICE.body["options"]].index(RIGHT["id"])):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Check"
    page.keyboard.press("Enter")
    assert question(page, CHOICE.id).get_by_role("status").first.inner_text() == "Correct."
    assert page.evaluate("document.activeElement.textContent") == "Check", "the focus stays where it was"
    page.keyboard.press("Enter")
    assert kept(page)[CHOICE.id]["tries"] == 1, "a second Enter changes nothing"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Start this question again"
    page.keyboard.press("Enter")
    assert page.locator(":focus").get_attribute("type") == "radio" and option(page, RIGHT["text"]).is_enabled()


@pytest.mark.parametrize("width", [1280, 390])
def test_classify_with_one_retry(welcome, width):
    page, watch = welcome(width=width)
    box, items = question(page, CLASSIFY.id), CLASSIFY.body["items"]
    assert box.get_by_role("table").count() == (1 if width == 1280 else 0)
    box.locator("select, input").first.select_option(index=1) if width == 390 else box.get_by_role(
        "radio"
    ).first.check()
    assert (
        check(page, CLASSIFY.id) == f"{len(items) - 1} of {len(items)} items are not placed yet." and kept(page) == {}
    )
    place(page, {items[0]["id"]})
    assert check(page, CLASSIFY.id) == f"1 of {len(items)} items placed correctly. One more try."
    assert items[0]["why"] in box.inner_text() and items[1]["why"] not in box.inner_text()
    assert box.locator(".cw-why[data-right=false]").count() == len(items) - 1
    place(page, {item["id"] for item in items})
    assert check(page, CLASSIFY.id) == f"{len(items)} of {len(items)} items placed correctly."
    assert all(item["why"] in box.inner_text() for item in items)
    assert kept(page)[CLASSIFY.id]["answer"] == {item["id"]: item["answer"] for item in items}
    assert not watch.errors and page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_classify_by_keyboard_and_turned_to_a_narrow_screen_keeps_answer_and_focus(welcome):
    page, _ = welcome()
    items = CLASSIFY.body["items"]
    first = question(page, CLASSIFY.id).get_by_role("radio").first
    first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    second = list(CLASSIFY.body["categories"].values())[1]
    assert (
        question(page, CLASSIFY.id).get_by_role("radio", name=f"{items[0]['text']}: {second}", exact=True).is_checked()
    )
    page.set_viewport_size({"width": 390, "height": 800})
    select = question(page, CLASSIFY.id).get_by_role("combobox", name=items[0]["text"])
    select.wait_for()
    assert select.input_value() == list(CLASSIFY.body["categories"])[1]
    assert page.evaluate("document.activeElement.tagName") == "SELECT"
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.set_viewport_size({"width": 1280, "height": 800})
    table = question(page, CLASSIFY.id).get_by_role("table")
    table.wait_for()
    assert table.locator("input:checked").count() == 2


def test_the_page_and_the_whole_course_can_be_started_again(welcome):
    page, _ = welcome()
    other = {"schema": 1, "questions": {"other-01": {"answer": "a", "tries": 1, "right": True, "done": True}}}
    page.evaluate("other => localStorage.setItem('course-progress', JSON.stringify(other))", other)
    option(page, RIGHT["text"]).check()
    check(page, CHOICE.id)
    panel = page.locator(".cw-progress:visible")
    assert panel.count() == 1 and question(page, PAGES["book/about"][-1]).locator(".cw-progress").is_visible(), (
        "under the last question only"
    )
    panel.locator("summary").click()
    assert (
        f"1 of {len(PAGES['book/about'])} questions answered, 1 at the first try. In the whole course 2 answered."
        in panel.inner_text()
    )
    panel.get_by_role("button", name="Start this page again").click()
    assert list(kept(page)) == ["other-01"] and not option(page, RIGHT["text"]).is_checked()
    assert panel.get_by_role("status").inner_text() == "The answers of this page are cleared."
    whole = panel.get_by_role("button", name="Start the whole course again")
    whole.click()
    assert list(kept(page)) == ["other-01"] and whole.get_attribute("aria-expanded") == "true", "it asks first"
    panel.get_by_role("button", name="Yes, clear all").click()
    assert kept(page) == {}


def test_two_open_pages_show_the_same_progress(welcome):
    page, _ = welcome()
    other = page.context.new_page()
    other.goto(page.url)
    other.wait_for_selector("html[data-course-widgets=ready]")
    option(other, WRONG[0]["text"]).check()
    check(other, CHOICE.id)
    page.wait_for_function(
        "id => document.querySelector(`[data-question=${id}]`).dataset.state === 'wrong'", arg=CHOICE.id
    )
    assert option(page, WRONG[0]["text"]).is_checked()


STORED = [
    "not JSON",
    "[]",
    '{"schema": 2, "questions": {}}',
    '{"schema": 1, "questions": 7}',
    '{"schema": 1, "questions": {"welcome-01": 3, "welcome-02": null}}',
    '{"schema": 1, "questions": {"welcome-01": {"tries": 1, "answer": "gone", "done": true, "right": true}}}',
    '{"schema": 1, "questions": {"welcome-02": {"tries": 2, "answer": {"zz": "s0"}, "done": true}}}',
]


def test_progress_that_cannot_be_used_does_not_break_the_page(welcome):
    page, watch = welcome()
    for stored in STORED:
        page.evaluate("text => localStorage.setItem('course-progress', text)", stored)
        page.reload()
        page.wait_for_selector("html[data-course-widgets=ready]")
        option(page, RIGHT["text"]).check()
        assert check(page, CHOICE.id) == "Correct." and not watch.errors, stored
        assert kept(page)[CHOICE.id]["right"] is True, stored


@pytest.mark.parametrize("width, dark", [(1280, False), (1280, True), (390, False), (390, True)])
def test_checked_questions_are_accessible(welcome, width, dark):
    page, _ = welcome(width=width, dark=dark)
    option(page, WRONG[0]["text"]).check()
    check(page, CHOICE.id)
    check(page, CLASSIFY.id)
    page.locator(".cw-progress:visible summary").click()
    assert broken_rules(page, ".cw-question") == []
    option(page, WRONG[1]["text"]).check()
    check(page, CHOICE.id)
    place(page, set())
    check(page, CLASSIFY.id)
    check(page, CLASSIFY.id)
    assert broken_rules(page, ".cw-question") == []
