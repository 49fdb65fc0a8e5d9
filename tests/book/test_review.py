"""The reviews at the end of the parts: what they draw, that a question is asked as in its chapter, and what is kept of it."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import traitlets
from accessible import check_in_all_views
from widget_page import spaced

import courseware
from courseware.contents import TOC_ENV, pages
from courseware.questions import QuestionError, load_questions
from courseware.widgets.overview import Review

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("foundations", "differences", "market", "location", "decision")
ASKED = {
    part: [id_ for page in pages(ROOT, ROOT / "_toc.yml") if Path(page.file).parent.name == part for id_ in page.asks]
    for part in PARTS
}
QUESTIONS = {
    question.id: question for part in PARTS for question in load_questions(ROOT / f"book/{part}/questions.yml")
}
CHOICES = [id_ for id_ in ASKED["foundations"] if QUESTIONS[id_].kind == "choice"]


@pytest.fixture
def review(book_url, open_page):
    """review(progress={id: entry}) -> (page, watch) of the review of the foundations, by a reader with this progress."""

    def open_(part="foundations", progress=None, base=None, **options):
        page, watch = open_page(f"{base or book_url}/book/{part}/review.html", **options)
        if progress:
            page.evaluate(
                "text => localStorage.setItem('course-progress', text)",
                json.dumps({"schema": 1, "questions": progress}),
            )
            page.reload()
        page.wait_for_selector("html[data-course-widgets=ready]")
        return page, watch

    return open_


def entry(id_: str, right: bool, days_ago: int = 1) -> dict:
    """What the browser keeps of a question that was right at the first try, or missed twice."""
    options = QUESTIONS[id_].body["options"]
    wrong = [option["id"] for option in options if not option.get("correct")]
    time = (datetime.now(UTC) - timedelta(days=days_ago)).isoformat().replace("+00:00", "Z")
    answer, first, tries = (key(id_), key(id_), 1) if right else (wrong[1], wrong[0], 2)
    return {
        "first": first,
        "firstRight": right,
        "since": time,
        "answer": answer,
        "tries": tries,
        "right": right,
        "done": True,
        "time": time,
    }


def key(id_: str) -> str:
    return next(option["id"] for option in QUESTIONS[id_].body["options"] if option.get("correct"))


def drawn(page) -> list[str]:
    return [node.get_attribute("data-question") for node in page.locator(".cw-question").all()]


def a_choice(page) -> str:
    """A drawn question of the kind choice; draws again until there is one."""
    while not (ids := [id_ for id_ in drawn(page) if QUESTIONS[id_].kind == "choice"]):
        page.get_by_role("button", name="Draw again").click()
    return ids[0]


def answer(page, id_: str, option: str) -> str:
    """Choose an option and press Check; returns what the live region says."""
    box = page.locator(f'.cw-question[data-question="{id_}"]')
    box.locator(f'input[value="{option}"]').check()
    box.get_by_role("button", name=re.compile("^Check")).click()
    return box.get_by_role("status").inner_text()


def kept(page) -> dict:
    return json.loads(page.evaluate("localStorage.getItem('course-progress')") or '{"questions": {}}')["questions"]


@pytest.mark.parametrize("part", PARTS)
def test_a_review_draws_six_questions_of_its_part(review, part):
    page, watch = review(part)
    ids = drawn(page)
    assert len(ids) == len(set(ids)) == 6 and set(ids) <= set(ASKED[part])
    assert (
        page.locator(".cw-intro").inner_text()
        == f"6 of the {len(ASKED[part])} questions of this part: 6 not tried yet."
    )
    assert [spaced(prompt) for prompt in page.locator(".cw-question fieldset legend .cw-prompt").all_inner_texts()] == [
        re.sub(r"[`*]", "", re.sub(r"\s+", " ", QUESTIONS[id_].prompt)) for id_ in ids
    ]
    assert page.locator(".cw-question > .cw-status[role=status]").all_inner_texts() == [""] * 6
    assert (watch.errors, watch.outside) == ([], [])


def test_drawing_again_comes_to_every_question_of_the_part(review):
    page, _ = review()
    seen = set(drawn(page))
    for _ in range(-(-len(ASKED["foundations"]) // 6) + 1):
        last = set(drawn(page))
        for id_ in last:  # leave an answer, so that the question is no longer untried
            page.evaluate(
                """([id, now]) => { const all = JSON.parse(localStorage.getItem("course-progress") ?? '{"schema": 1, "questions": {}}');
                all.questions[id] = {answer: "a", tries: 1, right: true, done: true, time: now};
                localStorage.setItem("course-progress", JSON.stringify(all)); }""",
                [id_, datetime.now(UTC).isoformat().replace("+00:00", "Z")],
            )
        page.get_by_role("button", name="Draw again").click()
        assert len(last & set(drawn(page))) == max(0, 12 - len(ASKED["foundations"])), "what has just been asked waits"
        seen |= set(drawn(page))
        if seen == set(ASKED["foundations"]):
            break
    assert seen == set(ASKED["foundations"])


def test_missed_questions_come_first_and_known_ones_oldest_first(review):
    missed, known = CHOICES[:2], CHOICES[2:]
    progress = {id_: entry(id_, False) for id_ in missed} | {
        id_: entry(id_, True, days_ago=n + 1) for n, id_ in enumerate(known)
    }
    page, _ = review(progress=progress)
    untried = [id_ for id_ in ASKED["foundations"] if id_ not in progress]
    ids = drawn(page)
    assert set(ids[:2]) == set(missed), "first those that were missed"
    shown = min(4, len(untried))
    assert len(set(ids[2 : 2 + shown]) & set(untried)) == shown, "then those never tried"
    assert ids[2 + shown :] == known[::-1][: 4 - shown], "then those answered longest ago"
    rest = f", {4 - shown} that you answered right before" if shown < 4 else ""
    assert page.locator(".cw-intro").inner_text().endswith(f"2 that you missed, {shown} not tried yet{rest}.")


def test_a_right_answer_in_the_review_clears_the_question_but_not_its_first_try(review):
    id_ = CHOICES[0]
    page, _ = review(progress={id_: entry(id_, False)})
    assert drawn(page)[0] == id_
    box = page.locator(f'.cw-question[data-question="{id_}"]')
    assert box.locator("input:checked, input:disabled, .cw-why").count() == 0, "it is asked anew"
    first = kept(page)[id_]
    assert answer(page, id_, key(id_)) == "Correct."
    now = kept(page)[id_]
    assert now["right"] and now["done"] and not now["firstRight"] and now["time"] > first["time"]
    assert {name: now[name] for name in ("first", "since")} == {name: first[name] for name in ("first", "since")}
    assert page.locator(".cw-review-end p").inner_text() == "1 of these 6 answered, 1 right."
    page.reload()
    page.wait_for_selector("html[data-course-widgets=ready]")
    assert "missed" not in page.locator(".cw-intro").inner_text()


def test_a_question_has_the_feedback_of_its_chapter(review, book_url):
    page, watch = review()
    id_ = a_choice(page)
    options = QUESTIONS[id_].body["options"]
    wrong = [option for option in options if not option.get("correct")]
    box = page.locator(f'.cw-question[data-question="{id_}"]')
    assert "Taught in" not in box.inner_text()
    assert answer(page, id_, wrong[0]["id"]) == "Not correct. One more try."
    assert [spaced(why) for why in box.locator(".cw-why").all_inner_texts()] == [f"✗\nNot correct. {wrong[0]['why']}"]
    assert answer(page, id_, wrong[1]["id"]) == "Not correct. The answer and the reasons are above."
    assert all(option["why"] in spaced(box.inner_text()) for option in options)
    assert page.locator(".cw-review-end p").inner_text() == (
        "1 of these 6 answered, 0 right. What you missed comes again in a later draw."
    )
    in_review = box.locator(".cw-options").inner_html()
    box.get_by_role("link").click()
    page.wait_for_url(f"**/book/foundations/*.html#question-{id_}")
    page.wait_for_selector("html[data-course-widgets=ready]")
    here = page.locator(f"#question-{id_}")
    page.wait_for_function(
        "id => { const {top} = document.getElementById(id).getBoundingClientRect(); return top >= 0 && top < innerHeight; }",
        arg=f"question-{id_}",
    )
    plain = [
        re.sub(r' (id|name|aria-describedby)="[^"]*"', "", html)
        for html in (in_review, here.locator(".cw-options").inner_html())
    ]
    assert plain[0] == plain[1], "the same look, and the answer of the review stands in the chapter too"
    assert page.locator(f"#question-{id_} input:checked").get_attribute("value") == wrong[1]["id"]
    assert watch.errors == []


def test_drawing_again_by_keyboard(review):
    page, _ = review()
    again = page.get_by_role("button", name="Draw again")
    again.focus()
    page.keyboard.press("Enter")
    assert page.locator(":focus").get_attribute("class") == "cw-intro"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.cw-question').dataset.question") == drawn(page)[0]
    assert page.evaluate("document.activeElement.matches('input, select, button')"), "of whichever kind it is"


def test_a_review_works_from_a_folder_of_files(review, built_book):
    page, watch = review(base=built_book.as_uri())
    id_ = a_choice(page)
    assert answer(page, id_, key(id_)) == "Correct." and kept(page)[id_]["firstRight"] is True
    assert set(kept(page)[id_]) == {"first", "firstRight", "since", "answer", "tries", "right", "done", "time"}, (
        "no address of this computer"
    )
    page.get_by_role("button", name="Draw again").click()
    assert id_ not in drawn(page) and (watch.errors, watch.outside) == ([], [])


def test_a_review_is_accessible(review):
    page, _ = review(progress={CHOICES[0]: entry(CHOICES[0], False)})
    wrong = [option["id"] for option in QUESTIONS[CHOICES[0]].body["options"] if not option.get("correct")]
    for option in wrong[:2]:
        answer(page, CHOICES[0], option)
    check_in_all_views(page, "article")


# ---- the Python side


@pytest.fixture
def small_course(tmp_path, monkeypatch):
    """A book of two parts, without a build; the working folder is its first part."""
    (tmp_path / "_toc.yml").write_text(
        "root: book/welcome\nparts:\n  - {caption: One, chapters: [{file: book/one/a}]}\n  - {caption: Two, chapters: [{file: book/two/b}]}\n"
    )
    for file, title, ids in (
        ("welcome", "Hello", ()),
        ("one/a", "A *chapter*", ("one-02", "one-01")),
        ("two/b", "B", ("two-01",)),
    ):
        path = tmp_path / f"book/{file}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# {title}\n" + "".join(f'```{{code-cell}}\nask("{id_}")\n```\n' for id_ in ids))
    question = "- {id: %s, use: %s, kind: choice, objective: o, points: 1, prompt: p, sources: [],\n   options: [{id: a, text: t, why: w, correct: true}, {id: b, text: u, why: v}]}\n"
    (tmp_path / "book/one/questions.yml").write_text(
        "".join(question % (id_, "practice") for id_ in ("one-01", "one-02", "one-03"))
    )
    (tmp_path / "book/two/questions.yml").write_text(question % ("two-01", "graded"))
    monkeypatch.chdir(tmp_path / "book/one")
    monkeypatch.delenv(TOC_ENV, raising=False)
    return tmp_path


@pytest.fixture
def displayed(monkeypatch):
    shown = []
    monkeypatch.setattr("courseware.overview.display", shown.append)
    return shown


def test_a_review_holds_what_the_chapters_ask_in_their_order(small_course, displayed):
    courseware.review("one", size=2)
    (widget,) = displayed
    # one-03 stands in no chapter
    assert [(one["question"]["id"], one["chapter"], one["page"]) for one in widget.questions] == [
        ("one-02", "A *chapter*", "a"),
        ("one-01", "A *chapter*", "a"),
    ]
    assert widget.size == 2


def test_a_review_refuses_what_it_cannot_show(small_course, displayed):
    with pytest.raises(QuestionError, match="no chapter in a folder 'three' asks a question"):
        courseware.review("three")
    with pytest.raises(QuestionError, match=r'questions\.yml:1: question "two-01" is graded'):
        courseware.review("two")
    with pytest.raises(traitlets.TraitError, match="never goes into a widget"):
        Review(questions=[{"question": {"id": "two-01", "use": "graded"}, "key": {}}])
    assert displayed == []


def test_a_page_that_asks_another_question_is_news_to_all(root, tmp_path, monkeypatch):
    """The reviews and the page of progress are made from what the other pages ask."""
    monkeypatch.syspath_prepend(str(root / "book/_ext"))
    from course_book import fingerprint

    (tmp_path / "book").mkdir()
    (tmp_path / "requirements.txt").touch()
    toc, page = tmp_path / "toc.yml", tmp_path / "book/page.md"
    toc.write_text("root: book/page\n")
    seen = []
    for text in (
        "# A page\n",
        "# A page\nwith more text\n",
        '# A page\nask("one-01")\n',
        '# A new title\nask("one-01")\n',
    ):
        page.write_text(text)
        seen.append(fingerprint(tmp_path, toc))
    assert seen[0] == seen[1] and len(set(seen)) == 3
