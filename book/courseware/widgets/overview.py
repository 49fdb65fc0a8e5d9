"""A part's questions again, and the reader's progress: what the browser keeps decides what they show."""

from __future__ import annotations

import traitlets as t

from .base import CourseWidget, module
from .question import DRAWING, HERE


class Review(CourseWidget):
    """A handful of practice questions: those missed, those never tried, then those answered longest ago.

    questions  [{"question": Question.public(), "key": its body, "chapter": title, "page": address without suffix}]
    size       how many at a time
    """

    _esm = module(*DRAWING, HERE / "review.js")
    in_order = ("questions",)
    questions = t.List(t.Dict()).tag(sync=True)
    size = t.Int(6, min=1).tag(sync=True)

    @t.validate("questions")
    def _practice_only(self, proposal):
        if any(entry["question"].get("use") != "practice" for entry in proposal["value"]):
            raise t.TraitError("The key of a graded question never goes into a widget.")
        return proposal["value"]


class CourseProgress(CourseWidget):
    """How far the reader is, part by part; what to review; saving, reading and clearing what the browser keeps. No question, no key.

    parts  [{"name": part, "review": address of its review or "", "questions": [{"id", "objective", "chapter": title, "page": address}]}]
    """

    _esm = module(HERE / "kept.js", HERE / "course_progress.js")
    parts = t.List(t.Dict()).tag(sync=True)
