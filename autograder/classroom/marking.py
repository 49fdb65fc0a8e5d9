"""What a worker does: one submission in, data out. No file of the course, no gradebook; it may run on another machine."""

from __future__ import annotations

import atexit
import hashlib
import json
import multiprocessing.util
import pickle
import time
import traceback
from dataclasses import dataclass, field, fields, is_dataclass
from functools import lru_cache
from pathlib import Path

import nbformat
from nbgrader.utils import compute_checksum

import courseware

from ..execution.executor import Executor
from ..execution.plan import Config
from ..grading.finding import choose
from ..grading.grade import Paper, fault, grade
from ..grading.language import other_language
from ..grading.running import code_cells, has_calls
from ..grading.submission import Submission
from ..grading.transplant import grade_info, is_locked
from ..verdicts import BY_HAND, Result, receipt


@dataclass(frozen=True)
class Work:
    """What all tasks of a run share: the papers by notebook name, how code is run, and the executor's (level, reason) on this
    machine where it is known: a worker then need not try the box by itself."""

    papers: dict[str, Paper] = field(repr=False)
    config: Config = field(default_factory=Config)
    found: tuple[str, str] | None = None


@dataclass(frozen=True)
class Task:
    """One learner's submission: the bytes of each notebook, by name."""

    student: str
    notebooks: dict[str, Submission] = field(repr=False)


@dataclass(frozen=True)
class Marked:
    """One graded notebook as data: its receipt, what goes into the gradebook, the graded notebook, and what broke (ours)."""

    receipt: dict
    scores: dict[str, float | None]
    comments: dict[str, str | None]
    judged: dict[str, str]  # a short hash, by cell, of the work that its score rests on
    page: str = field(repr=False)
    trouble: str = ""


def run_task(work: bytes, task: Task) -> bytes:
    """Grade one submission: a pickled `Work` of our own in, JSON out (`unpacked` reads it)."""
    start, own = time.perf_counter(), time.process_time()
    notebooks = {name: vars(one) for name, one in mark(_work(work), task).items()}
    seconds = {"workers": time.perf_counter() - start, "trusted": time.process_time() - own}
    return json.dumps({"notebooks": notebooks, "seconds": seconds}).encode()


def unpacked(data: bytes) -> tuple[dict[str, Marked], dict[str, float]]:
    """The notebooks by name, and the seconds that a worker spent on them ("workers"), and its processor on its own part ("trusted")."""
    read = json.loads(data)
    return {name: Marked(**one) for name, one in read["notebooks"].items()}, read["seconds"]


@lru_cache(maxsize=2)
def _work(work: bytes) -> Work:
    return pickle.loads(work)


def mark(work: Work, task: Task) -> dict[str, Marked]:
    """Grade every notebook of a submission. Never raises: what breaks here is a fault of ours."""
    try:
        chosen = choose({name: work.papers[name].base for name in task.notebooks}, task.notebooks)
    except Exception:  # noqa: BLE001 - one submission never stops the class
        trouble = traceback.format_exc()
        return {name: broken(work.papers[name], task.student, one, trouble) for name, one in task.notebooks.items()}
    return {name: _mark(work, work.papers[name], task.student, submission) for name, submission in chosen.items()}


def needs_code(paper: Paper) -> bool:
    """Must code be run to grade it?"""
    return rests_on_code(paper) and not other_language(paper.base)


def rests_on_code(paper: Paper) -> bool:
    """Does a grade rest on code, whether or not it can be run here?"""
    cells = (grade_info(cell) for cell in code_cells(paper.base))
    # a person who grades code looks at its outputs
    by_hand = any(info.get("grade") and info.get("solution") for info in cells)
    return bool(paper.tests) or by_hand or any(map(has_calls, paper.questions.values()))


_executor: Executor | None = None


def executor_of(config: Config, found: tuple[str, str] | None = None) -> Executor:
    """This process's executor. It is kept warm until `close_executor`, or the end of the process.

    A process that is forked from one which has an executor uses what that one has started.
    """
    global _executor
    if _executor is None or _executor.config != config:
        close_executor()
        _executor = Executor(config, found)
        atexit.register(close_executor)
        multiprocessing.util.Finalize(None, close_executor, exitpriority=10)  # a process of a pool ends without atexit
    return _executor


def close_executor() -> None:
    global _executor
    if _executor is not None:
        _executor.close()
        _executor = None


def _mark(work: Work, paper: Paper, student: str, submission: Submission) -> Marked:
    try:
        runs = executor_of(work.config, work.found) if needs_code(paper) else None
        return marked(paper, student, submission, grade(paper, submission, runs))
    except Exception:  # noqa: BLE001 - one submission never stops the class
        return broken(paper, student, submission, traceback.format_exc())


def broken(paper: Paper, student: str, submission: Submission, trouble: str) -> Marked:
    """A notebook that we could not grade: no zero, a person looks at it, and the next run grades it again."""
    result = fault(paper, "The autograder failed on this submission. It is left for a person.")
    return marked(paper, student, submission, result, trouble)


def marked(paper: Paper, student: str, submission: Submission, result: Result, trouble: str = "") -> Marked:
    """A result as data, with what nbgrader's SaveAutoGrades would read from the graded notebook."""
    verdicts = {cell.grade_id: cell for cell in result.cells}
    scores, comments, judged = {}, {}, {}
    nothing = submission.notebook is None and not submission.undecided
    cells = [cell for cell in result.notebook["cells"] if grade_info(cell)]
    own = _hash(*(cell["source"] for cell in result.notebook["cells"] if not is_locked(cell)))
    for cell in cells:
        info = grade_info(cell)
        name, verdict = info.get("grade_id"), verdicts.get(info.get("grade_id"))
        untouched = _given(paper).get(name) == cell["source"]
        untouched = untouched and not submission.undecided
        if info.get("grade") or info.get("task"):
            scores[name] = verdict.score if verdict else 0.0 if untouched else None
            if nothing and (not verdict or (verdict.verdict == BY_HAND and not verdict.question)):
                scores[name] = 0.0  # nothing was handed in: as in nbgrader
            own_text = not is_locked(cell) or info.get("task")
            pictures = [json.dumps(cell["attachments"], sort_keys=True)] if "attachments" in cell else []
            judged[name] = (
                _hash(cell["source"], *pictures)
                if own_text
                else _hash(*verdict.answer)
                if verdict and verdict.question
                else own
            )
        if info.get("solution") or info.get("task"):
            comments[name] = "No response." if untouched and not info.get("task") else None
    record = receipt(student, paper.assignment, paper.notebook, submission.digest, result)
    return Marked(record, scores, comments, judged, _page(result.notebook), trouble)


@lru_cache(maxsize=8)
def _given(paper: Paper) -> dict[str, str]:
    """The text of each solution cell as it was given out, by its grade_id, where nbgrader would know it again."""
    cells = [(grade_info(cell), cell) for cell in paper.base["cells"] if grade_info(cell).get("solution")]
    return {
        info["grade_id"]: cell["source"]
        for info, cell in cells
        if info.get("checksum") == compute_checksum(nbformat.from_dict(cell))
    }


def _page(notebook: dict) -> str:
    """The notebook as JSON, a cell on each line: indenting it would take longer than grading it."""
    cells = ",\n".join(json.dumps(cell, ensure_ascii=False, sort_keys=True) for cell in notebook["cells"])
    rest = json.dumps(
        {name: value for name, value in notebook.items() if name != "cells"}, ensure_ascii=False, sort_keys=True
    )
    return f'{{"cells": [\n{cells}\n],\n{rest[1:]}\n'


def _hash(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode("utf8", "replace")).hexdigest()[:16]


def paper_digest(paper: Paper) -> str:
    """SHA-256 of all that grading takes from the instructor's side. Where a question stands in its file is no part of it."""
    return hashlib.sha256(json.dumps(_plain(paper), sort_keys=True, default=repr).encode()).hexdigest()


def _plain(value):
    if is_dataclass(value):
        return {
            entry.name: _plain(getattr(value, entry.name))
            for entry in fields(value)
            if entry.name not in ("file", "line")
        }
    if isinstance(value, dict):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(entry) for entry in value]
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    return value


@lru_cache(maxsize=1)
def library_digest() -> str:
    """SHA-256 of the source of the packages that decide a score: another version of them grades again."""
    whole = hashlib.sha256()
    for package in (Path(__file__).parent.parent, Path(courseware.__file__).parent):
        for path in sorted(package.rglob("*.py")):
            whole.update(path.relative_to(package).as_posix().encode() + path.read_bytes())
    return whole.hexdigest()


def key_of(submission: Submission, paper: str, code: dict, seconds_late: float) -> dict:
    """What a grade rests on. A grading with the same key need not be done again. `code` says how code is run."""
    return {
        "submission": submission.digest,
        "assignment": paper,
        "autograder": library_digest(),
        "code": code,
        "seconds late": seconds_late,
    }
