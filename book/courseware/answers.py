"""A learner's answers: the file beside the notebook that keeps them, and how anyone else reads it.

    {"schema": 1, "assignment": "differences", "saved": "2026-03-02T13:03:10.123456+00:00",
     "answers": {"differences-01": {"kind": "choice", "variant": null, "answer": "b", "time": "2026-..."}}}

An answer of null was cleared by the learner. `variant` is room for questions drawn for each learner. The notebook's last
cell carries the same object in its output (ANSWERS_MIME), so that the notebook alone is enough.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn

SCHEMA = 1
MAX_BYTES = 1_000_000
LARGEST_ANSWER = 50_000
LARGEST_NOTEBOOK = 50_000_000
ANSWERS_FILE = "answers.json"
ANSWERS_MIME = "application/vnd.course.answers+json"
_LOCK_SECONDS = 2.0
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


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
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (TypeError, ValueError):
        return _LONG_AGO


def _newer(answer: Answer, other: Answer) -> bool:
    return instant(answer.time) > instant(other.time)


def _now(before: str) -> str:
    """The time, later than `before` even where the clock has jumped back."""
    try:
        after = instant(before) + timedelta(microseconds=1)
    except OverflowError:
        after = instant(before)
    return max(datetime.now(UTC), after).isoformat(timespec="microseconds")


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
        raise AnswersError(
            f'the entry of question "{id_[:60]}" in the answers file has another shape than this course writes'
        )
    return Answer(id_, entry["kind"], entry["answer"], entry.get("variant"), entry["time"])


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def carried(cells: list[dict]) -> list[bytes]:
    """The answers that a notebook's outputs carry, each as bytes of JSON for `read_answers`."""
    found = []
    for cell in cells:
        outputs = cell.get("outputs")
        for output in outputs if isinstance(outputs, list) else []:
            data = output.get("data") if isinstance(output, dict) else None
            value = data.get(ANSWERS_MIME) if isinstance(data, dict) else None
            if isinstance(value, list) and all(isinstance(line, str) for line in value):
                value = "".join(value)
            if isinstance(value, str):
                found.append(value.encode("utf8", "replace"))
            elif value is not None:
                found.append(json.dumps(value).encode("utf8", "replace"))
    return found


class AnswerStore:
    """The kept answers of one assignment in `folder`.

    Every `keep` reads the file again and changes only its own question, so that two open notebooks do not lose each
    other's answers. All answers that this store has seen stay in memory, the newest of each question: what could not be
    written, or was lost from the file meanwhile, goes along with the next answer. What a saved notebook in the folder
    carries is seen too, once, at the start: the file may be missing, damaged or older.
    `note` is what the learner should be told about the file, if anything.
    """

    def __init__(self, folder: str | Path, assignment: str):
        self.path = Path(folder).absolute() / ANSWERS_FILE
        self.assignment = assignment
        self._unread = self._aside = self._taken = ""
        self._known: dict[str, Answer] = {}
        self._looked = False

    @property
    def note(self) -> str:
        return " ".join(filter(None, (self._unread or self._aside, self._taken)))

    def get(self, id_: str) -> Answer | None:
        """The newest answer to a question, None if there is none."""
        return self.all().answers.get(id_)

    def all(self) -> Answers:
        """The newest answer to each question, from the file or from memory.

        A file that cannot be used counts as empty, and `note` says why.
        """
        self._unread = ""
        try:
            kept = self._read()
        except AnswersError as reason:
            aside = "With your next answer the file is put aside, not lost."
            self._unread = f"Earlier answers in {ANSWERS_FILE} cannot be shown: {reason}. {aside}"
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
            if len(json.dumps(answer, allow_nan=False, ensure_ascii=False)) > LARGEST_ANSWER:
                raise NotSaved(
                    f"an answer of more than {LARGEST_ANSWER:,} characters is larger than any question needs"
                )
        except (TypeError, ValueError, RecursionError):
            raise NotSaved("it holds something that is no data") from None
        before = self.get(id_)
        new = Answer(id_, kind, answer, variant, _now(before.time if before else ""))
        self._known[id_] = new
        try:
            with _locked(self.path.parent):
                try:
                    kept = self._read()
                except AnswersError as reason:
                    self._aside = (
                        f"Your earlier {ANSWERS_FILE} could not be used: {reason}. It is kept as {self._put_aside()}."
                    )
                    kept = Answers(self.assignment)
                self._write(self._merged(kept))
        except OSError as error:
            raise NotSaved(f"{ANSWERS_FILE} cannot be written ({error.strerror or error})") from error
        self._unread = ""
        return new

    def _merged(self, kept: Answers) -> Answers:
        """The newest answer to each question, of those in the file and those known; all are known from then on."""
        if not self._looked:
            self._known, name = self._in_notebooks()
            self._looked = True
            taken = [
                id_
                for id_, answer in self._known.items()
                if id_ not in kept.answers or _newer(answer, kept.answers[id_])
            ]
            if taken:
                count = f"{len(taken)} {'answer' if len(taken) == 1 else 'answers'}"
                self._taken = f"Taken from {name}: {count} that {ANSWERS_FILE} did not have."
        for id_, answer in kept.answers.items():
            if id_ not in self._known or not _newer(self._known[id_], answer):
                self._known[id_] = answer
        saved = max([kept.saved, *(answer.time for answer in self._known.values())], key=instant)
        # where the clock has jumped back, the newer state still counts as newer
        if saved == kept.saved and self._known != kept.answers:
            saved = _now(saved)
        return Answers(self.assignment, saved, dict(self._known))

    def _in_notebooks(self) -> tuple[dict[str, Answer], str]:
        """What the newest of the saved notebooks in the folder carries, and that notebook's name."""
        found = []
        for path in sorted(self.path.parent.glob("*.ipynb")):
            with suppress(OSError, ValueError, RecursionError, AttributeError, TypeError, KeyError):
                if path.stat().st_size <= LARGEST_NOTEBOOK:
                    for data in carried(json.loads(path.read_bytes())["cells"]):
                        with suppress(AnswersError):
                            found.append((read_answers(data, self.assignment), path.name))
        answers, name = max(found, key=lambda pair: instant(pair[0].saved), default=(Answers(self.assignment), ""))
        return dict(answers.answers), name

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
def _locked(folder: Path) -> Iterator[None]:
    """Keep other kernels from writing in `folder` meanwhile. The folder itself is locked, so no lock file is left in a submission.

    Where locks do not work (some network drives), or one is held for too long, it goes on: the newest answer of each question still wins.
    """
    handle = None
    with suppress(ImportError, OSError):
        import fcntl  # not on Windows: two kernels that write in the same millisecond are then not kept apart

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
