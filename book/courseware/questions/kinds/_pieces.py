"""The pieces of an artefact, as a work sample shows them: a chat, a table, a document or a record. Their shape and their parts.

    - form: chat                     turns of a conversation
      title: Chat 48-2207
      people: {c: Ms Brandt (customer), a: Tom (agent)}
      only: [a]                      (only their turns can be marked)
      turns: [{id: t01, who: c, at: "09:02", text: ...}]
    - form: table                    rows; with `filter` the reader sorts them, and sees one value of such a column alone
      columns: [Invoice, Supplier, Net]
      filter: [Supplier]
      rows: [[r01, INV-1, Hale Tools, 120.5]]     an id first, then a cell a column; a number is shown with its thousands
    - form: document (or record)     passages under headings; in a record each has a label
      sections: [{heading: ..., passages: [{id: p01, label: ..., text: ...}]}]

`fixed: true`: to read only, none of its parts can be marked.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..model import Problem
from ._fields import id_problem, near, text_problem

FORMS = {"chat": ("people", "turns"), "table": ("columns", "rows"), "document": ("sections",), "record": ("sections",)}
ALWAYS = ("form", "title")
MOST = 200
# what a list's entries need, and may have besides
ENTRIES = {
    "turns": (("id", "who", "at", "text"), ()),
    "sections": (("heading", "passages"), ()),
    "passages": (("id", "text"), ()),
    "labelled": (("id", "label", "text"), ()),
}


def mapping_problems(
    value: Any, at: tuple, what: str, needed: tuple[str, ...], optional: tuple[str, ...] = ()
) -> Iterator[Problem]:
    """Problems of one mapping: is it one, which fields are missing, which are unknown."""
    if not isinstance(value, dict):
        yield Problem(at, f"{what} is not a mapping.", f"Write it with {', '.join(needed)}.")
        return
    for name in needed:
        if name not in value:
            yield Problem(at, f'{what} has no "{name}".', "Add it.")
    for name in value:
        if name not in needed + optional:
            yield Problem((*at, name), f'{what} has the unknown field "{name}".', near(name, needed + optional))


def labels_problems(value: Any, at: tuple, what: str, least: int = 1) -> Iterator[Problem]:
    """Problems of a mapping of ids to texts, as {c: Ms Brandt}."""
    if not isinstance(value, dict) or not least <= len(value) <= 20:
        yield Problem(at, f"{what} must map {least} to 20 ids to texts.", "Write it as '{first: First, other: Other}'.")
        return
    for id_, text in value.items():
        yield from filter(None, [id_problem(id_, (*at, id_), f"an id of {what}")])
        yield from filter(None, [text_problem(text, (*at, id_), f'"{id_}" of {what}')])


def check(pieces: Any) -> Iterator[Problem]:
    """The author's mistakes in `artefact`, a list of pieces."""
    if not isinstance(pieces, list) or not 1 <= len(pieces) <= 5:
        yield Problem(("artefact",), '"artefact" must be a list of 1 to 5 pieces.', "Write each as '- form: table'.")
        return
    seen: dict[str, str] = {}
    for n, piece in enumerate(pieces):
        at, what = ("artefact", n), f"piece {n + 1}"
        form = piece.get("form") if isinstance(piece, dict) else None
        if not isinstance(form, str) or form not in FORMS:
            yield Problem(at, f"{what} has no known form.", f"Write 'form:' with one of {', '.join(FORMS)}.")
            continue
        more = ("fixed", "note", *{"table": ("filter",), "chat": ("only",)}.get(form, ()))
        problems = list(mapping_problems(piece, at, what, (*ALWAYS, *FORMS[form]), more))
        problems += filter(
            None, (text_problem(piece[name], (*at, name), f'"{name}"') for name in ("title", "note") if name in piece)
        )
        if not isinstance(piece.get("fixed", False), bool):
            problems.append(
                Problem((*at, "fixed"), '"fixed" must be true or false.', "Leave it out to let parts be marked.")
            )
        yield from problems
        if not [problem for problem in problems if 'has no "' in problem.wrong]:
            yield from _CHECKS[form](piece, at, what)
        for id_, place in ids(piece):
            if problem := id_problem(id_, (*at, *place), "the id of a part"):
                yield problem
            elif id_ in seen:
                yield Problem(
                    (*at, *place), f'the id "{id_}" is used twice (first in {seen[id_]}).', "Give each part its own."
                )
            else:
                seen[id_] = what


def _list_problems(entries: Any, at: tuple, kind: str, labelled: bool = False) -> Iterator[Problem]:
    name = at[-1]
    if not isinstance(entries, list) or not 1 <= len(entries) <= MOST:
        yield Problem(at, f'"{name}" must be a list of 1 to {MOST} entries.', "Write each with '- '.")
        return
    for n, entry in enumerate(entries):
        what = f"{kind} {n + 1}"
        yield from mapping_problems(entry, (*at, n), what, *ENTRIES["labelled" if labelled else name])
        for field in ("text", "label", "heading", "at") if isinstance(entry, dict) else ():
            if field in entry and (problem := text_problem(entry[field], (*at, n, field), f'"{field}" of {what}')):
                yield problem


def _chat(piece: dict, at: tuple, what: str) -> Iterator[Problem]:
    yield from labels_problems(piece["people"], (*at, "people"), f"people of {what}")
    yield from _list_problems(piece["turns"], (*at, "turns"), "turn")
    people = piece["people"] if isinstance(piece["people"], dict) else {}
    only = piece.get("only", [])
    if not isinstance(only, list) or [who for who in only if not isinstance(who, str) or who not in people]:
        yield Problem((*at, "only"), f'"only" of {what} must list ids of people.', near(only, people))
    for n, turn in enumerate(piece["turns"] if isinstance(piece["turns"], list) else []):
        who = turn.get("who") if isinstance(turn, dict) else None
        if who is not None and (not isinstance(who, str) or who not in people):
            yield Problem(
                (*at, "turns", n, "who"), f"turn {n + 1} is of the unknown person {who!r}.", near(who, people)
            )


def _table(piece: dict, at: tuple, what: str) -> Iterator[Problem]:
    columns, rows = piece["columns"], piece["rows"]
    if (
        not isinstance(columns, list)
        or not 2 <= len(columns) <= 12
        or not all(isinstance(name, str) and name for name in columns)
    ):
        yield Problem(
            (*at, "columns"), '"columns" must be a list of 2 to 12 headings.', "Write it as '[Invoice, Net]'."
        )
        return
    for name in piece.get("filter") or ():
        if name not in columns:
            yield Problem((*at, "filter"), f"the filter {name!r} is no column.", near(name, columns))
    if not isinstance(rows, list) or not 1 <= len(rows) <= MOST:
        yield Problem((*at, "rows"), f'"rows" must be a list of 1 to {MOST} rows.', "Write each as '- [r01, ...]'.")
        return
    for n, row in enumerate(rows):
        if not isinstance(row, list) or len(row) != len(columns) + 1:
            has = f"has {len(row)} cells" if isinstance(row, list) else "is no list"
            cure = f"It needs {len(columns) + 1}: an id, then one for each column; quote a text that holds a comma."
            yield Problem((*at, "rows", n), f"row {n + 1} of {what} {has}.", cure)
            continue
        for m, cell in enumerate(row):
            if type(cell) not in (str, int, float):
                cure = 'Put it in double quotes, as dates and yes; for an empty cell write "".'
                yield Problem((*at, "rows", n, m), f"cell {m + 1} of row {n + 1} is neither text nor number.", cure)


def _sections(piece: dict, at: tuple, what: str) -> Iterator[Problem]:
    yield from _list_problems(piece["sections"], (*at, "sections"), "section")
    for n, section in enumerate(piece["sections"] if isinstance(piece["sections"], list) else []):
        if isinstance(section, dict) and "passages" in section:
            place = (*at, "sections", n, "passages")
            yield from _list_problems(section["passages"], place, "passage", piece["form"] == "record")


_CHECKS = {"chat": _chat, "table": _table, "document": _sections, "record": _sections}


def _listed(value: Any) -> Iterator[tuple[int, Any]]:
    yield from enumerate(value if isinstance(value, list) else [])


def ids(piece: dict) -> Iterator[tuple[Any, tuple]]:
    """The id of each part of a piece, with its path in the piece; whatever its shape."""
    for n, turn in _listed(piece.get("turns")):
        if isinstance(turn, dict) and "id" in turn:
            yield turn["id"], ("turns", n, "id")
    for n, row in _listed(piece.get("rows")):
        if isinstance(row, list) and row:
            yield row[0], ("rows", n, 0)
    for n, section in _listed(piece.get("sections")):
        for m, passage in _listed(section.get("passages") if isinstance(section, dict) else None):
            if isinstance(passage, dict) and "id" in passage:
                yield passage["id"], ("sections", n, "passages", m, "id")


def parts(pieces: list[dict], fixed: bool = False) -> dict[str, str]:
    """{id: its text in one line} of every part that can be marked; with `fixed` of every part there is. Of a sound artefact."""
    out = {}
    for piece in pieces:
        if piece.get("fixed") and not fixed:
            continue
        for turn in piece.get("turns", ()):
            if not fixed and turn["who"] not in piece.get("only", [turn["who"]]):
                continue
            out[turn["id"]] = f"{piece['people'][turn['who']]}, {turn['at']}: {turn['text']}"
        for row in piece.get("rows", ()):
            named = (f"{name}: {cell}" for name, cell in zip(piece["columns"], row[1:], strict=True) if cell != "")
            out[row[0]] = " · ".join(named)
        for section in piece.get("sections", ()):
            for passage in section["passages"]:
                label = f"{passage['label']}: " if "label" in passage else ""
                out[passage["id"]] = label + passage["text"]
    return out
