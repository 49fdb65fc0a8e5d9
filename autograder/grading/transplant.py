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
    """The instructor's notebook with the learner's own text in it.

    `flags` are departures from what was released, `notes` what is odd and harms nothing.
    """

    notebook: dict
    flags: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


def read_cells(raw: bytes, most: int = MOST_PARTS) -> list[dict]:
    """The cells of a submitted notebook, each a dict with a text `source`. Raises NotANotebook."""
    if not raw.strip():
        raise NotANotebook("the notebook is empty (0 bytes)")
    if raw.count(b"{") + raw.count(b"[") > most:
        raise NotANotebook("the file has far more parts than a notebook needs")
    try:
        notebook = json.loads(raw.decode(json.detect_encoding(raw)))  # UTF-16 too, as some editors on Windows save it
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
    # what is changed below is a cell's own fields, never inside them
    result = {**base, "cells": [dict(cell) for cell in base["cells"]]}
    own = result["cells"]
    _clear(own)
    if cells is None:
        return Transplant(result)
    remarks, room = [], prose.Room()
    if len(cells) > MOST_CELLS:
        remarks.append(f"The notebook has {len(cells):,} cells; only the first {MOST_CELLS:,} are shown here.")
    places, flags = _places(own, cells)
    copies, notes = _copies(own, cells, places)
    found: dict[int, dict] = {}
    added: dict[int, list[dict | int]] = {}
    last = -1
    for n, (cell, place) in enumerate(zip(cells, places, strict=True)):
        if place is None or (place in found and is_locked(own[place])):
            added.setdefault(last, []).append(cell)
        elif place in copies and n not in copies[place]:
            continue
        elif place in found:  # a copy stays where it stands; the last is the cell itself
            added.setdefault(last, []).append(cell if n < copies[place][-1] else place)
        else:
            last = place
        if place is not None:
            found[place] = cell  # the last of several counts, as in nbgrader
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
    heads = {place: cells[taken[0]] for place, taken in copies.items() if len(taken) > 1}
    result["cells"] = _merge(own, heads, added, room)
    return Transplant(result, _few(flags), _few(notes), tuple(remarks))


def _places(own: list[dict], cells: list[dict]) -> tuple[list[int | None], list[str]]:
    """Which of our cells each of the learner's is (None: one that they added), and the flags."""
    by_name = {_key(cell): n for n, cell in enumerate(own)}
    by_id = {cell["id"]: n for n, cell in enumerate(own) if "id" in cell}
    by_text = {(cell["cell_type"], cell["source"]): n for n, cell in enumerate(own) if not grade_info(cell)}
    places, flags, seen = [], [], set()
    for cell in cells:
        info = grade_info(cell)
        name = info.get("grade_id")
        place = by_name.get(("grade", name)) if isinstance(name, str) else None
        if place is None and isinstance(cell.get("id"), str):
            place = by_id.get(cell["id"])
            if place is not None and grade_info(own[place]) and place not in seen:
                flags.append(f"cell {grade_info(own[place])['grade_id']} was renamed or lost its mark")
        if place is None and not info:
            place = by_text.get((cell.get("cell_type"), cell["source"]))  # some platforms give cells new ids
            place = None if place in seen else place
        if place is None and (info.get("grade") or info.get("locked")):
            flags.append(f"a locked cell was added ({_shown(name)})")
        if place is not None and place in seen and is_locked(own[place]):
            flags.append(f"cell {grade_info(own[place])['grade_id']} stands more than once")
        places.append(place)
        seen.add(place)
    return places, flags


def _copies(own: list[dict], cells: list[dict], places: list[int | None]) -> tuple[dict[int, list[int]], list[str]]:
    """The numbers of the learner's cells that count for an open cell of ours that stands more than once, and what to tell.

    A draft above the final text, or a cell that was split: all that was written counts, in its order. A copy that is as it
    was given out counts only where there is no other.
    """
    standing: dict[int, list[int]] = {}
    for n, place in enumerate(places):
        if place is not None and not is_locked(own[place]):
            standing.setdefault(place, []).append(n)
    copies, notes = {}, []
    for place, numbers in standing.items():
        if len(numbers) > 1:
            written = [n for n in numbers if cells[n]["source"].strip() != own[place]["source"].strip()]
            copies[place] = written or numbers[-1:]
            if name := grade_info(own[place]).get("grade_id"):
                notes.append(f"cell {name} stands {len(numbers)} times: taken in their order, the last one counts")
    return copies, notes


def _few(flags: list[str]) -> tuple[str, ...]:
    flags = list(dict.fromkeys(flags))
    more = [f"{len(flags) - MOST_FLAGS:,} more like these"] if len(flags) > MOST_FLAGS else []
    return (*flags[:MOST_FLAGS], *more)


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


def _merge(own: list[dict], heads: dict[int, dict], added: dict[int, list[dict | int]], room: prose.Room) -> list[dict]:
    """Our cells in our order, each followed by what was added there: a learner's cell, or the place of a cell of ours
    whose own place its first copy holds (`heads`)."""
    merged, count = [], 0
    taken = {cell.get("id") for cell in own}

    def add(cell: dict) -> None:
        nonlocal count
        if count >= MOST_CELLS:
            return
        count += 1
        kind = cell["cell_type"] if cell["cell_type"] in ("code", "markdown", "raw") else "raw"
        new = {"cell_type": kind, "id": f"added-{count}", "metadata": {}, **prose.harmless(kind, cell, room)}
        while new["id"] in taken:
            new["id"] += "-x"
        if kind == "code":
            new |= {"execution_count": None, "outputs": []}
        merged.append(new)

    for place in range(-1, len(own)):
        if place in heads:
            add(heads[place])
        elif place >= 0:
            merged.append(own[place])
        for item in added.get(place, ()):
            if isinstance(item, int):
                merged.append(own[item])
            else:
                add(item)
    return merged


def _clear(cells: list[dict]) -> None:
    for cell in cells:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None


def _key(cell: dict) -> tuple:
    name = grade_info(cell).get("grade_id")
    return ("grade", name) if name else ("id", cell.get("id"))


def _text(source: object) -> str:
    """A cell's text whatever was handed in; characters that cannot be written as UTF-8 are replaced."""
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    text = source if isinstance(source, str) else ""
    return text.encode("utf8", "replace").decode("utf8")


def _shown(name: object) -> str:
    return re.sub(r"[^\w-]", "?", str(name))[:40]
