"""A course may have a function of its own that is called `ask`: only what is meant as a question of the bank is one."""

from __future__ import annotations

import json
import shutil

import nbformat
import pytest
from nbgrader.converters.base import NbGraderException
from tiny_course import RIGHT, code, info, quiz_cells

TEST = info("t", grade=True, locked=True, points=3)
OWN = "def ask(question, default=None):\n    return default or question"
# a course's own use: it is released as it stands
ALONE = {
    "defined here": [OWN, 'ask("tiny-01")', 'ask("tiny-99")', 'name = ask("tiny-01", 1)'],
    "defined in a class's cell": ["%matplotlib inline\nimport math\nask = input", 'ask("tiny-01")'],
    "from a module beside": ["from tools import ask", 'ask("tiny-01")'],
    "under another name": ["from tools import prompt as ask", 'print(ask("tiny-01"))'],
    "unlike any id": ['ask("What is your name?")', 'ask("weather-in-london")', "ask()", "ask(question)"],
    "with more arguments": ['ask("name", 3)', 'answer = ask("colour")', 'ask(["a"])', 'if ask("really?"):\n    pass'],
    "a method": ["import quiz", 'quiz.ask("tiny-01")', 'self.ask("tiny-01")', 'task("tiny-01")', "# ask('tiny-01')"],
    "no Python": ["x <- ask('name')", "!ask tiny"],
}
# what is meant as a question, in a notebook that imports nothing
MEANT = {
    'ask("tiny-99")': "Did you mean",
    'ask("tiny-1")': "Did you mean",
    'ask("Tiny-01")': "not with one id in quotes",
    'x = ask("tiny-01")': "together with other code",
    'print(1)\nask("tiny-02")': "together with other code",
    'ask("tiny-practice")': "is for practice",
}


def notebook(sources):
    return [code(source, f"c{n}") for n, source in enumerate(sources)]


@pytest.mark.parametrize("name", ALONE)
def test_a_function_of_the_courses_own_is_left_alone(tiny, name):
    tiny.source(notebook(ALONE[name]))
    released = tiny.generate()
    cells = nbformat.read(released / "quiz.ipynb", 4).cells
    assert [cell["source"] for cell in cells] == ALONE[name]
    assert not any("nbgrader" in cell["metadata"] for cell in cells) and not (released / "questions.json").exists()


@pytest.mark.parametrize("cell", MEANT)
def test_what_is_nearly_a_question_is_told(tiny, caplog, cell):
    tiny.source(notebook([cell]))
    with pytest.raises(NbGraderException):
        tiny.generate()
    assert MEANT[cell] in caplog.text


def test_a_course_without_a_bank_is_left_alone(tiny, caplog):
    shutil.rmtree(tiny.folder / "questions")
    sources = ['ask("tiny-01")', 'x = ask("tiny-01")', 'ask("name")']
    tiny.source(notebook(sources))
    cells = nbformat.read(tiny.generate() / "quiz.ipynb", 4).cells
    assert [cell["source"] for cell in cells] == sources
    tiny.source(notebook(["from courseware import ask", *sources[:1]]))
    with pytest.raises(NbGraderException):
        tiny.generate()
    assert 'there is no question "tiny-01" in questions' in caplog.text


def test_beside_a_notebook_with_questions_and_as_a_test_it_is_graded_as_a_test(tiny):
    tiny.source(quiz_cells())
    own = [code(OWN, "own", info("own", locked=True)), code("name = 1", "name", info("name", solution=True))]
    tiny.source([*own, code('ask("tiny-01")', "t", TEST), code('ask("colour")', "c")], "quiz", "plain")
    released = tiny.generate()
    assert set(json.loads((released / "questions.json").read_bytes())["questions"][0]) > {"id", "prompt"}
    tiny.hand_in("ada", RIGHT)
    tiny.grade()
    assert tiny.rows()["ada"]["cells"] == {"tiny-01": 2, "tiny-02": 3, "t": 3}
