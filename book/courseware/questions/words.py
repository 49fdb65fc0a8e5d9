"""A question as plain words, for where its controls cannot run: a notebook without a kernel, a page without JavaScript."""

from __future__ import annotations

from html import escape
from typing import Any

from .kinds import KINDS


def as_html(public: dict[str, Any], cure: str) -> str:
    """The prompt, the choices and how to answer after all, as HTML. `public`: what a learner may see (`Question.public()`)."""
    items = "".join(f"<li>{escape(line)}</li>" for line in as_lines(public))
    return f"<p><strong>{escape(public['prompt'])}</strong></p><ul>{items}</ul><p>{escape(cure)}</p>"


def as_text(public: dict[str, Any], cure: str) -> str:
    """The same as lines of text."""
    return "\n".join([public["prompt"], *(f"- {line}" for line in as_lines(public)), cure])


def as_lines(public: dict[str, Any]) -> list[str]:
    """What there is to choose or to do, a line each."""
    lines: list[str] = KINDS[public["kind"]].as_lines(public)
    return lines


def typed(public: dict[str, Any]) -> str:
    """How to answer without the controls: a call of `courseware.answer` to type."""
    if not (example := getattr(KINDS[public["kind"]], "TYPED", "")):
        return "Write the answer in its own cell."
    ids = ", with the ids in brackets" if any(line.startswith("(") for line in as_lines(public)) else ""
    return f'To answer by typing, run in a cell of your own{ids}: from courseware import answer; answer("{public["id"]}", {example})'
