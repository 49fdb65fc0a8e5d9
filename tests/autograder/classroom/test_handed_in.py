"""Notebooks under other names in a class, through nbgrader's own autograde: grades, flags, and what a person is left to choose."""

from __future__ import annotations

import json
import shutil

import pytest
import stock_course
from tiny_course import RIGHT, Tiny

from autograder.grade_class import summary

DONE = stock_course.write(**stock_course.RIGHT)


def named(name, edit=DONE, assignment="plain"):
    """edit(folder): the notebook is done, and handed in as `name`."""

    def change(folder):
        edit(folder)
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / f"{assignment}.ipynb").rename(folder / name)

    return change


def two(folder):
    DONE(folder)
    shutil.copy(folder / "plain.ipynb", folder / "plain (1).ipynb")
    stock_course.write(mean="mean = 0")(folder)
    (folder / "plain.ipynb").rename(folder / "plain (2).ipynb")


@pytest.fixture(scope="module")
def course(tmp_path_factory, _empty):
    tiny = Tiny(tmp_path_factory.mktemp("names") / "tiny", like=_empty)
    tiny.source(stock_course.cells(), "plain")
    (tiny.folder / "source/plain/data.json").write_text("[1, 2, 3, 4]")
    tiny.generate("plain")
    tiny.hand_in("right", None, DONE, assignment="plain")
    tiny.hand_in("copy", None, named("plain (1).ipynb"), assignment="plain")
    tiny.hand_in("inside", None, named("plain/Plain.ipynb"), assignment="plain")
    tiny.hand_in("as-json", None, named("plain.ipynb.json"), assignment="plain")
    tiny.hand_in("two", None, two, assignment="plain")
    tiny.hand_in("none", None, lambda folder: (folder / "plain.ipynb").unlink(), assignment="plain")
    tiny.grade("plain")
    return tiny


@pytest.mark.parametrize("learner", ["right", "copy", "inside", "as-json"])
def test_a_notebook_of_another_name_earns_what_it_earns(course, learner):
    row, receipt = course.rows("plain")[learner], course.receipt(learner, "plain")
    assert row["score"] == 6 and receipt["verdict"] == "graded"
    assert len(receipt["flags"]) == (learner != "right")
    page = course.graded(learner, "plain", "plain")
    assert any("squares" in cell.source and "i * i" in cell.source for cell in page.cells), "under its own name"


def test_two_that_fit_wait_for_a_person_with_the_reason(course):
    row, receipt = course.rows("plain")["two"], course.receipt("two", "plain")
    assert row["score"] == 0 and row["needs_manual_grade"] and receipt["verdict"] == "graded"
    tests = [cell for cell in receipt["cells"] if cell["id"].startswith("test-")]
    assert len(tests) == 3
    for cell in tests:
        assert (cell["score"], cell["verdict"]) == (None, "by hand")
        assert "'plain (1).ipynb', 'plain (2).ipynb'" in cell["reason"] and "named plain.ipynb" in cell["reason"]
    assert set(receipt["scores"].values()) == {None}, "also what a person grades anyway: it may be written"
    assert receipt["flags"] == ["several notebooks could be meant: a person chooses"]
    assert "No response." not in json.dumps(receipt)
    course.feedback("plain")
    page = (course.folder / "feedback/two/plain/plain.html").read_text(encoding="utf8")
    assert "plain (1).ipynb" in page and "By hand" in page


def test_nothing_handed_in_is_still_nothing(course):
    row, receipt = course.rows("plain")["none"], course.receipt("none", "plain")
    assert row["score"] == 0 and not row["needs_manual_grade"] and receipt["verdict"] == "unreadable submission"


def test_the_choice_of_a_person_is_graded_by_the_next_run(course):
    folder = course.folder / "submitted/two/plain"
    (folder / "plain (2).ipynb").unlink()
    course.grade("plain", force=False)
    assert course.rows("plain")["two"]["score"] == 6 and course.receipt("two", "plain")["verdict"] == "graded"


def test_the_run_tells_which_notebooks_were_taken(course):
    from nbgrader.converters import Autograde

    from autograder.rehearsal import rehearse

    course.course.directory.assignment_id = "plain"
    with rehearse.inside(course.folder):
        running = Autograde(coursedir=course.course.directory, config=course.course.config)
        running.start()
    said = summary(running.run.outcomes, 1.0)
    assert "Flagged: copy, plain: the notebook was handed in as 'plain (1).ipynb'" in said


def quiz_two(folder):
    for n in (1, 2):
        document = json.loads((folder / "quiz.ipynb").read_bytes())
        document["cells"][2]["source"] = f"value = {n}0"
        (folder / f"quiz-{n}.ipynb").write_text(json.dumps(document))
    (folder / "quiz.ipynb").unlink()


def beside(folder):
    (folder / "sub").mkdir()
    for name in ("quiz.ipynb", "answers.json"):
        (folder / name).rename(folder / "sub" / name)


def test_kept_answers_count_as_ever(quiz):
    quiz.hand_in("kept", RIGHT, quiz_two)
    quiz.hand_in("lost", None, quiz_two)
    quiz.hand_in("beside", RIGHT, beside)
    quiz.hand_in("top", RIGHT, named("sub/q.ipynb", lambda folder: None, "quiz"))
    quiz.grade()
    rows = quiz.rows()
    assert {name: row["score"] for name, row in rows.items()} == {"kept": 5, "lost": 0, "beside": 5, "top": 5}
    assert {name for name, row in rows.items() if row["needs_manual_grade"]} == {"lost"}
    assert [cell["score"] for cell in quiz.receipt("lost")["cells"]] == [None, None]
