"""A question as its form alone: the texts to choose among and the shape of an answer, whatever its kind.

For the author's check and the guesser. The shape is read off the right answer: one id, some ids, all ids in an order, a
category for each id, or a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from courseware.questions import KINDS, Question

ONE, SOME, SEQUENCE, PLACED, NUMBER, OTHER = "one", "some", "sequence", "placed", "number", "other"


@dataclass(frozen=True)
class Form:
    """The form of one question. `entries` are the texts by their ids, `labels` the categories, `right` the raw right answer."""

    question: Question
    entries: dict[str, str]
    labels: dict[str, str]
    right: Any
    reasons: tuple[str, ...]

    @cached_property
    def shape(self) -> str:
        match self.right:
            case str() if self.right in self.entries:
                return ONE
            case list() if len(self.right) == len(self.entries):
                return SEQUENCE
            case list() if self.right:
                return SOME
            case dict() if set(self.right) == set(self.entries) and set(self.right.values()) <= set(self.labels):
                return PLACED
            case bool() | str() | None:
                return OTHER
            case int() | float():
                return NUMBER
        return OTHER

    @property
    def prompt(self) -> str:
        return self.question.prompt


def form(question: Question) -> Form:
    """The form of a question, from what a learner may see and from its secrets."""
    public, secrets = question.public(), KINDS[question.kind].secrets(question)
    lists = [value for value in public.values() if isinstance(value, list)]
    entries = {
        entry["id"]: entry["text"]
        for value in lists
        for entry in value
        if isinstance(entry, dict) and {"id", "text"} <= set(entry)
    }
    maps = [
        value
        for value in public.values()
        if isinstance(value, dict) and all(isinstance(label, str) for label in value.values())
    ]
    return Form(
        question,
        entries,
        maps[0] if maps else {},
        secrets.right[0] if secrets.right else None,
        tuple(_reasons(question.body)),
    )


def _reasons(body: Any) -> Iterator[str]:
    """Every `why` of a question, wherever its kind has one."""
    for name, value in body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ():
        if name == "why":
            yield value
        else:
            yield from _reasons(value)


def words(text: str) -> set[str]:
    """The words of more than three letters, in lower case."""
    return {word for word in re.findall(r"[a-z0-9%]+", text.lower()) if len(word) > 3}


def normal(text: str) -> str:
    """A text without case, signs and spaces: equal for texts that read the same."""
    return " ".join(re.findall(r"[a-z0-9%]+", text.lower()))
