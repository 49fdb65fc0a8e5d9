"""A notebook with one answer cell and one test cell, as a paper and as its source."""

from __future__ import annotations

import json
from dataclasses import replace

from autograder.grading.grade import Paper, grade
from autograder.grading.submission import Submission

STUB = "def f(x):\n    raise NotImplementedError()"


def notebook(test: str, answer: str, metadata: dict | None = None, before: str = "") -> dict:
    def cell(name: str, source: str, ours: dict | None = None, **info) -> dict:
        own = {"schema_version": 3, "grade": False, "solution": False, "locked": False, "task": False, "grade_id": name}
        marks = {"nbgrader": own | info, **({"autograder": ours} if ours else {})}
        return {
            "cell_type": "code",
            "id": name,
            "metadata": marks,
            "source": source,
            "outputs": [],
            "execution_count": None,
        }

    cells = [cell("before", before, locked=True)] if before else []
    cells += [cell("answer", answer, solution=True), cell("test", test, metadata, grade=True, locked=True, points=1)]
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}


def paper(test: str, solution: str, metadata: dict | None = None, before: str = "") -> tuple[Paper, bytes]:
    """(the paper, the bytes of its source notebook)"""
    base = notebook(test, STUB, metadata, before)
    source = notebook(test, solution or STUB, metadata, before)
    return Paper("one", "one", base, {"test": 1.0}, {}, {}, {"test": test}), json.dumps(source).encode()


def score(paper: Paper, ways: dict, answer: str, executor) -> float | None:
    """What a learner who hands in `answer` gets."""
    work = json.loads(json.dumps(paper.base))
    next(cell for cell in work["cells"] if cell["id"] == "answer")["source"] = answer
    return (
        grade(replace(paper, ways=ways), Submission(json.dumps(work).encode(), "", None, "", ""), executor)
        .cells[0]
        .score
    )
