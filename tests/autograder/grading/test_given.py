"""Given cells of the instructor's that raise an error while a notebook is graded: a person decides where the box is why."""

from __future__ import annotations

import json
from dataclasses import replace

import ordinary_paper as made
import pytest

from autograder.grading.calibration import calibrate
from autograder.grading.grade import grade
from autograder.grading.submission import Submission


def verdict(paper, ways, answer, executor):
    work = json.loads(json.dumps(paper.base))
    next(cell for cell in work["cells"] if cell["id"] == "answer")["source"] = answer
    (cell,) = grade(replace(paper, ways=ways), Submission(json.dumps(work).encode(), "", None, "", ""), executor).cells
    return cell


@pytest.mark.parametrize("locked", [True, False])
def test_one_that_raises_with_the_solution_too_is_a_persons(executor, locked):
    paper, source = made.paper("assert y == 7", "y = 3 + 4", before="import no_such_package\nx = 3")
    if not locked:
        del paper.base["cells"][0]["metadata"]["nbgrader"]
    ways = calibrate(paper, source, executor)
    assert ways["test"].way == "outside"
    assert "`import no_such_package` raised ModuleNotFoundError" in " ".join(ways["test"].says)
    assert verdict(paper, ways, "y = 7", executor).score == 1
    for answer in ("y = x + 4", "y = 5"):  # what `x` would have made of it nobody knows
        found = verdict(paper, ways, answer, executor)
        assert found.score is None and found.verdict == "by hand"
        assert "begins with `import no_such_package` raised ModuleNotFoundError" in found.reason


def test_one_that_is_meant_to_raise_changes_nothing(executor):
    paper, source = made.paper("assert y == 7", "y = 7", before="1 / 0")
    paper.base["cells"][0]["metadata"]["tags"] = ["raises-exception"]
    ways = calibrate(paper, source, executor)
    assert ways["test"].says == () and verdict(paper, ways, "y = 8", executor).score == 0


def between(paper, source, given):
    """The same, with a given cell between the answer and its test."""
    cell = made.notebook("", "", before=given)["cells"][0]
    paper.base["cells"].insert(1, cell)
    whole = json.loads(source)
    whole["cells"].insert(1, cell)
    return paper, json.dumps(whole).encode()


def test_one_that_raises_only_on_a_learners_code_is_theirs_and_told(executor):
    paper, source = made.paper("assert r == 4 or r == 5", "def f(x):\n    return 2 * x")
    paper, source = between(paper, source, "r = f(2)")
    ways = calibrate(paper, source, executor)
    assert verdict(paper, ways, "def f(x):\n    return x + 3", executor).score == 1
    found = verdict(paper, ways, "def f(x):\n    return x.y", executor)
    assert found.score == 0 and "begins with `r = f(2)` raised AttributeError" in found.reason
    assert verdict(paper, ways, made.STUB, executor).score == 0


def test_one_that_cannot_be_run_in_the_judge_alone_is_a_persons(executor):
    """It works with an object of the learner's, where the instructor's solution gives a number."""
    paper, source = made.paper("assert r == 5", "a = 2")
    paper, source = between(paper, source, "r = a + 3")
    ways = calibrate(paper, source, executor)
    assert verdict(paper, ways, "a = 2", executor).score == 1 and verdict(paper, ways, "a = 3", executor).score == 0
    own = "class N:\n    def __add__(self, x):\n        return 2 + x\na = N()"
    found = verdict(paper, ways, own, executor)
    assert found.score is None and "in the process of the tests" in found.reason
