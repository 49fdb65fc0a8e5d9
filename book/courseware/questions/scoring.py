"""Score a raw answer. Every raw answer has a score: what cannot be read is `invalid` and says why."""

from __future__ import annotations

from typing import Any

from .kinds import KINDS
from .model import NotAnAnswer, Question, Score


def score(question: Question, raw: Any) -> Score:
    """Score what a learner gave, of whatever type or size; never raises for an answer that came as JSON."""
    kind = KINDS[question.kind]
    try:
        answer = kind.parse(raw)
    except NotAnAnswer as reason:
        return Score.invalid(str(reason))
    if answer is None:
        return Score(0.0, "unanswered", "No answer was given.")
    scored: Score = kind.score(question, answer)
    return scored
