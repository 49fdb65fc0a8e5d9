"""How a class is graded: look up what is graded already, hand the rest to workers, and let one writer put it down.

The command, nbgrader's own `autograde` and formgrader's button all come here (converter.py).
"""

from __future__ import annotations

import os
import pickle
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from nbgrader.converters.base import NbGraderException

from ..execution.executor import NONE
from ..execution.memory import holds
from ..grading.running import sheet_of
from ..grading.submission import Submission, read_files, read_submissions
from ..grading.timestamp import submitted_at, zone_of
from ..verdicts import FAULT, NOT_RUN
from .gradebook import GradebookError
from .marking import Task, Work, broken, close_executor, executor_of, key_of, needs_code, paper_digest, unpacked
from .recording import Due, Recording, outcome_of
from .workers import Dask, Engine, Processes, WorkersLost, graded

try:
    import fcntl
except ImportError:  # Windows: two runs at the same time are then not kept apart
    fcntl = None

BATCH, BATCH_SECONDS = 200, 2.0  # a batch is written when it is as large, or as old
FEW = 20  # so many submissions without code are graded sooner than another process has started


class ClassRun(Recording):
    """One run over the submissions of an assignment."""

    def __post_init__(self):
        super().__post_init__()
        self.config = self.options.executor_config(self.coursedir)
        self.how = {name: value for name, value in asdict(self.config).items() if name != "hidden"}
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
            close_executor()
            if hasattr(self, "database"):
                self.database.dispose()

    def _contain(self) -> None:
        """Say how code is contained. Raises NbGraderException where nothing could be graded without running any."""
        self.found = None
        if not self.code:
            return
        executor = executor_of(self.config)
        if executor.level == NONE and not any(paper.asks for paper in self.papers.values()):
            raise NbGraderException(f"Nothing was graded. {executor.reason}")
        self.found = executor.level, executor.reason
        self.watch.say(executor.reason)

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
                self.outcomes += [outcome_of(student, name, record, False) for name, record in receipts.items()]

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
        timestamp, trouble = submitted_at(folder, zone_of(self.coursedir.config))
        remarks = (trouble,) if trouble else ()
        apart = set(self.layout.notebooks) - set(self.papers)
        return read_submissions(folder, self.papers, files, remarks, self.places.ignored, apart), timestamp

    def _keys(self, student: str, submissions: dict[str, Submission], timestamp) -> dict[str, dict]:
        late = self.writer.seconds_late(student, timestamp)
        return {
            name: key_of(submission, self.digests[name], self.how, late) for name, submission in submissions.items()
        }

    def _engine(self, count: int) -> Engine:
        options = self.options
        if options.scheduler or options.dask:
            return Dask(pickle.dumps(Work(self.papers, self.config)), options.scheduler, options.dask or 2)
        self._warm(count)
        work = pickle.dumps(Work(self.papers, self.config, self.found))
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        jobs = min(options.jobs or min(cores, holds(self.config.limits.memory_mb) if self.code else cores), count)
        return Engine(work) if jobs == 1 or (count <= FEW and not self.code) else Processes(work, jobs)

    def _warm(self, count: int) -> None:
        """Start what runs code, once for all processes that are forked from this one."""
        if not self.code or self.found[0] == NONE:
            return
        try:
            sheets = [sheet_of(paper) for paper in self.papers.values() if needs_code(paper)]
            executor_of(self.config).prepare(sheets, count)
        except OSError:  # each worker tries by itself, and says what was wrong
            close_executor()

    def _grade(self, due: list[Due]) -> None:
        started = time.perf_counter()
        by_student, batch, begun = {entry.student: entry for entry in due}, [], time.monotonic()
        with self._engine(len(due)) as engine:
            try:
                for task, data, trouble in graded(engine, self._tasks(due)):
                    if data is None:
                        marked = {
                            name: broken(self.papers[name], task.student, one, trouble)
                            for name, one in task.notebooks.items()
                        }
                    else:
                        marked, seconds = unpacked(data)
                        self.seconds.update(seconds)
                    batch.append((by_student[task.student], task, marked))
                    if len(batch) >= BATCH or time.monotonic() - begun > BATCH_SECONDS:
                        self._write(batch)
                        batch, begun = [], time.monotonic()
            except KeyboardInterrupt:
                self._write(batch)
                self.log.error(
                    "Canceled. What was graded stands: run the same command again, and it goes on from there."
                )
                raise
            self._write(batch)
            self._used()
        self.seconds["grading"] += time.perf_counter() - started

    def _used(self) -> None:
        """What learners' code and the judge's took, where this process or those forked from it ran any."""
        if self.code and self.found and self.found[0] != NONE:
            self.seconds.update(executor_of(self.config).used())

    def _tasks(self, due: list[Due]) -> Iterator[Task]:
        for entry in due:
            self.converter.run_pre_convert_hook()
            with self._timed("reading"):
                task = Task(entry.student, self._read(entry.folder)[0])
            yield task

    def _tell(self, due: list[Due]) -> None:
        for entry in due:
            self.watch.say(f"{entry.student}: would be graded ({entry.reason})")
        self.watch.say(
            f"{len(due)} to grade, {len({outcome.student for outcome in self.outcomes})} graded already. Nothing was written."
        )

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
