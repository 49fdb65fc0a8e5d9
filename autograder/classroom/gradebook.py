"""nbgrader's gradebook, read in bulk, and how long to wait for it."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from nbgrader import api
from nbgrader.api import Gradebook
from sqlalchemy import create_engine, event, select
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

STUDENT, SUBMISSION, NOTEBOOK, GRADE, COMMENT = (
    kind.__table__ for kind in (api.Student, api.SubmittedAssignment, api.SubmittedNotebook, api.Grade, api.Comment)
)


class GradebookError(Exception):
    """The gradebook cannot be read or written; the text says why and what to do."""


@dataclass(frozen=True)
class NotebookRows:
    """A notebook of the assignment: its row's id, and cell name -> cell id of what gets a grade and what gets a comment."""

    id: str
    grades: dict[str, str] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Layout:
    """What generating the assignment put into the gradebook."""

    assignment_id: str
    duedate: datetime.datetime | None
    notebooks: dict[str, NotebookRows]


def connect(url: str) -> Engine:
    """An engine for a gradebook. SQLite's file is locked when writing begins, not in its middle, where waiting would be of no use."""
    if not url.startswith("sqlite"):
        return create_engine(url)
    engine = create_engine(url, connect_args={"timeout": 1})

    @event.listens_for(engine, "connect")
    def no_implicit_begin(connection, _):
        connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def begin(connection):
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("write") else "BEGIN")

    return engine


def patiently(act: Callable, seconds: float, say: Callable[[str], None]):
    """`act()`, again and again while the gradebook is locked by another program. Raises GradebookError after `seconds`."""
    begun, told = time.monotonic(), False
    while True:
        try:
            return act()
        except OperationalError as error:
            problem = str(error.orig)
            if "lock" not in problem and "busy" not in problem:
                raise GradebookError(
                    f"The gradebook could not be written ({problem}). What was graded before stands. "
                    "Cure: if the disk is full, make room; then run the same command again, and it goes on from there."
                ) from error
            if time.monotonic() - begun > seconds:
                raise GradebookError(
                    f"The gradebook was locked by another program for {seconds:.0f} s. What was graded before stands. "
                    "Cure: close what writes to it (formgrader, another nbgrader), then run the same command again."
                ) from error
            if not told:
                say(f"The gradebook is locked by another program: waiting, for up to {seconds:.0f} s.")
                told = True
            time.sleep(0.2)


@contextmanager
def reading(url: str) -> Iterator[Session]:
    """A session of nbgrader's classes that only reads."""
    engine = connect(url)
    try:
        with Session(engine) as session:
            yield session
    finally:
        engine.dispose()


def read_layout(engine: Engine, assignment: str) -> Layout:
    with engine.connect() as connection:
        own = api.Assignment.__table__
        found = connection.execute(select(own.c.id, own.c.duedate).where(own.c.name == assignment)).one()
        table, cells = api.Notebook.__table__, api.BaseCell.__table__
        notebooks = {
            row.id: (row.name, NotebookRows(row.id))
            for row in connection.execute(
                select(table.c.id, table.c.name).where(table.c.assignment_id == found.id).order_by(table.c.name)
            )
        }
        for row in connection.execute(select(cells).where(cells.c.notebook_id.in_(notebooks)).order_by(cells.c.name)):
            rows = notebooks[row.notebook_id][1]
            if row.type in ("GradeCell", "TaskCell"):
                rows.grades[row.name] = row.id
            if row.type in ("SolutionCell", "TaskCell"):
                rows.comments[row.name] = row.id
    return Layout(found.id, found.duedate, dict(notebooks.values()))


def read_scores(engine: Engine, layout: Layout) -> dict[tuple[str, str], dict[str, float | None]]:
    """(learner, notebook) -> cell -> the automatic score in the gradebook, for all that are graded."""
    names = {cell: (name, key) for key, rows in layout.notebooks.items() for name, cell in rows.grades.items()}
    found: dict = {}
    with engine.connect() as connection:
        query = (
            select(SUBMISSION.c.student_id, GRADE.c.cell_id, GRADE.c.auto_score)
            .join(NOTEBOOK, NOTEBOOK.c.id == GRADE.c.notebook_id)
            .join(SUBMISSION, SUBMISSION.c.id == NOTEBOOK.c.assignment_id)
            .where(SUBMISSION.c.assignment_id == layout.assignment_id)
        )
        for student, cell, score in connection.execute(query):
            if cell in names:
                name, notebook = names[cell]
                found.setdefault((student, notebook), {})[name] = score
    return found


def scores(db_url: str, assignments: list[str]) -> list[dict]:
    """One row for each learner and assignment: score, max_score, needs_manual_grade, and each grade cell's score by its id."""
    rows = []
    with Gradebook(db_url) as gradebook:
        for assignment in assignments:
            for submission in sorted(gradebook.assignment_submissions(assignment), key=lambda entry: entry.student.id):
                cells = {grade.name: grade for notebook in submission.notebooks for grade in notebook.grades}
                rows.append(
                    {
                        "learner": submission.student.id,
                        "assignment": assignment,
                        "score": submission.score,
                        "max_score": submission.max_score,
                        "needs_manual_grade": any(grade.needs_manual_grade for grade in cells.values()),
                        "cells": {name: grade.score for name, grade in cells.items()},
                    }
                )
    return rows
