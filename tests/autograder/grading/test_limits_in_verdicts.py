"""What the box did to honest code stands in the verdict's reason, in the flags, and in the graded notebook."""

from __future__ import annotations

import json

import pytest
from ordinary_paper import paper

from autograder.grading.grade import grade
from autograder.grading.submission import Submission


def graded(executor, answer: str, test: str = "assert f(1) == 1 and x == 1", shown: str = ""):
    one, _ = paper(test, answer)
    one.base["cells"][-1]["source"] = shown or test
    work = json.loads(json.dumps(one.base))
    work["cells"][0]["source"] = answer
    return grade(one, Submission(json.dumps(work).encode(), "", None, "", ""), executor)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ("x = bytearray(10**9)", "more than the 300 MB of memory that it may use"),
        ("while True: pass", "longer than the 1.5 s that a cell may take"),
        ("def f(x):\n    while True: pass\nx = 1", "longer than the 1.5 s that a cell may take"),
        ("import socket\nsocket.create_connection(('192.0.2.1', 80))", "there is none while it is graded"),
        ("open('/content/data.csv')", "a file outside the notebook's folder"),
    ],
)
def test_a_limit_is_named(hurried, answer, why):
    result = graded(hurried, answer)
    (cell,) = result.cells
    assert why in cell.reason
    # A call that never ends is late, as with nbgrader; what a cell could not do in the box is never a silent zero.
    assert (cell.score, cell.verdict) == ((0, "timeout") if "def f" in answer else (None, "by hand"))
    if "def f" not in answer:
        assert any(why in flag for flag in result.flags), "for the instructor's list"
        assert why in str(result.notebook["cells"][-2]["outputs"]), "for the learner, below the cell"


def test_a_reason_carries_nothing_out_of_a_hidden_test(hurried):
    """Their function puts what it was given into the message of an error of the box's kind."""
    answer = "x = 1\ndef f(x):\n    raise OSError(f\"[Errno 2] No such file or directory: '/told/{x}'\")"
    shown, hidden = "assert x == 1", "\n### BEGIN HIDDEN TESTS\nassert f(9876) == 1\n### END HIDDEN TESTS"
    result = graded(hurried, answer, shown + hidden, shown)
    assert "outside the notebook's folder" in result.cells[0].reason
    assert "9876" not in str((result.cells, result.flags, result.remarks, result.notebook))


def test_a_full_score_names_none(hurried):
    result = graded(hurried, "try:\n    open('/content/data.csv')\nexcept OSError:\n    x = 1\ndef f(x): return 1")
    assert result.cells[0].score == 1 and "outside" not in result.cells[0].reason
