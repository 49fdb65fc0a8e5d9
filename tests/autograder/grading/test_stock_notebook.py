"""An ordinary nbgrader notebook, graded by nbgrader itself and by us: the same scores for honest work."""

from __future__ import annotations

import logging

import pytest
from stock_course import RIGHT, cells, write
from tiny_course import Tiny

from autograder.classroom.paper import papers
from autograder.execution.executor import Executor
from autograder.grading.grade import grade
from autograder.grading.submission import read_files, read_submission

PRINTS = RIGHT["squares"] + "\nprint('made', squares(2))\nsquares(3)"
# learner: (what is written, scores of the three test cells as stock nbgrader gives them)
HONEST = {
    "right": (RIGHT, (3, 1, 2)),
    "prints": ({**RIGHT, "squares": PRINTS}, (3, 1, 2)),
    "hard-coded": ({**RIGHT, "squares": "def squares(n):\n    if n < 1: raise ValueError\n    return {1: [1], 2: [1, 4]}[n]"}, (0, 1, 2)),
    "no-error": ({**RIGHT, "squares": "def squares(n):\n    return [i * i for i in range(1, n + 1)]"}, (3, 0, 2)),
    "half": ({"squares": RIGHT["squares"]}, (3, 1, 0)),
    "mean-only": ({"mean": RIGHT["mean"]}, (0, 0, 0)),
    "syntax": ({**RIGHT, "squares": "def squares(n:\n    return 1"}, (0, 0, 0)),
    "raises": ({**RIGHT, "squares": RIGHT["squares"] + "\n1 / 0"}, (3, 1, 2)),
    "helper-cell": ({"load": "import json\ntable = json.load(open('data.json'))\ndef sq(x): return x * x", **RIGHT,
                     "squares": RIGHT["squares"].replace("i * i", "sq(i)")}, (3, 1, 2)),
    "nothing": ({}, (0, 0, 0)),
}  # fmt: skip
TESTS = ("test-squares", "test-error", "test-parts")


@pytest.fixture(scope="module")
def course(tmp_path_factory, _empty):
    tiny = Tiny(tmp_path_factory.mktemp("stock") / "tiny", like=_empty)
    tiny.source(cells(), "plain")
    (tiny.folder / "source/plain/data.json").write_text("[1, 2, 3, 4]")
    tiny.generate("plain")
    for name, (sources, _) in HONEST.items():
        tiny.hand_in(name, None, write(**sources), assignment="plain")
    return tiny


@pytest.fixture(scope="module")
def results(course, executor: Executor):
    paper = papers(course.course.directory, "plain", {}, logging.getLogger("test"), every=True)["plain"]
    found = {}
    for name in HONEST:
        folder = course.folder / "submitted" / name / "plain"
        submission = read_submission(folder, "plain", read_files(folder, lambda path: False))
        found[name] = grade(paper, submission, executor)
    return found


@pytest.mark.parametrize("name", HONEST)
def test_honest_work_scores_what_it_earned(results, name):
    verdicts = {cell.grade_id: cell for cell in results[name].cells}
    assert tuple(verdicts[test].score for test in TESTS) == HONEST[name][1], verdicts


def test_stock_nbgrader_agrees(course, monkeypatch):
    """Three of the learners through nbgrader's own Autograde."""
    from nbgrader.api import Gradebook
    from nbgrader.converters import Autograde

    for name in HONEST:
        if name not in ("prints", "half", "mean-only"):
            (course.folder / "submitted" / name).rename(course.folder / "submitted" / f".{name}")
    for method in ("init_notebooks", "convert_notebooks"):
        monkeypatch.setattr(Autograde, method, getattr(Autograde, f"_stock_{method}", getattr(Autograde, method)))
    course.grade("plain")
    with Gradebook(course.course.directory.db_url) as book:
        for name in ("prints", "half", "mean-only"):
            assert tuple(book.find_grade(test, "plain", "plain", name).auto_score for test in TESTS) == HONEST[name][1]
