"""What became of the submissions of a run, and how it is put down: files first beside their place, then the gradebook, then the receipts."""

from __future__ import annotations

import time
import traceback
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from nbgrader.converters.base import NbGraderException

from ..grading.grade import Paper
from ..grading.timestamp import submitted_at, zone_of
from ..verdicts import A_PERSON, BY_HAND, FAULT, TAMPERED
from . import gradebook
from .gradebook import GradebookError, patiently
from .marking import Marked, Task
from .options import Grading
from .publish import FULL, Places
from .writer import Entry, Marks, Writer


@dataclass(frozen=True)
class Outcome:
    """What became of one notebook of one learner. `graded` is False when it was looked up."""

    student: str
    notebook: str
    verdict: str
    score: float | None
    max_score: float
    flags: tuple[str, ...]
    graded: bool
    reason: str = ""  # why it was graded
    open: int = 0  # its grade cells that get no score here: a person grades them
    undecided: tuple[str, ...] = ()  # its tests that could not be judged by themselves
    inside: int = 0  # its tests that ran in the learner's own process


@dataclass(frozen=True)
class Due:
    """A submission that has to be graded, and why."""

    student: str
    folder: Path
    reason: str


@dataclass
class Recording:
    """The one that writes: the part of a run that knows files and the gradebook."""

    converter: object  # nbgrader's Autograde
    assignment: str
    papers: dict[str, Paper]
    places: Places
    watch: object  # told of progress: start(total), done(outcomes), say(text)
    outcomes: list[Outcome] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)  # learner -> why nothing could be written
    seconds: Counter = field(default_factory=Counter)  # what the time went into, by stage; "workers" is their sum

    def __post_init__(self):
        self.options = Grading(parent=self.converter)
        self.log, self.coursedir = self.converter.log, self.converter.coursedir

    def _patiently(self, act):
        return patiently(act, self.options.patience, self.watch.say)

    def _open(self) -> None:
        self.database = gradebook.connect(self.coursedir.db_url)
        self.layout = self._patiently(lambda: gradebook.read_layout(self.database, self.assignment))
        self.writer = self._patiently(lambda: Writer(self.database, self.layout, self.converter.late_penalty()))
        self.kept = self._patiently(lambda: gradebook.read_scores(self.database, self.layout))

    def _write(self, batch: list[tuple[Due, Task, dict[str, Marked]]]) -> None:
        ready = []
        for due, task, marked in batch:
            timestamp, trouble = submitted_at(due.folder, zone_of(self.coursedir.config))
            keys = self._keys(due.student, task.notebooks, timestamp)
            before = {name: self.places.read_receipt(due.student, name) for name in marked}
            receipts = {
                name: {**one.receipt, "key": keys[name], "scores": one.scores, "judged": one.judged}
                for name, one in marked.items()
            }
            try:
                with self._timed("files"):
                    left_out = self.places.stage(due.student, due.folder, marked, receipts)
            except OSError as error:
                if error.errno in FULL:
                    for _, _, staged in ready:
                        self.places.unstage(staged.student)
                    raise NbGraderException(_full(error)) from None
                self._fail(due.student, f"its files cannot be written ({error})")
                continue
            if left_out or trouble:
                self.log.warning("%s: %s", due.student, " ".join([*([trouble] if trouble else []), *left_out[:10]]))
            entry = Entry(due.student, timestamp, {name: _marks(marked[name], before[name]) for name in marked})
            ready.append((due, marked, entry))
        self._commit(ready)

    def _commit(self, ready: list) -> None:
        """A batch in one transaction; if it cannot be written as a whole, each by itself, so that one stops no other."""
        if not ready:
            return
        try:
            with self._timed("gradebook"):
                self._patiently(lambda: self.writer.write([entry for _, _, entry in ready]))
        except GradebookError:
            for due, _, _ in ready:
                self.places.unstage(due.student)
            raise
        except Exception:  # noqa: BLE001
            if len(ready) == 1:
                self.places.unstage(ready[0][0].student)
                self._fail(ready[0][0].student, f"the gradebook refused it\n{traceback.format_exc()}")
                return
            for one in ready:
                self._commit([one])
            return
        for due, marked, _ in ready:
            self._finish(due, marked)

    def _finish(self, due: Due, marked: dict[str, Marked]) -> None:
        try:
            with self._timed("files"):
                self.places.put_in_place(due.student)
                for name in marked:
                    self.converter.extra_steps(self.places.graded(due.student) / f"{name}.ipynb")
                self.converter.set_permissions(self.assignment, due.student)
                self.places.sign(due.student, marked)
        except Exception as error:  # noqa: BLE001 - the file system, or a preprocessor of the course's own
            self._fail(due.student, f"its files could not be finished ({type(error).__name__}: {error})")
            return
        self.converter.run_post_convert_hook()
        done = []
        for name, one in marked.items():
            outcome = outcome_of(due.student, name, one.receipt | {"scores": one.scores}, True, due.reason)
            flags = f" ({'; '.join(outcome.flags)})" if outcome.flags else ""
            self.log.info("%s, %s: %s, %g points%s", due.student, name, outcome.verdict, outcome.score or 0, flags)
            if outcome.verdict == FAULT:
                reasons = {cell["reason"] for cell in one.receipt["cells"] if cell["verdict"] == FAULT}
                words = "Grader fault in %s's %s (marked for a person, no zero given): %s"
                self.log.error(words, due.student, name, one.trouble or reasons)
            done.append(outcome)
        self.outcomes += done
        self.watch.done(done)

    def _fail(self, student: str, why: str) -> None:
        self.failed[student] = why
        self.log.error("%s's submission was not recorded: %s", student, why)

    @contextmanager
    def _timed(self, stage: str):
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[stage] += time.perf_counter() - start


def _marks(marked: Marked, before: dict) -> Marks:
    """With what changed since the receipt of before, so that a person's score is looked at again only then."""
    judged = before.get("judged")
    changed = (
        frozenset(name for name in marked.judged if judged.get(name) != marked.judged[name])
        if isinstance(judged, dict)
        else None
    )
    flagged = True if marked.receipt["verdict"] == TAMPERED else False if before.get("verdict") == TAMPERED else None
    return Marks(marked.scores, marked.comments, changed, flagged)


def outcome_of(student: str, name: str, record: dict, graded_now: bool, reason: str = "") -> Outcome:
    scores = [score for score in record["scores"].values() if score is not None]
    points = sum(cell["points"] for cell in record["cells"])
    left = len(record["scores"]) - len(scores)
    tests = [cell for cell in record["cells"] if cell["verdict"] == BY_HAND and not cell["question"]]
    undecided = tuple(cell["id"] for cell in tests if cell["reason"].startswith(A_PERSON))
    inside = len(record["run"].get("in_process", ()))
    flags = tuple(record["flags"])
    return Outcome(
        student, name, record["verdict"], sum(scores), points, flags, graded_now, reason, left, undecided, inside
    )


def _full(error: OSError) -> str:
    return (
        f"The disk is full ({error.strerror}: {error.filename}). What was graded before stands, and nothing is half-written. "
        "Cure: make room, then run the same command again, and it goes on from there."
    )
