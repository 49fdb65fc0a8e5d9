"""The words for what became of an answer, and the plain records that carry them from the grading to the gradebook."""

from __future__ import annotations

from dataclasses import dataclass, field

CORRECT, PARTLY, WRONG, UNANSWERED, INVALID = "correct", "partly", "wrong", "unanswered", "invalid"
UNREADABLE, TAMPERED, FAULT = "unreadable submission", "tampered", "grader fault"
BY_HAND = "by hand"
A_PERSON = "A person decides, because"  # begins the reason of a test that could not be judged by itself
GRADED = "graded"
ERROR, TIMEOUT, OUT_OF_MEMORY, KILLED = "error", "timeout", "out of memory", "killed"
TOO_MUCH_OUTPUT, NOT_SERIALISABLE, NOT_RUN = "too much output", "not serialisable", "not run"

# What stopped a learner's code, in words for the learner. Each earns 0, but NOT_RUN: a person has to look.
STOPPED = {
    ERROR: "The code raised an error.",
    TIMEOUT: "The code took too long and was stopped. Look for a loop that never ends.",
    OUT_OF_MEMORY: "The code asked for more memory than it may use.",
    KILLED: "The code ended the process that it ran in, so nothing after it could be checked.",
    TOO_MUCH_OUTPUT: "The code printed more than can be kept. Look for a print inside a loop.",
    NOT_SERIALISABLE: "The answer is an object that cannot be checked. Give a number, a text, a list or a dictionary.",
    NOT_RUN: "This question needs the autograder's box to run code: it was not run, and a person looks at it.",
}

QUESTION_VERDICTS = (CORRECT, PARTLY, WRONG, UNANSWERED, INVALID, UNREADABLE, FAULT, BY_HAND, *STOPPED)
SUBMISSION_VERDICTS = (GRADED, TAMPERED, UNREADABLE, FAULT)


@dataclass(frozen=True)
class CellVerdict:
    """What one grade cell earned. `score` is a number in [0, points], or None: a person has to look (never a silent zero)."""

    grade_id: str
    points: float
    score: float | None
    verdict: str
    reason: str = ""  # for the learner, one or two sentences
    answer: tuple[str, ...] = ()  # the learner's own answer in words
    feedback: tuple[str, ...] = ()  # on what the learner chose, never on what they did not
    question: str | None = None  # id of the declared question, None for a cell that a person grades
    prompt: str = ""  # what was asked
    criteria: tuple[str, ...] = ()  # what a person grades by


@dataclass(frozen=True)
class Result:
    """One graded notebook of one learner."""

    verdict: str  # one of SUBMISSION_VERDICTS
    cells: tuple[CellVerdict, ...]
    notebook: dict = field(repr=False)  # nbformat 4, every grade cell with an explicit output
    flags: tuple[str, ...] = ()  # how the submission departs from what was released
    remarks: tuple[str, ...] = ()  # what else the learner and the instructor should know
    # how code was run: containment, seed, limits, tests in the learner's own process
    run: dict = field(default_factory=dict)

    @property
    def by_hand(self) -> tuple[str, ...]:
        """Grade cells without a score: a person has to look at them."""
        return tuple(cell.grade_id for cell in self.cells if cell.score is None)

    @property
    def score(self) -> float:
        return sum(cell.score or 0.0 for cell in self.cells)


def receipt(student: str, assignment: str, notebook: str, digest: str, result: Result) -> dict:
    """The record of a grading as JSON data. It has no time in it: grading the same work again gives the same bytes."""
    return {
        "schema": 1,
        "student": student,
        "assignment": assignment,
        "notebook": notebook,
        "submission": digest,
        "verdict": result.verdict,
        "flags": list(result.flags),
        "remarks": list(result.remarks),
        "run": result.run,
        "cells": [
            {
                "id": cell.grade_id,
                "question": cell.question,
                "points": cell.points,
                "score": cell.score,
                "verdict": cell.verdict,
                "reason": cell.reason,
            }
            for cell in result.cells
        ],
    }
