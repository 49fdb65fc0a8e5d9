"""The page of the reader's progress: what it counts and links to, saving to a file and reading it back, clearing, and files that are none."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from accessible import check_in_all_views

from courseware.contents import pages

ROOT = Path(__file__).resolve().parents[2]
PAGES = [page for page in pages(ROOT, ROOT / "_toc.yml") if page.asks]
ALL = [id_ for page in PAGES for id_ in page.asks]
FOUNDATIONS = [id_ for page in PAGES if page.part == "Foundations" for id_ in page.asks]
DAY = "2026-03-{:02}T10:00:00.000Z"


def entry(right: bool, day: int = 1, **more) -> dict:
    """What is kept of a question that was right at the first try, or missed twice."""
    tries = 1 if right else 2
    return {
        "first": "a",
        "firstRight": right,
        "since": DAY.format(day),
        "answer": "a",
        "tries": tries,
        "right": right,
        "done": True,
        "time": DAY.format(day),
    } | more


@pytest.fixture
def progress(book_url, open_page):
    """progress({id: entry}) -> (page, watch) of a reader with this progress."""

    def open_(questions=None, base=None, **options):
        page, watch = open_page(f"{base or book_url}/book/progress.html", **options)
        page.evaluate(
            "text => localStorage.setItem('course-progress', text)",
            json.dumps({"schema": 1, "questions": questions or {}}),
        )
        page.reload()
        page.wait_for_selector("html[data-course-widgets=ready]")
        return page, watch

    return open_


def kept(page) -> dict:
    return json.loads(page.evaluate("localStorage.getItem('course-progress')"))["questions"]


def rows(page) -> dict[str, list[str]]:
    return {
        row.locator("th").inner_text().strip(): row.locator("td").all_inner_texts()
        for row in page.locator(".cw-course tbody tr, .cw-course tfoot tr").all()
    }


def said(page) -> str:
    return page.locator(".cw-course > .cw-note").inner_text()


def saved(questions: dict, **more) -> bytes:
    return json.dumps(
        {"kind": "course-progress", "schema": 1, "saved": DAY.format(9), "questions": questions} | more
    ).encode()


def read(page, data: bytes, name: str = "course-progress.json"):
    page.locator(".cw-course input[type=file]").set_input_files(
        {"name": name, "mimeType": "application/json", "buffer": data}
    )


def press(page, name: str):
    page.get_by_role("button", name=name, exact=True).click()


def test_it_counts_each_part_and_the_whole(progress):
    page, watch = progress(
        {
            FOUNDATIONS[0]: entry(True),
            FOUNDATIONS[1]: entry(False),
            FOUNDATIONS[2]: entry(True, firstRight=False),
            "gone-01": entry(True),
        }
    )
    table = rows(page)
    assert table["Foundations"] == [f"3 of {len(FOUNDATIONS)}", "1", "1"]
    assert table["Whole course"] == [f"3 of {len(ALL)}", "1", "1"], (
        "a question that is no longer in the course counts nowhere"
    )
    for part in {page.part for page in PAGES} - {"Foundations"}:
        n = sum(len(page.asks) for page in PAGES if page.part == part)
        assert table[part] == [f"0 of {n}", "0", "0"]
    assert page.locator(".cw-course > [role=status]").first.inner_text() == (
        f"3 of {len(ALL)} questions answered, 1 right at the first try, 1 to review."
    )
    assert (watch.errors, watch.outside) == ([], [])


def test_a_question_to_review_is_linked_in_its_chapter(progress):
    chosen = [next(id_ for id_ in page.asks) for page in PAGES]
    page, _ = progress({id_: entry(False) for id_ in chosen})
    links = page.locator(".cw-todo li a")
    assert links.count() == len(chosen)
    assert page.locator(".cw-todo a", has_text="all in one review").count() == len(
        {one.part for one in PAGES} - {"Home", "About the course", "Work samples", "Reference"}
    )
    links.nth(len(chosen) // 2).click()
    id_ = chosen[len(chosen) // 2]
    page.wait_for_url(f"**/{PAGES[len(chosen) // 2].file}.html#question-{id_}")
    page.wait_for_selector("html[data-course-widgets=ready]")
    page.wait_for_function(
        "id => { const {top} = document.getElementById(id).getBoundingClientRect(); return top >= 0 && top < innerHeight; }",
        arg=f"question-{id_}",
    )


def test_every_link_leads_to_a_built_page_and_nothing_gives_an_answer_away(progress, built_book):
    page, _ = progress({id_: entry(False) for id_ in ALL})
    addresses = page.locator(".cw-todo a").evaluate_all("links => links.map((link) => new URL(link.href).pathname)")
    assert len(addresses) == len(ALL) + len(
        {one.part for one in PAGES} - {"Home", "About the course", "Work samples", "Reference"}
    )
    assert [address for address in addresses if not (built_book / address.lstrip("/")).is_file()] == []
    (state,) = re.findall(
        r'widget-state\+json">(.*?)</script>', (built_book / "book/progress.html").read_text("utf8"), flags=re.S
    )
    (parts,) = [model["state"]["parts"] for model in json.loads(state)["state"].values()]
    assert [question["id"] for part in parts for question in part["questions"]] == ALL
    assert {name for part in parts for question in part["questions"] for name in question} == {
        "id",
        "objective",
        "chapter",
        "page",
    }


def test_next_is_the_first_question_not_tried(progress):
    page, _ = progress({ALL[0]: entry(True)})
    assert page.locator(".cw-todo a").first.get_attribute("href").endswith(f"#question-{ALL[1]}")
    page, _ = progress({id_: entry(True) for id_ in ALL})
    assert page.locator(".cw-todo").inner_text() == "Next: you have tried every question."


def test_a_saved_file_brings_everything_back(progress):
    before, sorted_tasks = (
        {ALL[0]: entry(True), ALL[3]: entry(False, firstRight=True, answer={"a": "b"})},
        '{"schema":1,"tasks":{}}',
    )
    page, watch = progress(before)
    page.evaluate("text => localStorage.setItem('course-along-tasks', text)", sorted_tasks)
    with page.expect_download() as download:
        press(page, "Save as a file")
    file = download.value.path().read_bytes()
    assert re.fullmatch(r"course-progress-\d{4}-\d\d-\d\d\.json", download.value.suggested_filename)
    assert said(page) == f"2 answers saved as {download.value.suggested_filename}, with the tasks that you sorted."
    press(page, "Clear …")
    press(page, "Yes, clear")
    assert (
        kept(page) == {}
        and said(page) == "2 answers cleared."
        and page.evaluate("localStorage.getItem('course-along-tasks')") is None
    )
    read(page, file)
    dialog = page.get_by_role("dialog")
    assert (
        "holds 2 answers to questions of this course; this browser holds 0." in dialog.inner_text() and kept(page) == {}
    ), "it asks first"
    press(page, "Add them")
    assert kept(page) == before and said(page) == "2 answers read from the file." and not dialog.is_visible()
    assert page.evaluate("localStorage.getItem('course-along-tasks')") == sorted_tasks
    assert rows(page)["Whole course"] == [f"2 of {len(ALL)}", "2", "1"]
    assert watch.errors == []


def test_added_answers_are_merged_and_replaced_ones_replace(progress):
    here = {ALL[0]: entry(False, 5, since=DAY.format(2)), ALL[1]: entry(True, 3)}
    there = {
        ALL[0]: entry(True, 4, since=DAY.format(1)),
        ALL[1]: entry(False, 6, since=DAY.format(4)),
        ALL[2]: entry(True, 1),
        "gone-01": entry(True),
    }
    page, _ = progress(here)
    read(page, saved(there))
    assert "The file of 9 March 2026 holds 3 answers" in page.get_by_role("dialog").inner_text()
    assert (
        "1 answer to questions that this edition does not have will be left out."
        in page.get_by_role("dialog").inner_text()
    )
    press(page, "Add them")
    merged = kept(page)
    assert {id_: (one["right"], one["time"], one["firstRight"], one["since"]) for id_, one in merged.items()} == {
        ALL[0]: (False, DAY.format(5), True, DAY.format(1)),  # the later answer is here, the earlier first try there
        ALL[1]: (False, DAY.format(6), True, DAY.format(3)),  # and the other way round
        ALL[2]: (True, DAY.format(1), True, DAY.format(1)),
    }
    read(page, saved({ALL[4]: entry(True)}))
    press(page, "Cancel")
    assert kept(page) == merged and said(page) == "Nothing was changed."
    read(page, saved({ALL[4]: entry(True)}))
    press(page, "Replace all that is here")
    assert kept(page) == {ALL[4]: entry(True)}


BAD = {
    "no text": (b"\xff\xfe\x00", "it is not a file of progress, or it is damaged."),
    "cut off": (saved({ALL[0]: entry(True)})[:-40], "it is not a file of progress, or it is damaged."),
    "empty": (b"", "it is not a file of progress, or it is damaged."),
    "null": (b"null", "it is not a file of a course's progress."),
    "another file": (b'{"cells": [], "nbformat": 4}', "it is not a file of a course's progress."),
    "no questions": (saved(None), "it is not a file of a course's progress."),
    "another schema": (saved({ALL[0]: entry(True)}, schema=2), "another edition of the course has saved it"),
    "a damaged answer": (
        saved({ALL[0]: entry(True), ALL[1]: entry(True, tries="two")}),
        f"its answer to the question {ALL[1]} is damaged.",
    ),
    "a wrong time": (saved({ALL[0]: entry(True, time="soon")}), f"its answer to the question {ALL[0]} is damaged."),
    "no answers": (saved({}), "it holds no answer to a question of this course."),
    "another course": (saved({"algebra-01": entry(True)}), "it holds no answer to a question of this course."),
    "too large": (b" " * 1_000_001, "it is larger than a file of progress can be."),
}


def test_a_file_that_cannot_be_used_changes_nothing(progress):
    before = {ALL[0]: entry(True), ALL[1]: entry(False)}
    page, watch = progress(before)
    for name, (data, reason) in BAD.items():
        read(page, data, f"{name}.json")
        page.wait_for_function(
            "name => document.querySelector('.cw-course > .cw-note').textContent.includes(name)", arg=f"“{name}.json”"
        )
        assert said(page).startswith(f"Nothing was changed. The file “{name}.json” cannot be used: {reason}"), name
        assert kept(page) == before and not page.get_by_role("dialog").is_visible(), name
    assert rows(page)["Whole course"] == [f"2 of {len(ALL)}", "1", "1"] and watch.errors == []


def test_a_part_is_cleared_by_keyboard_after_a_question(progress):
    other = next(id_ for id_ in ALL if id_ not in FOUNDATIONS)
    page, _ = progress({FOUNDATIONS[0]: entry(True), FOUNDATIONS[1]: entry(True), other: entry(True)})
    page.get_by_label("Start again:").focus()
    page.keyboard.type("Foun")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name=re.compile("^Clear 2 answers of Foundations in this browser?"))
    assert dialog.is_visible() and page.locator(":focus").inner_text() == "Keep them"
    page.keyboard.press("Escape")
    assert len(kept(page)) == 3 and page.locator(":focus").inner_text() == "Clear …", "the focus comes back"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert list(kept(page)) == [other] and said(page) == "2 answers cleared."
    page.keyboard.press("Enter")
    assert said(page) == "There is no answer of Foundations to clear."


def test_an_answer_in_another_window_is_counted_at_once(progress, book_url):
    page, _ = progress()
    other = page.context.new_page()
    other.goto(f"{book_url}/{PAGES[1].file}.html")
    other.wait_for_selector("html[data-course-widgets=ready]")
    other.evaluate(
        "text => localStorage.setItem('course-progress', text)",
        json.dumps({"schema": 1, "questions": {ALL[0]: entry(True)}}),
    )
    page.wait_for_function("document.querySelector('.cw-course > .cw-status').textContent.startsWith('1 of ')")


def test_it_works_from_a_folder_of_files(progress, built_book):
    page, watch = progress({FOUNDATIONS[0]: entry(False)}, base=built_book.as_uri())
    page.locator(".cw-todo li a").click()
    page.wait_for_selector(f"#question-{FOUNDATIONS[0]}")
    assert page.url.startswith("file:") and (watch.errors, watch.outside) == ([], [])


def test_a_browser_that_keeps_nothing_says_so(open_page, book_url):
    page, _ = open_page("about:blank", alone=True)
    page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('blocked'); } })")
    page.goto(f"{book_url}/book/progress.html")
    page.wait_for_selector("html[data-course-widgets=ready]")
    press(page, "Save as a file")
    assert said(page) == "There is no answer to save yet."
    read(page, saved({ALL[0]: entry(True)}))
    press(page, "Add them")
    assert said(page) == "1 answer read from the file. This browser does not keep your progress."
    assert rows(page)["Whole course"] == [f"1 of {len(ALL)}", "1", "0"]


def test_it_is_accessible_also_while_it_asks(progress):
    page, _ = progress({ALL[0]: entry(True), FOUNDATIONS[1]: entry(False)})
    check_in_all_views(page, "article")
    press(page, "Clear …")
    assert page.get_by_role("dialog").is_visible()
    check_in_all_views(page, "article")
