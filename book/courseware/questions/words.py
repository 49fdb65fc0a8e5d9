"""A question as plain words, for where its controls cannot run: a notebook without a kernel, a page without JavaScript."""

from __future__ import annotations

from html import escape
from typing import Any


def as_html(public: dict[str, Any], cure: str) -> str:
    """The prompt, the choices and how to answer after all, as HTML. `public`: what a learner may see (`Question.public()`)."""
    prompt, choices, entries = _pieces(public)
    items = "".join(f"<li>{escape(entry)}</li>" for entry in entries)
    return f"<p><strong>{escape(' '.join([prompt, *choices]))}</strong></p><ul>{items}</ul><p>{escape(cure)}</p>"


def as_text(public: dict[str, Any], cure: str) -> str:
    """The same as lines of text."""
    prompt, choices, entries = _pieces(public)
    return "\n".join([" ".join([prompt, *choices]), *(f"- {entry}" for entry in entries), cure])


def _pieces(public: dict[str, Any]) -> tuple[str, list[str], list[str]]:
    categories = public.get("categories", {})
    choices = [f"({' / '.join(categories.values())})"] if categories else []
    return public["prompt"], choices, [entry["text"] for entry in public.get("options", public.get("items", []))]
