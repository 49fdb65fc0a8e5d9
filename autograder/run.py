"""How a class is graded: look up what is graded already, hand the rest to workers, and let one writer put it down.

The command, nbgrader's own `autograde` and formgrader's button all come here (converter.py).
"""

from __future__ import annotations

import os
import pickle
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from nbgrader.converters.base import NbGraderException

from . import gradebook
from .executor import NONE, Executor
from .gradebook import GradebookError, patiently
from .grade import Paper
from .marking import Marked, Task, Work, broken, key_of, needs_code, paper_digest, unpacked
from .options import Grading
from .publish import FULL, Places
from .submission import Submission, read_files, read_submission
from .verdicts import FAULT, NOT_RUN, TAMPERED
from .workers import Dask, Engine, Processes, WorkersLost, graded
from .writer import Entry, Marks, Writer

try:
    import fcntl
except ImportError:  # Windows: two runs at the same time are then not kept apart
    fcntl = None

BATCH, BATCH_SECONDS = 200, 2.0  # a batch is written when it is as large, or as old
FEW = 20  # so many submissions without code are graded sooner than another process has started


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


@dataclass(frozen=True)
class Due:
    """A submission that has to be graded, and why."""

    student: str
    folder: Path
    reason: str


@dataclass
class ClassRun:
    """One run over the submissions of an assignment."""

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
        self.config = self.options.executor_config()
        self.how = asdict(self.config)
        self.code = any(needs_code(paper) for paper in self.papers.values())
        self.digests = {name: paper_digest(paper) for name, paper in self.papers.items()}

    def over(self, folders: dict[str, Path]) -> None:
        """Grade the submissions in `folders`, by learner. Raises NbGraderException for what stops the run."""
        try:
            with self._alone():
                with self._timed("start"):
                    self._contain()
                    self._open()
                with self._timed("looking up"):
                    due = list(self._due(folders))
                if self.options.dry_run:
                    self._tell(due)
                    return
                self.watch.start(len(due), self.outcomes)
                if due:
                    self._grade(due)
        except (GradebookError, WorkersLost) as error:
            raise NbGraderException(str(error)) from None
        finally:
            if hasattr(self, "database"):
                self.database.dispose()

    def _patiently(self, act):
        return patiently(act, self.options.patience, self.watch.say)

    def _contain(self) -> None:
        """Say how code is contained. Raises NbGraderException where nothing could be graded without running any."""
        self.found = None
        if not self.code:
            return
        executor = Executor(self.config)
        if executor.level == NONE and not any(paper.asks for paper in self.papers.values()):
            raise NbGraderException(f"Nothing was graded. {executor.reason}")
        self.found = executor.level, executor.reason
        self.watch.say(executor.reason)

    def _open(self) -> None:
        self.database = gradebook.connect(self.coursedir.db_url)
        self.layout = self._patiently(lambda: gradebook.read_layout(self.database, self.assignment))
        self.writer = self._patiently(lambda: Writer(self.database, self.layout, self.converter.late_penalty()))
        self.kept = self._patiently(lambda: gradebook.read_scores(self.database, self.layout))

    def _due(self, folders: dict[str, Path]) -> Iterator[Due]:
        for student, folder in folders.items():
            if not self.converter.create_student and student not in self.writer.students:
                self.failed[student] = f"No student with ID '{student}' exists in the gradebook."
                self.log.error("%s", self.failed[student])
                continue
            self.places.remove_left_over(student)
            if self.converter.force:
                yield Due(student, folder, "asked for")
                continue
            receipts = {name: self.places.read_receipt(student, name) for name in self.papers}
            submissions, timestamp = self._read(folder)
            keys = self._keys(student, submissions, timestamp)
            reasons = [self._reason(student, name, receipts[name], keys[name]) for name in self.papers]
            reason = next((reason for reason in reasons if reason), "")
            if reason:
                yield Due(student, folder, reason)
            else:
                self.outcomes += [_outcome(student, name, record, False) for name, record in receipts.items()]

    def _reason(self, student: str, name: str, record: dict, key: dict) -> str:
        """Why a notebook has to be graded; "" when its receipt, its page and the gradebook say the same of the same work."""
        if not record:
            return "not graded yet"
        if record.get("verdict") == FAULT:
            return "the autograder had failed"
        if any(cell.get("verdict") == NOT_RUN for cell in record.get("cells", ())):
            return "its code was not run"
        changed = [what for what in key if (record.get("key") or {}).get(what) != key[what]]
        if changed:
            return f"changed: {', '.join(changed)}"
        if record.get("scores") != self.kept.get((student, name)) or not self.places.has_page(student, name):
            return "the gradebook or the graded notebook is not what was written"
        return ""

    def _read(self, folder: Path) -> tuple[dict[str, Submission], object]:
        files = read_files(folder, self.places.ignored) if self.code else None
        read = {name: read_submission(folder, name, files) for name in self.papers}
        return read, self.coursedir.get_existing_timestamp(str(folder))

    def _keys(self, student: str, submissions: dict[str, Submission], timestamp) -> dict[str, dict]:
        late = self.writer.seconds_late(student, timestamp)
        return {name: key_of(submission, self.digests[name], self.how, late) for name, submission in submissions.items()}

    def _engine(self, count: int) -> Engine:
        options = self.options
        if options.scheduler or options.dask:
            return Dask(pickle.dumps(Work(self.papers, self.config)), options.scheduler, options.dask or 2)
        work = pickle.dumps(Work(self.papers, self.config, self.found))
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        jobs = min(options.jobs or cores, count)
        return Engine(work) if jobs == 1 or count <= FEW and not self.code else Processes(work, jobs)

    def _grade(self, due: list[Due]) -> None:
        started = time.perf_counter()
        by_student, batch, begun = {entry.student: entry for entry in due}, [], time.monotonic()
        with self._engine(len(due)) as engine:
            try:
                for task, data, trouble in graded(engine, self._tasks(due)):
                    if data is None:
                        marked = {name: broken(self.papers[name], task.student, one, trouble) for name, one in task.notebooks.items()}
                    else:
                        marked, seconds = unpacked(data)
                        self.seconds["workers"] += seconds
                    batch.append((by_student[task.student], task, marked))
                    if len(batch) >= BATCH or time.monotonic() - begun > BATCH_SECONDS:
                        self._write(batch)
                        batch, begun = [], time.monotonic()
            except KeyboardInterrupt:
                self._write(batch)
                self.log.error("Canceled. What was graded stands: run the same command again, and it goes on from there.")
                raise
            self._write(batch)
        self.seconds["grading"] += time.perf_counter() - started

    def _tasks(self, due: list[Due]) -> Iterator[Task]:
        for entry in due:
            self.converter.run_pre_convert_hook()
            with self._timed("reading"):
                task = Task(entry.student, self._read(entry.folder)[0])
            yield task

    def _write(self, batch: list[tuple[Due, Task, dict[str, Marked]]]) -> None:
        ready = []
        for due, task, marked in batch:
            timestamp = self.coursedir.get_existing_timestamp(str(due.folder))
            keys = self._keys(due.student, task.notebooks, timestamp)
            before = {name: self.places.read_receipt(due.student, name) for name in marked}
            receipts = {
                name: {**one.receipt, "key": keys[name], "scores": one.scores, "judged": one.judged} for name, one in marked.items()
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
            if left_out:
                self.log.warning("%s: %s", due.student, " ".join(left_out[:10]))
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
            for due, marked, _ in ready:
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
            outcome = _outcome(due.student, name, one.receipt | {"scores": one.scores}, True, due.reason)
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

    def _tell(self, due: list[Due]) -> None:
        for entry in due:
            self.watch.say(f"{entry.student}: would be graded ({entry.reason})")
        self.watch.say(f"{len(due)} to grade, {len({outcome.student for outcome in self.outcomes})} graded already. Nothing was written.")

    @contextmanager
    def _timed(self, stage: str):
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[stage] += time.perf_counter() - start

    @contextmanager
    def _alone(self):
        """One run of an assignment at a time. The lock goes with the process, however that ends."""
        place = self.places.receipt(".", "x").parent.parent
        place = Path(os.path.normpath(place))
        place.mkdir(parents=True, exist_ok=True)
        with open(place / f".{self.assignment}.lock", "w") as file:
            if fcntl:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except OSError:
                    self.watch.say(f"Another run is grading {self.assignment}: waiting for it to end.")
                    fcntl.flock(file, fcntl.LOCK_EX)
            yield


def _marks(marked: Marked, before: dict) -> Marks:
    """With what changed since the receipt of before, so that a person's score is looked at again only then."""
    judged = before.get("judged")
    changed = frozenset(name for name in marked.judged if judged.get(name) != marked.judged[name]) if isinstance(judged, dict) else None
    flagged = True if marked.receipt["verdict"] == TAMPERED else False if before.get("verdict") == TAMPERED else None
    return Marks(marked.scores, marked.comments, changed, flagged)


def _outcome(student: str, name: str, record: dict, graded_now: bool, reason: str = "") -> Outcome:
    scores = [score for score in record["scores"].values() if score is not None]
    points = sum(cell["points"] for cell in record["cells"])
    left = len(record["scores"]) - len(scores)
    return Outcome(student, name, record["verdict"], sum(scores), points, tuple(record["flags"]), graded_now, reason, left)


def _full(error: OSError) -> str:
    return (
        f"The disk is full ({error.strerror}: {error.filename}). What was graded before stands, and nothing is half-written. "
        "Cure: make room, then run the same command again, and it goes on from there."
    )
