"""The one writer of the gradebook: in batches, each a transaction.

The rows are those that nbgrader's own classes write; only the way is another, because a call for each cell costs more than the grading.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from nbgrader import api
from sqlalchemy import bindparam, func, select, text
from sqlalchemy.engine import Connection, Engine

from .gradebook import COMMENT, GRADE, NOTEBOOK, STUDENT, SUBMISSION, Layout

# nbgrader looks rows up without indexes, so that each submission costs more the fuller the gradebook is. It ignores these.
INDEXES = (
    ("autograder_grade_notebook", "grade(notebook_id)"),
    ("autograder_comment_notebook", "comment(notebook_id)"),
    ("autograder_submitted_notebook_assignment", "submitted_notebook(assignment_id)"),
    ("autograder_submitted_assignment_student", "submitted_assignment(student_id)"),
)
_AT_ONCE = 500  # ids in one query: SQLite allows 999 parameters in old versions


@dataclass(frozen=True)
class Marks:
    """What is written for one notebook of one learner, by the names of its cells.

    `changed` holds the cells whose work is not what a person may have judged before; None: not known, so all.
    `flagged` is None to leave the flag as it is.
    """

    scores: dict[str, float | None]
    comments: dict[str, str | None]
    changed: frozenset[str] | None
    flagged: bool | None


@dataclass(frozen=True)
class Entry:
    """What is written for one submission."""

    student: str
    timestamp: datetime.datetime | None
    notebooks: dict[str, Marks]


class Writer:
    """Writes submissions of one assignment. `penalty(student, score, seconds late)` is None where the course has no late penalties."""

    def __init__(self, engine: Engine, layout: Layout, penalty: Callable[[str, float, float], float | None] | None):
        self.engine, self.layout, self.penalty = engine.execution_options(write=True), layout, penalty
        with self.engine.begin() as connection:
            present = (
                set(connection.scalars(text("SELECT name FROM sqlite_master")))
                if engine.dialect.name == "sqlite"
                else set()
            )
            for name, columns in INDEXES:
                if name not in present:
                    connection.execute(text(f"CREATE INDEX IF NOT EXISTS {name} ON {columns}"))
            self.students = set(connection.scalars(select(STUDENT.c.id)))
            rows = connection.execute(select(SUBMISSION).where(SUBMISSION.c.assignment_id == layout.assignment_id))
            self.submissions = {row.student_id: row for row in rows}

    def seconds_late(self, student: str, timestamp: datetime.datetime | None) -> float:
        """As nbgrader's SubmittedAssignment.total_seconds_late, extensions included."""
        known = self.submissions.get(student)
        timestamp = timestamp or (known.timestamp if known else None)
        if timestamp is None or self.layout.duedate is None:
            return 0.0
        due = self.layout.duedate + known.extension if known and known.extension else self.layout.duedate
        return max(0.0, (timestamp - due).total_seconds())

    def write(self, entries: list[Entry]) -> None:
        """All of them or none."""
        with self.engine.begin() as connection:
            self._people(connection, entries)
            keys = {}
            for entry in entries:
                submission = self.submissions[entry.student].id
                for name, rows in self.layout.notebooks.items():
                    keys[_id(submission, rows.id)] = (entry, name)
            keys = self._notebooks(connection, keys)
            self._grades(connection, keys)
            self._comments(connection, keys)
            self._penalties(connection, keys)

    def _people(self, connection: Connection, entries: list[Entry]) -> None:
        new = [entry.student for entry in entries if entry.student not in self.students]
        if new:
            connection.execute(STUDENT.insert(), [{"id": student} for student in new])
        assignment = self.layout.assignment_id
        known = _by_id(connection, SUBMISSION, SUBMISSION.c.student_id, [entry.student for entry in entries])
        known = {row.student_id: row for row in known if row.assignment_id == assignment}
        added = [
            {
                "id": _id(assignment, entry.student),
                "assignment_id": assignment,
                "student_id": entry.student,
                "timestamp": entry.timestamp,
            }
            for entry in entries
            if entry.student not in known
        ]
        if added:
            connection.execute(SUBMISSION.insert(), added)
        moved = [
            {"key": known[entry.student].id, "new": entry.timestamp}
            for entry in entries
            if entry.student in known and entry.timestamp and entry.timestamp != known[entry.student].timestamp
        ]
        if moved:
            connection.execute(
                SUBMISSION.update().where(SUBMISSION.c.id == bindparam("key")).values(timestamp=bindparam("new")), moved
            )
        self.students.update(new)
        rows = _by_id(connection, SUBMISSION, SUBMISSION.c.student_id, [entry.student for entry in entries])
        self.submissions |= {row.student_id: row for row in rows if row.assignment_id == assignment}

    def _notebooks(self, connection: Connection, keys: dict) -> dict:
        """The rows of the notebooks, made where there are none; returns `keys` by the ids that the gradebook has."""
        submissions = [self.submissions[entry.student].id for entry, _ in keys.values()]
        known = {
            (row.assignment_id, row.notebook_id): row.id
            for row in _by_id(connection, NOTEBOOK, NOTEBOOK.c.assignment_id, list(dict.fromkeys(submissions)))
        }
        added, flags, found = [], [], {}
        for key, (entry, name) in keys.items():
            submission, notebook = self.submissions[entry.student].id, self.layout.notebooks[name].id
            marks = entry.notebooks.get(name)
            flagged = marks.flagged if marks else None
            here = known.get((submission, notebook))
            if here is None:
                added.append(
                    {"id": key, "assignment_id": submission, "notebook_id": notebook, "flagged": bool(flagged)}
                )
            elif flagged is not None:
                flags.append({"key": here, "new": flagged})
            found[here or key] = (entry, name)
        if added:
            connection.execute(NOTEBOOK.insert(), added)
        if flags:
            connection.execute(
                NOTEBOOK.update().where(NOTEBOOK.c.id == bindparam("key")).values(flagged=bindparam("new")), flags
            )
        return found

    def _grades(self, connection: Connection, keys: dict) -> None:
        known = {
            (row.notebook_id, row.cell_id): row for row in _by_id(connection, GRADE, GRADE.c.notebook_id, list(keys))
        }
        added, changed = [], []
        for key, (entry, name) in keys.items():
            marks = entry.notebooks.get(name)
            for cell, cell_id in self.layout.notebooks[name].grades.items():
                row = known.get((key, cell_id))
                if row is None:
                    score = marks.scores.get(cell) if marks else None
                    new = {"id": _id_within(key, cell_id), "cell_id": cell_id, "notebook_id": key}
                    added.append(new | {"auto_score": score, "needs_manual_grade": score is None})
                elif marks:
                    score = marks.scores.get(cell)
                    if row.manual_score is None:
                        waits = score is None
                    else:  # a person's score stands; when the work is another one, that person looks again
                        waits = row.needs_manual_grade or marks.changed is None or cell in marks.changed
                    if (score, waits) != (row.auto_score, row.needs_manual_grade):
                        changed.append({"key": row.id, "score": score, "waits": waits})
        if added:
            connection.execute(GRADE.insert(), added)
        if changed:
            values = {"auto_score": bindparam("score"), "needs_manual_grade": bindparam("waits")}
            connection.execute(GRADE.update().where(GRADE.c.id == bindparam("key")).values(**values), changed)

    def _comments(self, connection: Connection, keys: dict) -> None:
        known = {
            (row.notebook_id, row.cell_id): row
            for row in _by_id(connection, COMMENT, COMMENT.c.notebook_id, list(keys))
        }
        added, changed = [], []
        for key, (entry, name) in keys.items():
            marks = entry.notebooks.get(name)
            for cell, cell_id in self.layout.notebooks[name].comments.items():
                row = known.get((key, cell_id))
                comment = marks.comments.get(cell) if marks else None
                if row is None:
                    added.append(
                        {
                            "id": _id_within(key, cell_id, "comment"),
                            "cell_id": cell_id,
                            "notebook_id": key,
                            "auto_comment": comment,
                        }
                    )
                elif marks and comment != row.auto_comment:
                    changed.append({"key": row.id, "new": comment})
        if added:
            connection.execute(COMMENT.insert(), added)
        if changed:
            connection.execute(
                COMMENT.update().where(COMMENT.c.id == bindparam("key")).values(auto_comment=bindparam("new")), changed
            )

    def _penalties(self, connection: Connection, keys: dict) -> None:
        """As nbgrader's AssignLatePenalties: reset, and asked for again when the work is late."""
        if self.penalty is None:
            return
        graded = {key: entry for key, (entry, name) in keys.items() if name in entry.notebooks}
        late = {key: self.seconds_late(entry.student, entry.timestamp) for key, entry in graded.items()}
        asked = [key for key, seconds in late.items() if seconds > 0]
        scores = {}
        for part in _parts(asked):
            query = select(GRADE.c.notebook_id, func.sum(api.Grade.score)).where(GRADE.c.notebook_id.in_(part))
            scores |= dict(connection.execute(query.group_by(GRADE.c.notebook_id)).all())
        new = [
            {
                "key": key,
                "new": self.penalty(graded[key].student, scores.get(key) or 0.0, late[key]) if late[key] > 0 else None,
            }
            for key in graded
        ]
        if new:
            values = {"late_submission_penalty": bindparam("new")}
            connection.execute(NOTEBOOK.update().where(NOTEBOOK.c.id == bindparam("key")).values(**values), new)


def _id(*parts: str) -> str:
    """An id of nbgrader's form. It follows from what the row is about, so that a run taken up again writes the same rows."""
    return uuid.uuid5(uuid.NAMESPACE_OID, "/".join(parts)).hex


def _id_within(notebook: str, *parts: str) -> str:
    """The same for a row of a notebook, where half an id tells enough. Rows that are written together lie together in the gradebook's
    index: spread over all of it they cost the more, the fuller it is."""
    return notebook[:16] + _id(notebook, *parts)[:16]


def _parts(ids: list[str]) -> list[list[str]]:
    return [ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE)]


def _by_id(connection: Connection, table, column, ids: list[str]) -> list:
    return [row for part in _parts(ids) for row in connection.execute(select(table).where(column.in_(part)))]
