"""What a question is, what a score is, and how a mistake in a question file is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

VERDICTS = ("correct", "partly", "wrong", "unanswered", "invalid")
OPEN = ("by hand", "not run")  # verdicts without a score yet: a person grades it, or the code has to be run first


class QuestionError(ValueError):
    """A mistake in a question file. Its text is "FILE:LINE: what is wrong. Cure."; `errors` lists them when there are several."""

    def __init__(self, wrong: str, cure: str = "", file: str | Path = "", line: int = 0):
        self.file, self.line = str(file), line
        place = f"{file}:{line}: " if file and line else f"{file}: " if file else ""
        super().__init__(f"{place}{wrong}{' ' + cure if cure else ''}")
        self.errors: list[QuestionError] = [self]

    @classmethod
    def several(cls, errors: list[QuestionError]) -> QuestionError:
        """One error that tells all of `errors`, one a line."""
        if len(errors) == 1:
            return errors[0]
        joined = cls("\n".join(map(str, errors)))
        joined.errors = list(errors)
        return joined

    def _render_traceback_(self) -> list[str]:
        """What IPython prints instead of a stack: authors need file, line and cure only."""
        return str(self).splitlines()


class NotAnAnswer(ValueError):
    """What was given cannot be an answer of this kind; the text is for the learner."""


@dataclass(frozen=True)
class Question:
    """One question of the bank.

    `body` holds the fields of its kind, keys and reasons included. `points` is what it is worth, above 0.
    """

    id: str
    use: str
    kind: str
    objective: str
    points: float
    prompt: str
    sources: tuple[str, ...] = ()
    body: dict[str, Any] = field(default_factory=dict)
    file: str = ""
    line: int = 0

    def public(self) -> dict[str, Any]:
        """All that a learner may see: no key, no reason, no source (it may give the answer away), no file name."""
        from .kinds import KINDS

        common = {
            "id": self.id,
            "use": self.use,
            "kind": self.kind,
            "objective": self.objective,
            "points": self.points,
            "prompt": self.prompt,
        }
        return {**common, **KINDS[self.kind].public(self)}


@dataclass(frozen=True)
class Part:
    """Credit (0 to 1) and feedback for one part of an answer: the chosen option, or one item."""

    id: str
    credit: float
    feedback: str


@dataclass(frozen=True)
class Score:
    """Credit from 0 to 1 (to be multiplied by the question's points), a verdict and its reason in the learner's words.

    The verdict is one of VERDICTS, or one of OPEN: then the credit is 0 and means nothing yet.
    """

    credit: float
    verdict: str
    reason: str
    parts: tuple[Part, ...] = ()

    @classmethod
    def of(cls, credit: float, reason: str, parts: list[Part]) -> Score:
        """The score of a valid answer: the verdict follows from the credit."""
        return cls(credit, "correct" if credit == 1 else "partly" if credit > 0 else "wrong", reason, tuple(parts))

    @classmethod
    def invalid(cls, reason: str) -> Score:
        return cls(0.0, "invalid", reason)


@dataclass(frozen=True)
class Sample:
    """A raw answer whose score is known without scoring it; the tests give every question its samples.

    `run`: the score is that of its code when it is run; until then it is "not run".
    """

    raw: Any
    credit: float
    verdict: str
    run: bool = False


@dataclass(frozen=True)
class Secrets:
    """What gives a question's key away. The leak search looks for it in everything that learners get.

    texts   what is never released: reasons, a model answer, a solution
    right   the raw answers that earn full credit, as far as they can be told
    spelled a right answer in other words, as the text of the right option
    shown   texts that learners do see, but never with one of `fields` beside them
    fields  names that only the key has, as `correct`
    """

    texts: tuple[str, ...]
    right: tuple[Any, ...]
    fields: tuple[str, ...]
    shown: tuple[str, ...] = ()
    spelled: tuple[str, ...] = ()


@dataclass(frozen=True)
class Problem:
    """An author's mistake, found by a kind: `at` is the path below the question, as ("options", 2, "why")."""

    at: tuple
    wrong: str
    cure: str
