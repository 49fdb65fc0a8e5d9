"""`choices`: the learner picks any number of options. The answer is the list of their ids, in whatever order."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from ..model import Part, Problem, Question, Sample, Score, Secrets
from ._fields import check_entries, clean_ids, ids_in_words, lettered, marked_correct

FIELDS = ("options",)
TYPED = '["a", "c"]'


def check(question: Question) -> list[Problem]:
    options = question.body.get("options")
    problems = list(check_entries(options, "options", ("id", "text", "why"), optional=("correct",)))
    if not isinstance(options, list):
        return problems
    marked = marked_correct(options, problems)
    if not marked:
        problems.append(Problem(("options",), "no option is correct.", "Mark each right one with 'correct: true'."))
    elif len(marked) == len(options):
        problems.append(
            Problem(
                ("options",), "every option is correct.", "Add one that is wrong, with the mistake that leads to it."
            )
        )
    return problems


def public(question: Question) -> dict[str, Any]:
    return {"options": [{"id": option["id"], "text": option["text"]} for option in question.body["options"]]}


def parse(raw: Any) -> list[str] | None:
    return clean_ids(raw, "one option")


def unfinished(public: dict[str, Any], answer: list[str] | None) -> str:
    known = {option["id"] for option in public["options"]}
    return "" if answer and set(answer) <= known else "Choose one option or more."


def score(question: Question, answer: list[str]) -> Score:
    """The share of the right options that are picked, less the share of the wrong ones: choosing all earns nothing."""
    options = question.body["options"]
    if set(answer) - {option["id"] for option in options}:
        return Score.invalid("The answer names an option that this question does not have.")
    correct = {option["id"] for option in options if option.get("correct")}
    right, wrong = len(correct & set(answer)), len(set(answer) - correct)
    earned = max(Fraction(right, len(correct)) - Fraction(wrong, len(options) - len(correct)), Fraction(0))
    parts = [
        Part(option["id"], float((option["id"] in answer) == (option["id"] in correct)), option["why"])
        for option in options
    ]
    return Score.of(float(earned), f"{right} of {len(correct)} right options chosen, and {wrong} wrong.", parts)


def samples(question: Question) -> list[Sample]:
    options = question.body["options"]
    right = [option["id"] for option in options if option.get("correct")]
    wrong = [option["id"] for option in options if not option.get("correct")]
    share, cost = 1 / len(right), 1 / len(wrong)
    mixed = max(0.0, 1 - cost)  # all right ones and one wrong one
    valid = [
        Sample(right, 1.0, "correct"),
        Sample(right[::-1], 1.0, "correct"),
        Sample(right[:1], share, "correct" if share == 1 else "partly"),
        Sample([*right, wrong[0]], mixed, "partly" if mixed else "wrong"),
        Sample([*right, *wrong], 0.0, "wrong"),
        Sample(wrong[:1], 0.0, "wrong"),
    ]
    nothing: list[Any] = [None, "", []]
    broken: list[Any] = [
        "a",
        right[0],
        {right[0]: True},
        [*right, right[0]],
        [*right, "no-such-option"],
        [1],
        [right],
        [None],
        7,
        True,
    ]
    return [
        *valid,
        *(Sample(raw, 0.0, "invalid") for raw in broken),
        *(Sample(raw, 0.0, "unanswered") for raw in nothing),
    ]


def in_words(public: dict[str, Any], raw: Any) -> tuple[str, ...]:
    return ids_in_words(public["options"], raw)


def as_lines(public: dict[str, Any]) -> list[str]:
    return lettered(public["options"])


def secrets(question: Question) -> Secrets:
    options = question.body["options"]
    return Secrets(
        texts=tuple(option["why"] for option in options),
        right=([option["id"] for option in options if option.get("correct")],),
        fields=("correct", "why", "answer"),
        shown=tuple(option["text"] for option in options),
    )
