"""A learner's answers: the file beside the notebook that keeps them, and how anyone else reads it.

    {"schema": 1, "assignment": "differences", "saved": "2026-03-02T13:03:10.123456+00:00",
     "answers": {"differences-01": {"kind": "choice", "variant": null, "answer": "b", "time": "2026-..."}}}

An answer of null was cleared by the learner. `variant` is room for questions drawn for each learner.
"""

from __future__ import annotations

import json
import os
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

try:
    import fcntl
except ImportError:  # Windows: two kernels that write in the same millisecond are then not kept apart
    fcntl = None

SCHEMA = 1
MAX_BYTES = 1_000_000
LARGEST_ANSWER = 50_000
ANSWERS_FILE = "answers.json"
ANSWERS_MIME = "application/vnd.course.answers+json"
_LOCK_SECONDS = 2.0
_LONG_AGO = datetime.min.replace(tzinfo=timezone.utc)


class AnswersError(ValueError):
    """An answers file that cannot be used; the text is the reason, for the learner."""


class NotSaved(OSError):
    """The answers could not be written; the text is the reason, for the learner."""


@dataclass(frozen=True)
class Answer:
    """One raw answer: for `choice` an option id, for `classify` a map of item ids to category ids; None was cleared."""

    question: str
    kind: str
    answer: Any
    variant: Any = None
    time: str = ""

    def entry(self) -> dict[str, Any]:
        return {"kind": self.kind, "variant": self.variant, "answer": self.answer, "time": self.time}


@dataclass(frozen=True)
class Answers:
    """All answers to one assignment, by question id; `saved` is the UTC ISO time of the last change."""

    assignment: str
    saved: str = ""
    answers: dict[str, Answer] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The object of answers.json and of ANSWERS_MIME."""
        entries = {id_: self.answers[id_].entry() for id_ in sorted(self.answers)}
        return {"schema": SCHEMA, "assignment": self.assignment, "saved": self.saved, "answers": entries}


def instant(text: str) -> datetime:
    """The moment that `text` names; a time that cannot be read is older than any other."""
    try:
        moment = datetime.fromisoformat(text)
        return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
    except (TypeError, ValueError):
        return _LONG_AGO


def read_answers(data: bytes, assignment: str | None = None) -> Answers:
    """Read the bytes of answers.json, or of an ANSWERS_MIME output, without trusting them.

    Raises AnswersError: too large, not JSON, another schema, another shape, or not of `assignment`. What the single
    answers hold is not looked at here: `courseware.questions.score` gives each its verdict.
    """
    if len(data) > MAX_BYTES:
        raise AnswersError(f"the answers file is larger than {MAX_BYTES // 1000:,} kB")
    try:
        value = json.loads(data.decode("utf-8"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise AnswersError("the answers file is not JSON (perhaps it was cut off while it was written)") from None
    if not isinstance(value, dict) or "schema" not in value:
        raise AnswersError("the answers file has another shape than this course writes")
    if type(value["schema"]) is not int or value["schema"] != SCHEMA:
        raise AnswersError(f"the answers file has another schema version than {SCHEMA}")
    named, saved, entries = value.get("assignment"), value.get("saved"), value.get("answers")
    if not isinstance(named, str) or not isinstance(saved, str) or not isinstance(entries, dict):
        raise AnswersError("the answers file has another shape than this course writes")
    if assignment is not None and named != assignment:
        raise AnswersError(f'the answers are to another assignment ("{named[:60]}" instead of "{assignment}")')
    return Answers(named, saved, {id_: _answer(id_, entry) for id_, entry in entries.items()})


def _answer(id_: str, entry: Any) -> Answer:
    if (
        not isinstance(entry, dict)
        or "answer" not in entry
        or not isinstance(entry.get("kind"), str)
        or not isinstance(entry.get("time"), str)
    ):
        raise AnswersError(f'the entry of question "{id_[:60]}" in the answers file has another shape than this course writes')
    return Answer(id_, entry["kind"], entry["answer"], entry.get("variant"), entry["time"])


def _refuse_constant(name: str):
    raise ValueError(f"{name} is not JSON")


class AnswerStore:
    """The kept answers of one assignment in `folder`.

    The file is the truth: every `keep` reads it again and changes only its own question, so that two open notebooks do
    not lose each other's answers. What could not be written stays in memory and goes along with the next answer.
    `note` is what the learner should be told about the file, if anything.
    """

    def __init__(self, folder: str | Path, assignment: str):
        self.path = Path(folder).absolute() / ANSWERS_FILE
        self.assignment = assignment
        self._unread = self._aside = ""
        self._unsaved: dict[str, Answer] = {}

    @property
    def note(self) -> str:
        return self._unread or self._aside

    def get(self, id_: str) -> Answer | None:
        """The newest answer to a question, None if there is none."""
        return self.all().answers.get(id_)

    def all(self) -> Answers:
        """The file's answers and those not yet written. A file that cannot be used counts as empty, and `note` says why."""
        self._unread = ""
        try:
            kept = self._read()
        except AnswersError as reason:
            self._unread = f"Earlier answers cannot be shown: {reason}. With your next answer the file is put aside, not lost."
            kept = Answers(self.assignment)
        except OSError as error:
            self._unread = f"Earlier answers cannot be shown: {ANSWERS_FILE} cannot be read ({error.strerror})."
            kept = Answers(self.assignment)
        return self._merged(kept)

    def keep(self, id_: str, kind: str, answer: Any, variant: Any = None) -> Answer:
        """Write one answer to the file at once; returns it with its time.

        Raises NotSaved when the folder cannot be written (the answer is then kept in memory and written with the next), or
        when the answer is too large or no data.
        """
        try:
            if len(json.dumps(answer, allow_nan=False)) > LARGEST_ANSWER:
                raise NotSaved(f"an answer of more than {LARGEST_ANSWER // 1000} kB is larger than any question needs")
        except (TypeError, ValueError, RecursionError):
            raise NotSaved("it holds something that is no data") from None
        now = max(
            datetime.now(timezone.utc), instant(self.all().answers.get(id_, Answer(id_, kind, None)).time) + timedelta(microseconds=1)
        )
        new = Answer(id_, kind, answer, variant, now.isoformat(timespec="microseconds"))
        self._unsaved[id_] = new
        try:
            with _locked(self.path.parent):
                try:
                    kept = self._read()
                except AnswersError as reason:
                    self._aside = f"Your earlier answers could not be used: {reason}. They are kept as {self._put_aside()}."
                    kept = Answers(self.assignment)
                self._write(self._merged(kept))
        except OSError as error:
            raise NotSaved(f"{ANSWERS_FILE} cannot be written ({error.strerror or error})") from error
        self._unsaved.clear()
        self._unread = ""
        return new

    def _merged(self, kept: Answers) -> Answers:
        both = dict(kept.answers)
        for id_, answer in self._unsaved.items():
            if id_ not in both or instant(both[id_].time) <= instant(answer.time):
                both[id_] = answer
        saved = max([kept.saved, *(answer.time for answer in both.values())], key=instant)
        return Answers(self.assignment, saved, both)

    def _read(self) -> Answers:
        try:
            with open(self.path, "rb") as file:
                data = file.read(MAX_BYTES + 1)
        except FileNotFoundError:
            return Answers(self.assignment)
        return read_answers(data, self.assignment)

    def _write(self, answers: Answers) -> None:
        data = json.dumps(answers.as_json(), indent=1, allow_nan=False).encode("ascii")
        if len(data) > MAX_BYTES:
            raise OSError(f"the answers would be larger than {MAX_BYTES // 1000:,} kB")
        aside = self.path.with_name(f".{self.path.name}.{os.getpid()}.tmp")
        try:
            with open(aside, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(aside, self.path)
        except OSError:
            with suppress(OSError):
                aside.unlink()
            raise

    def _put_aside(self) -> str:
        """Rename a file that cannot be used, to a name that is free; returns the name."""
        stamp = datetime.now().strftime("%Y%m%dT%H%M%S")
        for n in range(1000):
            aside = self.path.with_name(f"answers.broken-{stamp}{f'-{n}' if n else ''}.json")
            if not aside.exists():
                os.rename(self.path, aside)
                return aside.name
        raise OSError("too many answers.broken files")


@contextmanager
def _locked(folder: Path):
    """Keep other kernels from writing in `folder` meanwhile. The folder itself is locked, so no lock file is left in a submission.

    Where locks do not work (some network drives), or one is held for too long, it goes on: the newest answer of each question still wins.
    """
    handle = None
    if fcntl:
        with suppress(OSError):
            handle = os.open(folder, os.O_RDONLY)
            end = time.monotonic() + _LOCK_SECONDS
            while True:
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > end:
                        break
                    time.sleep(0.01)
    try:
        yield
    finally:
        if handle is not None:
            os.close(handle)
