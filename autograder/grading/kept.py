"""Which answers count: those beside the notebook, or those that the notebook itself carries, whichever were saved later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from courseware.answers import Answers, AnswersError, carried, instant, read_answers

from .submission import ANSWERS_FILE, Submission

MOST_COPIES, MOST_TOLD = 20, 20  # copies in a notebook that are read, and how much is told of them


@dataclass(frozen=True)
class Kept:
    """The answers that count (None: nothing could be read), what to tell about them, and why nothing could be read."""

    answers: Answers | None
    remarks: tuple[str, ...] = ()
    problem: str = ""


def kept_answers(submission: Submission, cells: list[dict] | None, assignment: str) -> Kept:
    """Choose between answers.json and the notebook's own copy; `cells` is None when the notebook cannot be read."""
    remarks, problems, readable = [], [], []

    def add(place: str, data: bytes) -> None:
        try:
            readable.append((place, read_answers(data, assignment)))
        except AnswersError as error:
            problems.append(f"{place}: {error}.")

    if submission.answers is not None:
        add(ANSWERS_FILE, submission.answers)
    elif submission.answers_problem:
        problems.append(submission.answers_problem)
    for place, data in submission.beside:
        add(place, data)
    copies = []
    for data in carried(cells or [])[-MOST_COPIES:]:
        try:
            copies.append(read_answers(data, assignment))
        except AnswersError as error:
            problems.append(f"the notebook's own copy of the answers: {error}.")
    if copies:
        readable.append(("the notebook", max(copies, key=lambda answers: instant(answers.saved))))

    if not readable:
        if problems or cells is None:
            reasons = problems or [submission.answers_problem or f"There is no {ANSWERS_FILE} either."]
            return Kept(None, (), " ".join(_sentence(reason) for reason in reasons[:MOST_TOLD]))
        return Kept(Answers(assignment), ("No answers were kept: neither beside the notebook nor in it.",))
    remarks += [f"{_sentence(problem)} The answers from {readable[0][0]} count." for problem in problems[:MOST_TOLD]]
    place, newest = max(readable, key=lambda pair: instant(pair[1].saved))  # the first of equals: answers.json
    for where, other in readable:
        names = sorted({*newest.answers, *other.answers})
        if where == place or not (different := [name for name in names if _raw(newest, name) != _raw(other, name)]):
            continue
        named = ", ".join([*map(_short, different[:MOST_TOLD]), *(["others"] if len(different) > MOST_TOLD else [])])
        both = " and ".join(one for one, _ in readable if one in (where, place))
        remarks.append(
            f"{both} differ in {named}: "
            f"{place} was saved later ({_short(newest.saved)}, the other {_short(other.saved)}) and counts."
        )
    return Kept(newest, tuple(remarks))


def _raw(answers: Answers, name: str) -> Any:
    found = answers.answers.get(name)
    return None if found is None else found.answer


def _sentence(text: str) -> str:
    return text if text.startswith(ANSWERS_FILE) else text[:1].upper() + text[1:]


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."
