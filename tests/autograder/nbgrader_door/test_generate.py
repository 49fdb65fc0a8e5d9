"""Generating an assignment: points and ids from the bank, nothing secret in the release, mistakes told with file, line and cure."""

from __future__ import annotations

import json
import re

import pytest
from nbgrader.converters.base import NbGraderException
from tiny_course import code, quiz_cells

from courseware.questions import load_release


def test_points_and_ids_come_from_the_bank(quiz):
    cells = {cell["id"]: cell for cell in json.loads((quiz.folder / "release/quiz/quiz.ipynb").read_bytes())["cells"]}
    marks = {id_: cells[id_]["metadata"]["nbgrader"] for id_ in ("q1", "q2")}
    assert {
        (mark["grade_id"], mark["points"], mark["grade"], mark["locked"], mark["solution"]) for mark in marks.values()
    } == {("tiny-01", 2, True, True, False), ("tiny-02", 3, True, True, False)}
    assert list(load_release(quiz.folder / "release/quiz/questions.json").questions) == ["tiny-01", "tiny-02"]


def test_generating_twice_gives_the_same_bytes(quiz):
    path = quiz.folder / "source/quiz/quiz.ipynb"
    document = json.loads(path.read_bytes())
    for cell in document["cells"]:
        del cell["id"]  # a source without ids, as an older editor saves it
    path.write_text(json.dumps(document))
    releases = []
    for _ in range(2):
        folder = quiz.generate()
        releases.append({file.name: file.read_bytes() for file in folder.iterdir()})
    assert releases[0] == releases[1] and set(releases[0]) == {"quiz.ipynb", "questions.json"}


@pytest.mark.parametrize(
    ("cell", "wrong"),
    [
        (
            'ask("tiny-99")',
            r'source/quiz/quiz\.ipynb:\d+: there is no question "tiny-99" in questions\. Did you mean "tiny-0',
        ),
        (
            'ask("tiny-practice")',
            r'source/quiz/quiz\.ipynb:\d+: question "tiny-practice" is for practice .*use: graded',
        ),
        (
            'ask("tiny-01")',
            r'source/quiz/quiz\.ipynb:\d+: question "tiny-01" is asked twice \(first at source/quiz/quiz\.ipynb:\d+\)\. Remove',
        ),
        ('x = 1\nask("tiny-01")', r"source/quiz/quiz\.ipynb:\d+: cell 7 calls ask\(\.\.\.\) together with other code"),
    ],
    ids=["unknown", "practice", "twice", "with code"],
)
def test_a_mistake_stops_the_generation_and_names_file_line_and_cure(quiz, caplog, cell, wrong):
    path = quiz.source([*quiz_cells(), code(cell, "more")])
    with pytest.raises(NbGraderException):
        quiz.generate()
    (line,) = {int(match[1]) for match in re.finditer(r"quiz\.ipynb:(\d+): ", caplog.text)}
    assert re.search(wrong, caplog.text) and "ask(" in path.read_text().splitlines()[line - 1]
    assert not (quiz.folder / "release/quiz/quiz.ipynb").exists()


def test_all_mistakes_are_told_at_once(quiz, caplog):
    quiz.source([*quiz_cells(), code('ask("tiny-98")', "more"), code('ask("tiny-practice")', "and-more")])
    with pytest.raises(NbGraderException):
        quiz.generate()
    assert '"tiny-98"' in caplog.text and '"tiny-practice" is for practice' in caplog.text


def test_questions_of_two_notebooks_stand_in_one_file(tiny):
    cells = quiz_cells()
    tiny.source([*cells[:4], cells[5]])
    tiny.source([cells[0], cells[4], cells[5]], "quiz", "second")
    tiny.generate()
    assert set(load_release(tiny.folder / "release/quiz/questions.json").questions) == {"tiny-01", "tiny-02"}


def test_configuring_twice_changes_nothing_and_keeps_the_courses_own_steps():
    from nbgrader.converters import GenerateAssignment
    from traitlets.config import Config

    import autograder

    c = Config()
    c.GenerateAssignment.preprocessors = ["nbgrader.preprocessors.LockCells"]
    autograder.configure(c)
    autograder.configure(c, questions="elsewhere")
    assert c.GenerateAssignment.preprocessors == [
        "autograder.nbgrader_door.preprocessors.DeclareQuestions",
        "nbgrader.preprocessors.LockCells",
    ]
    assert c.Bank.folder == "elsewhere"
    c = Config()
    c.GenerateAssignment.preprocessors.append("nbgrader.preprocessors.ClearOutput")
    autograder.configure(c)
    assert len(c.GenerateAssignment.preprocessors) == len(GenerateAssignment.preprocessors.default()) + 3
