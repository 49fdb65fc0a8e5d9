"""A code question in a real kernel: the cell's text is kept, examples are tried on the learner's own function, Validate names it."""

from __future__ import annotations

import ast
import json

import nbformat
import pytest
from test_notebook import failed, run

from courseware.answers import AnswerStore
from courseware.questions import dump_release, load_questions

CELL = """\
import math


def cagr(start, end, years):
    if start <= 0:
        raise ValueError('start')
    return math.pow(end / start, 1 / years) - 1"""
TRY = """
from courseware import exercise
ask("demo-08")
(one,) = exercise._open.values()
shown = one.widgets["demo-08"][-1]
shown.send = lambda message, buffers=None: print(message)
shown._handle_custom_msg({"type": "try"}, [])
"""
MISSING = """
from courseware import ask, trial
from courseware.questions import load_release
print(trial.is_missing(load_release("questions.json").questions["demo-08"]))
"""


@pytest.fixture
def folder(root, tmp_path):
    questions = load_questions(root / "tests/data/kinds/code.yml")
    (tmp_path / "questions.json").write_bytes(dump_release("differences", questions))
    return tmp_path


def tried(outputs) -> dict:
    lines = [line for output in outputs if output.get("name") == "stdout" for line in output.text.splitlines()]
    return next(found for line in lines if (found := ast.literal_eval(line))["type"] == "tried")


def kept(folder):
    found = AnswerStore(folder, "differences").get("demo-08")
    return found.answer if found else None


def test_the_text_of_the_whole_cell_is_kept_and_the_examples_are_tried(folder):
    report = tried(run(folder, CELL, TRY)[1])
    assert report["text"] == "2 of 2 examples give what is expected." and report["note"] == ""
    assert report["rows"][1] == {"yours": "ValueError: start", "right": True, "error": "ValueError"}
    assert kept(folder) == CELL


def test_whatever_the_function_does_the_learner_reads_what_came_out(folder):
    odd_error = "class Odd(Exception):\n    def __str__(self): return 1 / 0\ndef cagr(*given): raise Odd"
    odd_value = "class Odd:\n    def __repr__(self): return 1 / 0\ndef cagr(*given): return Odd()"
    cases = [
        ("def cagr(*given): raise KeyboardInterrupt", ["was interrupted", "not tried"], ""),
        ("def cagr(*given): raise SystemExit", ["raises SystemExit"] * 2, ""),
        (odd_error, ["raises Odd"] * 2, ""),
        (odd_value, None, ""),
        ("def cagr(*given):\n    print('x' * 9)\n    return 'x' * 10_000", None, ""),
        (
            "def cagr(start, *more):\n    start.append(1)",
            ["AttributeError: 'int' object has no attribute 'append'"] * 2,
            "",
        ),
        ("def cagr(*given): return rate", ["0.1"] * 2, "Your cell uses rate from another cell."),
        ("from math import prod as cagr", None, "cagr was not written in this notebook"),
    ]
    outputs = run(folder, "rate = 0.1", *(source for cell, _, _ in cases for source in (cell, TRY)))
    for n, (cell, yours, note) in enumerate(cases):
        report = tried(outputs[2 + 2 * n])
        shown = [row["yours"] for row in report["rows"]]
        assert (yours is None or shown == yours) and all(len(text) <= 80 for text in shown), (cell, shown)
        assert report["note"].startswith(note) and bool(report["note"]) == bool(note), cell


def test_nothing_is_kept_before_there_is_something_nor_taken_away_after(folder):
    starter = json.loads((folder / "questions.json").read_bytes())["questions"][0]["starter"]
    first = run(folder, TRY, starter, TRY)
    assert "There is no function cagr yet" in tried(first[0])["text"] and kept(folder) is None
    assert tried(first[2])["text"].startswith("cagr is not written yet")
    run(folder, CELL, TRY, starter, TRY)
    assert kept(folder) == CELL, "a cell that was set back takes nothing away"


def test_validate_tells_whether_it_is_written_never_whether_it_is_right(folder):
    bodies = {"...": True, "raise NotImplementedError": True, "return 7": False, "return 1 / 0": False}
    cells = [source for body in bodies for source in (f"def cagr(start, end, years):\n    {body}", MISSING)]
    outputs = run(folder, MISSING, *cells)
    assert [found[0].text for found in outputs[::2]] == ["True\n", *(f"{missing}\n" for missing in bodies.values())]

    info = {
        "schema_version": 3,
        "grade": True,
        "solution": False,
        "locked": True,
        "task": False,
        "points": 4,
        "cell_type": "code",
    }
    cells = [nbformat.v4.new_code_cell(source) for source in ("from courseware import ask, progress", 'ask("demo-08")')]
    cells[1].metadata["nbgrader"] = {**info, "grade_id": "demo-08"}
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), folder / "differences.ipynb")
    assert failed(folder) == {"demo-08": "demo-08 is not answered yet."}
    assert kept(folder) is None
