"""`autograder grade --check-against-stock K`: K random submissions graded by nbgrader itself too, in a scratch copy, and compared."""

from __future__ import annotations

import logging
import random
import shutil
import sqlite3
import tempfile
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory

from ..classroom import gradebook

WARNING = "These submissions run nbgrader's own way now: their code has your rights, and no box is around it."


class Stock(Autograde):
    """nbgrader's Autograde as it was."""

    def init_notebooks(self) -> None:
        self._stock_init_notebooks()

    def convert_notebooks(self) -> None:
        self._stock_convert_notebooks()


@dataclass(frozen=True)
class Difference:
    student: str
    notebook: str
    cell: str
    ours: float | None
    stock: float | str | None  # a text: why nbgrader gave no score


def compare(grading, count: int, seed: int, say) -> tuple[list[str], list[Difference]]:
    """(the learners chosen, where the scores of ordinary test cells differ). Declared questions are not compared: nbgrader
    cannot score them. The course and its gradebook are only read."""
    run, coursedir = grading.run, grading.coursedir
    everyone = sorted({outcome.student for outcome in run.outcomes})
    chosen = sorted(random.Random(seed).sample(everyone, min(count, len(everyone))))
    compared = {name: set(paper.tests) for name, paper in run.papers.items()}
    engine = gradebook.connect(coursedir.db_url)
    ours = gradebook.read_scores(engine, gradebook.read_layout(engine, run.assignment))
    engine.dispose()
    say(WARNING)
    found = []
    with tempfile.TemporaryDirectory() as scratch:
        stock = scratch_course(grading, Path(scratch), chosen)
        for student in chosen:
            trouble = _grade(stock, grading.config, student)
            engine = gradebook.connect(stock.db_url)
            theirs = gradebook.read_scores(engine, gradebook.read_layout(engine, run.assignment))
            engine.dispose()
            for name, cells in compared.items():
                for cell in sorted(cells):
                    mine = ours.get((student, name), {}).get(cell)
                    other = trouble or theirs.get((student, name), {}).get(cell)
                    if mine != other and not (
                        isinstance(other, float) and mine is not None and abs(mine - other) < 1e-9
                    ):
                        found.append(Difference(student, name, cell, mine, other))
    return chosen, found


def scratch_course(grading, scratch: Path, students: list[str]) -> CourseDirectory:
    """A copy of the assignment, of these learners' submissions and of the gradebook without any grade."""
    coursedir, assignment = grading.coursedir, grading.coursedir.assignment_id
    config = deepcopy(grading.config)
    for step in ("source", "release", "submitted", "autograded", "feedback"):
        config.CourseDirectory[f"{step}_directory"] = step
    config.CourseDirectory.db_url = f"sqlite:///{scratch / 'gradebook.db'}"
    made = CourseDirectory(config=config, root=str(scratch))
    made.assignment_id = assignment
    shutil.copytree(
        coursedir.format_path(coursedir.source_directory, ".", assignment),
        made.format_path(made.source_directory, ".", assignment),
    )
    for student in students:
        there = made.format_path(made.submitted_directory, student, assignment)
        shutil.copytree(coursedir.format_path(coursedir.submitted_directory, student, assignment), there, symlinks=True)
    with (
        sqlite3.connect(coursedir.db_url.removeprefix("sqlite:///")) as book,
        sqlite3.connect(scratch / "gradebook.db") as copy,
    ):
        book.backup(copy)
        for table in ("grade", "comment", "submitted_notebook", "submitted_assignment"):
            copy.execute(f"DELETE FROM {table}")
    book.close()
    copy.close()
    return made


def _grade(coursedir: CourseDirectory, config, student: str) -> str:
    """Grade one learner the stock way; "" or why that failed."""
    coursedir.student_id = student
    running = Stock(coursedir=coursedir, config=config)
    running.log.setLevel(logging.CRITICAL)
    try:
        running.start()
        return ""
    except (Exception, SystemExit) as error:  # noqa: BLE001 - it is what is compared
        return f"nbgrader failed ({type(error).__name__})"
