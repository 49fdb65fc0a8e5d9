"""Put what a learner may write into the instructor's own notebook, and note how the submission departs from what was released.

Nothing of a learner's notebook is run, and nothing of its metadata or outputs is taken over: only the text of cells.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from . import prose

MOST_CELLS = 1000
MOST_FLAGS = 50
MOST_PARTS = 2_000_000  # lists and objects: each takes some 200 bytes when it is read, and two in the file


class NotANotebook(Exception):
    """Bytes that are no notebook; the text says why, for the learner."""


@dataclass(frozen=True)
class Transplant:
    """The instructor's notebook with the learner's own text in it, and the flags."""

    notebook: dict
    flags: tuple[str, ...]
    remarks: tuple[str, ...] = ()


def read_cells(raw: bytes) -> list[dict]:
    """The cells of a submitted notebook, each a dict with a text `source`. Raises NotANotebook."""
    if not raw.strip():
        raise NotANotebook("the notebook is empty (0 bytes)")
    if raw.count(b"{") + raw.count(b"[") > MOST_PARTS:
        raise NotANotebook("the file has far more parts than a notebook needs")
    try:
        notebook = json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise NotANotebook("the notebook is not text in UTF-8") from None
    except (ValueError, RecursionError):
        raise NotANotebook("the notebook is not JSON (perhaps it was cut off, or saved by another program)") from None
    if not isinstance(notebook, dict):
        raise NotANotebook("the file is JSON, but not a notebook")
    sheets = notebook.get("worksheets")
    cells = notebook.get(
        "cells", sheets[0].get("cells") if isinstance(sheets, list) and sheets and isinstance(sheets[0], dict) else None
    )
    if not isinstance(cells, list):
        raise NotANotebook("the file is JSON, but not a notebook: it has no list of cells")
    return [
        {
            **cell,
            "cell_type": cell.get("cell_type") if isinstance(cell.get("cell_type"), str) else "",
            "source": _text(cell.get("source", cell.get("input"))),
            "metadata": cell.get("metadata") if isinstance(cell.get("metadata"), dict) else {},
        }
        for cell in cells
        if isinstance(cell, dict)
    ]


def grade_info(cell: dict) -> dict:
    """The cell's nbgrader metadata, {} if it has none."""
    info = cell.get("metadata", {}).get("nbgrader")
    return info if isinstance(info, dict) else {}


def is_locked(cell: dict) -> bool:
    """As nbgrader.utils.is_locked: a test cell, or a read-only one."""
    info = grade_info(cell)
    return bool(info) and not info.get("solution") and bool(info.get("grade") or info.get("locked"))


def transplant(base: dict, cells: list[dict] | None) -> Transplant:
    """`base` with the learner's text of every cell that may be edited, and the learner's added cells where they stood.

    `cells` is None when the learner's notebook cannot be read: then all text is the instructor's.
    """
    result = {
        **base,
        "cells": [dict(cell) for cell in base["cells"]],
    }  # what is changed below is a cell's own fields, never inside them
    _clear(result["cells"])
    if cells is None:
        return Transplant(result, ())
    remarks = []
    if len(cells) > MOST_CELLS:
        remarks.append(f"The notebook has {len(cells):,} cells; only the first {MOST_CELLS:,} are shown here.")
    own = result["cells"]
    places = {_key(cell): n for n, cell in enumerate(own)}
    by_id = {cell["id"]: n for n, cell in enumerate(own) if "id" in cell}
    by_text = {(cell["cell_type"], cell["source"]): n for n, cell in enumerate(own) if not grade_info(cell)}
    flags, found, added, last, room = [], {}, {}, -1, prose.Room()
    for cell in cells:
        info = grade_info(cell)
        name = info.get("grade_id")
        place = places.get(("grade", name)) if isinstance(name, str) else None
        if place is None and isinstance(cell.get("id"), str):
            place = by_id.get(cell["id"])
            if place is not None and grade_info(own[place]) and place not in found:
                flags.append(f"cell {grade_info(own[place])['grade_id']} was renamed or lost its mark")
        if place is None and not info:
            place = by_text.get((cell.get("cell_type"), cell["source"]))  # some platforms give cells new ids
            place = None if place in found else place
        if place is None:
            if info.get("grade") or info.get("locked"):
                flags.append(f"a locked cell was added ({_shown(name)})")
            added.setdefault(last, []).append(cell)
            continue
        if place in found:
            if is_locked(own[place]):
                flags.append(f"cell {grade_info(own[place])['grade_id']} stands more than once")
            added.setdefault(last, []).append(found[place] if not is_locked(own[place]) else cell)
        found[place] = cell  # the last of several counts, as in nbgrader
        last = place
    for place, cell in found.items():
        if is_locked(own[place]):
            flags += _changes(own[place], cell)
        elif cell["source"] != own[place]["source"]:
            own[place] |= prose.harmless(own[place]["cell_type"], cell, room)
    locked = [n for n, cell in enumerate(own) if is_locked(cell)]
    flags += [f"cell {grade_info(own[n])['grade_id']} was deleted" for n in locked if n not in found]
    order = [n for n in found if n in locked]
    if order != sorted(order):
        flags.append("locked cells were put in another order")
    result["cells"] = _merge(own, added, room)
    flags = list(dict.fromkeys(flags))
    if len(flags) > MOST_FLAGS:
        flags[MOST_FLAGS:] = [f"{len(flags) - MOST_FLAGS:,} more like these"]
    return Transplant(result, tuple(flags), tuple(remarks))


def _changes(ours: dict, theirs: dict) -> list[str]:
    name, flags = grade_info(ours)["grade_id"], []
    if theirs.get("cell_type") != ours["cell_type"]:
        flags.append(f"cell {name} was turned into another type of cell")
    if theirs["source"].strip() != ours["source"].strip():
        flags.append(f"the text of cell {name} was changed")
    if theirs["metadata"].get("tags", []) != ours["metadata"].get("tags", []):
        flags.append(f"the tags of cell {name} were changed")
    if any(
        grade_info(theirs).get(key) != grade_info(ours).get(key)
        for key in ("grade", "solution", "locked", "points", "grade_id")
    ):
        flags.append(f"the marks of cell {name} (points, lock) were changed")
    return flags


def _merge(own: list[dict], added: dict[int, list[dict]], room: prose.Room) -> list[dict]:
    merged, count = [], 0
    taken = {cell.get("id") for cell in own}
    for place in range(-1, len(own)):
        if place >= 0:
            merged.append(own[place])
        for cell in added.get(place, []):
            if count >= MOST_CELLS:
                break
            count += 1
            kind = cell.get("cell_type") if cell.get("cell_type") in ("code", "markdown", "raw") else "raw"
            new = {"cell_type": kind, "id": f"added-{count}", "metadata": {}, **prose.harmless(kind, cell, room)}
            while new["id"] in taken:
                new["id"] += "-x"
            if kind == "code":
                new |= {"execution_count": None, "outputs": []}
            merged.append(new)
    return merged


def _clear(cells: list[dict]) -> None:
    for cell in cells:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None


def _key(cell: dict) -> tuple:
    name = grade_info(cell).get("grade_id")
    return ("grade", name) if name else ("id", cell.get("id"))


def _text(source) -> str:
    """A cell's text whatever was handed in; characters that cannot be written as UTF-8 are replaced."""
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    text = source if isinstance(source, str) else ""
    return text.encode("utf8", "replace").decode("utf8")


def _shown(name) -> str:
    return re.sub(r"[^\w-]", "?", str(name))[:40]
