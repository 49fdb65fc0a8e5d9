"""A solution cell that was pasted twice or split: its copies run in the learner's order, and the last definition wins."""

from __future__ import annotations

import json
import logging

import nbformat
import pytest
from nbclient import NotebookClient
from nbgrader.utils import determine_grade
from stock_course import RIGHT, TEST_SQUARES, cells
from tiny_course import Tiny

from autograder.classroom.paper import papers
from autograder.grading.grade import grade
from autograder.grading.submission import read_files, read_submission
from autograder.grading.transplant import transplant

TESTS = ("test-squares", "test-error", "test-parts")
DRAFT = "def squares(n):\n    return [n]"
TOP, REST = "def square(x):\n    return x * x", RIGHT["squares"].replace("i * i", "square(i)")
STUB = object()


def put(*sources, below=(), marks=True, **more):
    """edit(folder): "squares" stands as often as there are sources, and again at the end for `below`."""

    def edit(folder):
        path = folder / "plain.ipynb"
        document = json.loads(path.read_bytes())
        found = document["cells"]
        at = next(n for n, cell in enumerate(found) if cell["id"] == "squares")
        for cell in found:
            cell["source"] = more.get(cell["id"], cell["source"])

        def copy(n, source):
            new = {**found[at], "id": f"copy{n}" if n else "squares"}
            if source is not STUB:
                new["source"] = source
            if n and not marks:
                new["metadata"] = {}
            return new

        made = [copy(n, source) for n, source in enumerate(sources)]
        under = [copy(9 + n, source) for n, source in enumerate(below)]
        document["cells"] = [*found[:at], *made, *found[at + 1 :], *under]
        path.write_text(json.dumps(document))

    return edit


GOOD, MEAN = RIGHT["squares"], {"mean": RIGHT["mean"]}
# learner: (what is done, what a kernel gives the three tests, what we give, how many copies are told of)
COPIES = {
    "once": (put(GOOD, **MEAN), (3, 1, 2), (3, 1, 2), 0),
    "draft-above": (put(DRAFT, GOOD, **MEAN), (3, 1, 2), (3, 1, 2), 2),
    "drafts-above": (put(DRAFT, "squares = None", GOOD, **MEAN), (3, 1, 2), (3, 1, 2), 3),
    "draft-last": (put(GOOD, DRAFT, **MEAN), (0, 0, 1.5), (0, 0, 1.5), 2),
    "old-draft-at-the-end": (put(GOOD, below=[DRAFT], **MEAN), (3, 1, 2), (3, 1, 2), 2),
    "final-at-the-end": (put(DRAFT, below=[GOOD], **MEAN), (0, 0, 1.5), (0, 0, 1.5), 2),
    "given-out-above": (put(STUB, GOOD, **MEAN), (3, 1, 2), (3, 1, 2), 2),
    # better than a kernel: a copy as it was given out says nothing
    "given-out-below": (put(GOOD, STUB, **MEAN), (0, 0, 0), (3, 1, 2), 2),
    "final-at-the-end-alone": (put(STUB, below=[GOOD], **MEAN), (0, 0, 1.5), (3, 1, 2), 2),
    "split": (put(TOP, REST, **MEAN), (3, 1, 2), (3, 1, 2), 2),
    "split-without-marks": (put(TOP, REST, marks=False, **MEAN), (3, 1, 2), (3, 1, 2), 0),
}


@pytest.fixture(scope="module")
def course(tmp_path_factory, _empty):
    tiny = Tiny(tmp_path_factory.mktemp("copies") / "tiny", like=_empty)
    tiny.source(cells(), "plain")
    (tiny.folder / "source/plain/data.json").write_text("[1, 2, 3, 4]")
    tiny.generate("plain")
    for name, (edit, *_) in COPIES.items():
        tiny.hand_in(name, None, edit, assignment="plain")
    return tiny


@pytest.fixture(scope="module")
def results(course, executor):
    paper = papers(course.course.directory, "plain", {}, logging.getLogger("test"), every=True)["plain"]
    found = {}
    for name in COPIES:
        folder = course.folder / "submitted" / name / "plain"
        files = read_files(folder, lambda path: False)
        found[name] = grade(paper, read_submission(folder, "plain", files), executor)
    return found


@pytest.mark.parametrize("name", COPIES)
def test_the_last_definition_wins_and_the_copies_are_told(results, name):
    *_, scores, told = COPIES[name]
    verdicts = {cell.grade_id: cell for cell in results[name].cells}
    assert tuple(verdicts[test].score for test in TESTS) == scores, verdicts
    assert results[name].verdict == "graded"
    assert list(results[name].flags) == (
        [f"cell squares stands {told} times: taken in their order, the last one counts"] if told else []
    )


@pytest.mark.parametrize("name", ["draft-above", "old-draft-at-the-end", "final-at-the-end", "given-out-below"])
def test_a_kernel_that_runs_the_notebook_as_it_stands_gives_what_the_table_says(course, name):
    """nbgrader's own autograde stops at a cell that stands twice, for the mark of the first is taken off."""
    folder = course.folder / "submitted" / name / "plain"
    notebook = nbformat.read(folder / "plain.ipynb", 4)
    for cell in notebook.cells:
        cell.source = {"test-squares": TEST_SQUARES}.get(cell["id"], cell.source)
    client = NotebookClient(notebook, allow_errors=True, resources={"metadata": {"path": str(folder)}})
    graded = {cell["id"]: determine_grade(cell)[0] for cell in client.execute().cells if cell["id"] in TESTS}
    assert tuple(graded[test] for test in TESTS) == COPIES[name][1]


def learners(base, *order):
    """The learner's cells: those of `base` by their id, or with a text of their own."""
    by_id = {cell["id"]: cell for cell in base["cells"]}
    made = []
    for entry in order:
        id_, _, source = entry.partition("=")
        cell = dict(by_id.get(id_, {"cell_type": "code", "metadata": {}, "id": id_, "source": ""}))
        made.append({**cell, "source": source or cell["source"]})
    return made


@pytest.mark.parametrize(
    ("handed_in", "run"),
    [
        ("A=1 A=2 T B U", "1 2 T b U"),
        ("A=1 x A=2 T B=3 y B=4 U", "1 x 2 T 3 y 4 U"),
        ("A=1 T A=2 B U", "1 T 2 b U"),
        ("T A=1 x A=2 B U", "1 x 2 T b U"),
        ("A=1 B=3 A=2 T U", "1 T 3 2 U"),
        ("x A T A=2 y B U", "x 2 y T b U"),
        ("A=1 A T B U", "1 T b U"),
        ("A A T B U", "a T b U"),
        ("T B=3 A=1 U", "1 T 3 U"),
        ("A=1 A=2 U", "1 2 T b U"),
    ],
)
def test_the_order_in_which_cells_run(handed_in, run):
    def cell(name, **marks):
        info = {"grade": False, "solution": False, "locked": False, "grade_id": name, **marks}
        return {"cell_type": "code", "id": name, "source": name, "metadata": {"nbgrader": info}}

    base = {
        "cells": [
            {**cell("A", solution=True), "source": "a"},
            cell("T", grade=True, locked=True),
            {**cell("B", solution=True), "source": "b"},
            cell("U", grade=True, locked=True),
        ]
    }
    handed = [{**one, "source": one["source"] or one["id"]} for one in learners(base, *handed_in.split())]
    moved = transplant(base, handed)
    assert " ".join(one["source"] for one in moved.notebook["cells"]) == run
    marked = [one["metadata"]["nbgrader"]["grade_id"] for one in moved.notebook["cells"] if one["metadata"]]
    assert sorted(marked) == ["A", "B", "T", "U"], "each of ours stands once"


def test_the_last_of_many_copies_is_kept_however_many_cells_there_are():
    base = {
        "cells": [
            {
                "cell_type": "code",
                "id": "a",
                "source": "",
                "metadata": {"nbgrader": {"grade_id": "a", "solution": True, "grade": False, "locked": False}},
            }
        ]
    }
    moved = transplant(base, [{**base["cells"][0], "source": f"x = {n}"} for n in range(3000)])
    named = [cell["source"] for cell in moved.notebook["cells"] if cell["metadata"]]
    assert named == ["x = 2999"] and len(moved.notebook["cells"]) <= 1001
