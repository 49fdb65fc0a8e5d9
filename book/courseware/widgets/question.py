"""The question as a widget: one look in the book (practice, no kernel) and in JupyterLab (each click kept by Python)."""

from __future__ import annotations

from pathlib import Path

import traitlets as t

from ..questions import KINDS
from .base import CourseWidget, module

HERE = Path(__file__).parent
# drawQuestion and what it needs
DRAWING = (
    HERE / "question.js",
    HERE / "kept.js",
    HERE / "practice.js",
    HERE / "artefact.js",
    *sorted((HERE / "kinds").glob("*.js")),
)


class QuestionWidget(CourseWidget):
    """Draws a question of any kind that has a module in `kinds/`. It scores nothing that counts.

    question  the public part of a question (`Question.public()`)
    mode      "practice" checks itself, with `key` (the question's body, public for practice only);
              "graded" hands each answer to Python; "preview" is graded without keeping
    lines     the question in words, for where it cannot be drawn
    number    as "Question 3 of 12"
    done      as "3 of 12 answered."
    answer    the raw answer, None when there is none
    saved     UTC ISO time at which Python kept `answer`, "" before
    problem   what the learner must know about keeping: "Not saved: ..."
    """

    _esm = module(*DRAWING, HERE / "question_alone.js")
    in_order = ("question",)  # the categories, the criteria
    question = t.Dict().tag(sync=True)
    mode = t.Enum(["practice", "graded", "preview"], "practice").tag(sync=True)
    key = t.Dict().tag(sync=True)
    lines = t.List(t.Unicode()).tag(sync=True)
    number = t.Unicode("").tag(sync=True)
    done = t.Unicode("").tag(sync=True)
    answer = t.Any(None, allow_none=True).tag(sync=True)
    saved = t.Unicode("").tag(sync=True)
    problem = t.Unicode("").tag(sync=True)

    @t.default("lines")
    def _in_words(self):
        kind = KINDS.get(self.question.get("kind"))
        return kind.as_lines(self.question) if kind else []

    @t.validate("key")
    def _no_graded_key(self, proposal):
        if proposal["value"] and self.question.get("use") != "practice":
            raise t.TraitError("The key of a graded question never goes into a widget.")
        return proposal["value"]
