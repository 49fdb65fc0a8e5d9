"""`autograder grade`: the whole class by one command, with the scores of nbgrader's own command; ordinary assignments too."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from course_state import rows
from nbgrader.converters.base import NbGraderException
from stock_course import RIGHT as SOLVED
from stock_course import cells, write
from tiny_course import HALF, RIGHT, Tiny


def command(folder, *arguments, program=("-m", "autograder.cli", "grade")):
    return subprocess.run([sys.executable, *program, *arguments], cwd=folder, capture_output=True, text=True)


@pytest.fixture(scope="module")
def plain(tmp_path_factory, _empty):
    """An ordinary assignment with hidden tests, a data file and a cell for a person, graded by the command and checked against nbgrader."""
    tiny = Tiny(tmp_path_factory.mktemp("plain") / "tiny", like=_empty)
    tiny.source(cells(), "plain")
    (tiny.folder / "source/plain/data.json").write_text("[1, 2, 3, 4]")
    tiny.generate("plain")
    tiny.hand_in("right", None, write(**SOLVED, why="Because."), assignment="plain")
    tiny.hand_in("forger", None, write(squares="raise SystemExit", mean="mean = 2.5"), assignment="plain")
    tiny.hand_in("half", None, write(squares=SOLVED["squares"]), assignment="plain")
    run = command(tiny.folder, "plain", "--jobs", "1", "--check-against-stock", "3")
    return tiny, run


def test_an_ordinary_assignment_has_nbgraders_own_scores(plain):
    tiny, run = plain
    assert (
        run.returncode == 0
        and "3 submissions compared with nbgrader itself (forger, half, right): 0 scores differ." in run.stderr
    ), run.stdout + run.stderr
    assert "1 holds answers that a person grades" in run.stdout
    found = tiny.rows("plain")
    assert {name: row["score"] for name, row in found.items()} == {"right": 6, "half": 4, "forger": 0}
    # "Because." waits, an empty answer does not
    assert found["right"]["needs_manual_grade"] and not found["half"]["needs_manual_grade"]


def test_the_command_and_nbgraders_own_write_the_same_rows(quiz, tmp_path):
    for name, answers in (("ada", RIGHT), ("ben", HALF), ("cleo", {})):
        quiz.hand_in(name, answers)
    other = Tiny(tmp_path / "other", like=quiz)
    assert command(quiz.folder, "quiz").returncode == 0
    assert command(other.folder, "autograde", "quiz", program=("-m", "nbgrader")).returncode == 0
    assert rows(quiz.folder) == rows(other.folder)


def test_it_tells_first_then_grades_and_looks_up_the_second_time(quiz):
    quiz.hand_in("ada", RIGHT)
    quiz.hand_in("ben", HALF)
    told = command(quiz.folder, "quiz", "--dry-run")
    assert told.returncode == 0 and "ada: would be graded (not graded yet)" in told.stderr and not quiz.rows()
    one = json.loads(command(quiz.folder, "quiz", "--student", "b*", "--json").stdout)
    assert [(entry["student"], entry["score"], entry["graded"]) for entry in one["results"]] == [("ben", 1.5, True)]
    both = json.loads(command(quiz.folder, "quiz", "--json").stdout)
    assert [(entry["student"], entry["graded"]) for entry in both["results"]] == [("ada", True), ("ben", False)]


def test_a_changed_key_grades_again_without_being_asked(quiz):
    quiz.hand_in("ada", RIGHT)
    quiz.grade(force=False)
    bank = quiz.folder / "questions/tiny.yml"
    bank.write_text(bank.read_text().replace("text: apple, answer: fruit", "text: apple, answer: root"))
    quiz.grade(force=False)
    assert quiz.rows()["ada"]["score"] == pytest.approx(2 + 3 * 3 / 4)


def test_a_lost_gradebook_is_written_again(quiz):
    import sqlite3

    quiz.hand_in("ada", RIGHT)
    quiz.grade(force=False)
    with sqlite3.connect(quiz.folder / "gradebook.db") as book:
        for table in ("grade", "comment", "submitted_notebook", "submitted_assignment"):
            book.execute(f"DELETE FROM {table}")
    book.close()
    quiz.grade(force=False)
    assert quiz.rows()["ada"]["score"] == 5


def test_an_assignment_that_was_never_generated_is_told(tiny):
    tiny.source(cells(), "plain")
    (tiny.folder / "submitted/ada/plain").mkdir(parents=True)
    (tiny.folder / "submitted/ada/plain/plain.ipynb").write_text("{}")
    with pytest.raises(NbGraderException, match="Cure: nbgrader generate_assignment plain"):
        tiny.grade("plain")


def test_outside_a_course_it_says_so_in_one_sentence(tmp_path):
    run = command(tmp_path, "quiz")
    assert (
        run.returncode == 2
        and run.stderr.startswith("autograder: there is no nbgrader_config.py in")
        and run.stderr.count("\n") == 1
    )


def test_an_unknown_assignment_and_an_absent_learner_are_named(quiz):
    run = command(quiz.folder, "quizz")
    assert run.returncode == 2 and "this course has no assignment quizz. It has: quiz." in run.stderr
    run = command(quiz.folder, "quiz", "--student", "nobody")
    assert (
        run.returncode == 2
        and "no learner 'nobody' has handed in quiz" in run.stderr
        and "submitted/LEARNER/quiz" in run.stderr
    )


def test_a_preprocessor_of_the_courses_own_still_sees_the_graded_notebook(quiz):
    """nbgrader's option, with nbconvert's own RegexRemovePreprocessor: it takes the cell "# Quiz" out."""
    config = quiz.folder / "nbgrader_config.py"
    config.write_text(
        config.read_text()
        + "from nbgrader.converters import Autograde\n"
        + "from nbconvert.preprocessors import RegexRemovePreprocessor\n"
        + "steps = Autograde.autograde_preprocessors.default()\n"
        + "c.Autograde.autograde_preprocessors = [*steps, RegexRemovePreprocessor]\n"
        + "c.RegexRemovePreprocessor.patterns = ['# Quiz']\n"
        + "c.RegexRemovePreprocessor.enabled = True\n"
    )
    quiz.course = type(quiz.course)(quiz.folder)
    quiz.hand_in("ada", RIGHT)
    quiz.grade()
    assert quiz.rows()["ada"]["score"] == 5
    assert not any(cell.source.startswith("# Quiz") for cell in quiz.graded("ada").cells)
