"""`choice`: the learner picks one option. The answer is the option's id."""

from __future__ import annotations

from typing import Any

from ..model import Part, Problem, Question, Sample, Score, Secrets
from ._fields import check_entries, clean_id, cut, empty, in_json, lettered, marked_correct

FIELDS = ("options",)
TYPED = '"a"'


def check(question: Question) -> list[Problem]:
    options = question.body.get("options")
    problems = list(check_entries(options, "options", ("id", "text", "why"), optional=("correct",)))
    if not isinstance(options, list):
        return problems
    marked = marked_correct(options, problems)
    if not marked:
        problems.append(Problem(("options",), "no option is correct.", "Mark one with 'correct: true'."))
    for n in marked[1:]:
        problems.append(
            Problem(
                ("options", n, "correct"),
                f"option {n + 1} is correct too (so is option {marked[0] + 1}).",
                "A choice has exactly one correct option; with several it is of the kind choices.",
            )
        )
    return problems


def public(question: Question) -> dict[str, Any]:
    return {"options": [{"id": option["id"], "text": option["text"]} for option in question.body["options"]]}


def parse(raw: Any) -> str | None:
    return None if empty(raw) else clean_id(raw, "one option")


def unfinished(public: dict[str, Any], answer: str | None) -> str:
    known = any(option["id"] == answer for option in public["options"])
    return "" if known else "Choose one option."


def score(question: Question, answer: str) -> Score:
    """1 for the correct option, else 0."""
    for option in question.body["options"]:
        if option["id"] == answer:
            credit = 1.0 if option.get("correct") else 0.0
            return Score.of(credit, "Correct." if credit else "Not correct.", [Part(answer, credit, option["why"])])
    return Score.invalid("The answer names an option that this question does not have.")


def samples(question: Question) -> list[Sample]:
    options = question.body["options"]
    chosen = [
        Sample(option["id"], 1.0 if option.get("correct") else 0.0, "correct" if option.get("correct") else "wrong")
        for option in options
    ]
    broken = [
        Sample(raw, 0.0, "invalid")
        for raw in ("no-such-option", [options[0]["id"]], {"id": options[0]["id"]}, 1, float("nan"), True)
    ]
    return [*chosen, *broken, Sample(None, 0.0, "unanswered"), Sample("", 0.0, "unanswered")]


def in_words(public: dict[str, Any], raw: Any) -> tuple[str, ...]:
    if empty(raw):
        return ()
    texts = {option["id"]: option["text"] for option in public["options"]}
    return (cut(texts.get(raw, raw)),) if type(raw) is str else in_json(raw)


def as_lines(public: dict[str, Any]) -> list[str]:
    return lettered(public["options"])


def secrets(question: Question) -> Secrets:
    options = question.body["options"]
    (right,) = [option for option in options if option.get("correct")]
    return Secrets(
        texts=tuple(option["why"] for option in options),
        right=(right["id"],),
        fields=("correct", "why", "answer"),
        shown=tuple(option["text"] for option in options),
        spelled=(right["text"],),
    )
