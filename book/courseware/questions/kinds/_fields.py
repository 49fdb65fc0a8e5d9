"""Checks that several kinds need on their fields."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any

from ..model import NotAnAnswer, Problem

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_ID = 64
MOST_PARTS = 200
LONGEST_SHOWN = 500


def near(name: object, names: Iterable[object]) -> str:
    """'Did you mean "x"?', or the names there are."""
    there = [str(one) for one in names]
    close = get_close_matches(str(name), there, n=1, cutoff=0.5)
    return f'Did you mean "{close[0]}"?' if close else f"There are: {', '.join(there)}."


def text_problem(value: object, at: tuple, what: str) -> Problem | None:
    if isinstance(value, str) and value.strip():
        return None
    if value is None or isinstance(value, str):
        return Problem(at, f"{what} is empty.", "Write it.")
    if isinstance(value, (dict, list)):
        return Problem(
            at, f"{what} is not a text.", "If it holds a colon, a comma or a bracket, put it in double quotes."
        )
    return Problem(at, f"{what} must be text, but YAML reads {value!r} here.", "Put it in double quotes.")


def id_problem(value: object, at: tuple, what: str) -> Problem | None:
    if isinstance(value, str) and ID.fullmatch(value) and len(value) <= LONGEST_ID:
        return None
    return Problem(
        at,
        f"{what} {value!r} is not an id.",
        f"Use a to z, 0 to 9 and single hyphens, at most {LONGEST_ID} characters, in quotes if YAML reads it as a number or a yes.",
    )


def check_entries(
    entries: object, field: str, fields: tuple[str, ...], optional: tuple[str, ...] = (), least: int = 2
) -> Iterator[Problem]:
    """Problems of a list of {id, text, ...} entries: shape, unknown and missing fields, ids, texts."""
    one = field.rstrip("s")
    if not isinstance(entries, list) or not least <= len(entries) <= MOST_PARTS:
        yield Problem(
            (field,),
            f'"{field}" must be a list of {least} to {MOST_PARTS} entries.',
            f"Write each as '- {{{', '.join(f'{name}: ...' for name in fields)}}}'.",
        )
        return
    seen: dict[str, int] = {}
    for n, entry in enumerate(entries):
        if not isinstance(entry, dict):
            yield Problem(
                (field, n),
                f"{one} {n + 1} is not a mapping.",
                f"Write it as '- {{{', '.join(f'{name}: ...' for name in fields)}}}'.",
            )
            continue
        for name in entry:
            if name not in fields and name not in optional:
                yield Problem(
                    (field, n, name),
                    f'{one} {n + 1} has the unknown field "{name}".',
                    near(name, fields + optional)
                    if entry[name] is not None
                    else "If it is part of a text with a comma, put the text in double quotes.",
                )
        for name in fields:
            if name not in entry:
                cure = (
                    "Say why it is right or which mistake it is: right or wrong alone teaches nothing."
                    if name == "why"
                    else "Add it."
                )
                yield Problem((field, n), f'{one} {n + 1} has no "{name}".', cure)
            elif name == "id":
                if problem := id_problem(entry["id"], (field, n, "id"), f"the {one}'s id"):
                    yield problem
                elif entry["id"] in seen:
                    yield Problem(
                        (field, n, "id"),
                        f'{one} id "{entry["id"]}" is used twice (first by {one} {seen[entry["id"]] + 1}).',
                        "Give each its own id; never reuse one that was published.",
                    )
                else:
                    seen[entry["id"]] = n
            elif name in ("text", "why") and (
                problem := text_problem(entry[name], (field, n, name), f'"{name}" of {one} {n + 1}')
            ):
                yield problem


def marked_correct(options: list, problems: list[Problem]) -> list[int]:
    """The places of the options with `correct: true`; a mark that is neither true nor false is added to `problems`."""
    marked = []
    for n, option in enumerate(options):
        mark = option.get("correct", False) if isinstance(option, dict) else False
        if not isinstance(mark, bool):
            wrong, cure = (
                f'"correct" of option {n + 1} must be true or false.',
                "Write 'correct: true' for a right option, else leave it out.",
            )
            problems.append(Problem(("options", n, "correct"), wrong, cure))
        elif mark:
            marked.append(n)
    return marked


def clean_ids(raw: object, what: str) -> list[str] | None:
    """`raw` if it can be a list of ids of parts, each once; None when it is empty."""
    if raw is None or (type(raw) is str and not raw):
        return None
    if type(raw) is not list:
        raise NotAnAnswer(f"The answer is {a_type(raw)}; it must be a list.")
    if len(raw) > MOST_PARTS:
        raise NotAnAnswer(f"The answer lists {len(raw):,} entries, far more than any question has.")
    ids = [clean_id(entry, what) for entry in raw]
    if len(set(ids)) < len(ids):
        raise NotAnAnswer(f"The answer lists {what} twice.")
    return ids or None


def ids_in_words(entries: list, raw: object) -> tuple[str, ...]:
    """The texts of a list of ids, one a line."""
    if type(raw) is not list:
        return () if empty(raw) else in_json(raw)
    texts = {entry["id"]: entry["text"] for entry in entries}
    return tuple(
        cut(texts.get(id_, id_)) if type(id_) is str else "".join(in_json(id_)) or "null" for id_ in raw[:MOST_PARTS]
    )


def empty(raw: object) -> bool:
    """Nothing chosen. Exact types: an answer is data, and nothing of it is called."""
    return raw is None or (type(raw) is str and not raw)


def clean_id(raw: object, what: str) -> str:
    """`raw` if it can be an id of a part; the reason is for the learner."""
    if type(raw) is not str:
        raise NotAnAnswer(f"The answer holds {a_type(raw)} where {what} belongs.")
    if len(raw) > LONGEST_ID:
        raise NotAnAnswer(f"The answer holds a text of {len(raw):,} characters where {what} belongs.")
    return raw


def a_type(raw: object) -> str:
    """The type of a JSON value, in words."""
    words = {
        dict: "an object",
        list: "a list",
        bool: "true or false",
        int: "a number",
        float: "a number",
        str: "a text",
        type(None): "nothing",
    }
    return words.get(type(raw), "something that is no data")


def cut(text: str) -> str:
    """As much of a text as is shown."""
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "..."


def in_json(raw: object) -> tuple[str, ...]:
    """In words, for a raw answer of a type that the question does not take: as it came. Nothing for no answer."""
    if raw is None:
        return ()
    try:
        return (cut(json.dumps(raw, ensure_ascii=False, default=a_type)),)
    except (ValueError, TypeError, RecursionError):
        return ("(something that cannot be shown)",)


def lettered(entries: Iterable[dict[str, Any]]) -> list[str]:
    """ "(a) the text" for each {id, text}: the ids are what an answer uses."""
    return [f"({entry['id']}) {entry['text']}" for entry in entries]
