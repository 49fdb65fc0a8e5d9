"""Cells that were given out, locked or left as they were, and that raise an error while a notebook is graded: whose doing is it?

Where such a cell raises with the instructor's own solution too, the box is why, and nobody knows what a learner's code would have
done with it. Where it raises only with a learner's code, that code is why: a test that fails below it is told where it began.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass

from ..execution.plan import Ran, Step
from .display import cut
from .transplant import grade_info, is_locked
from .way import INSIDE, Way

MEANT = "raises-exception"  # the tag of a cell that is to raise an error, as nbgrader itself knows it
BOX, JUDGE = "box", "judge"  # where it raised: beside the learner's cells, or in the process of the tests only


@dataclass(frozen=True)
class Raised:
    """A given cell that raised an error: its place in the notebook, its mark for the table of ways, and the error's class."""

    place: int
    mark: str
    words: str
    first: bool  # no cell of the learner's stands above it


def raised(base: dict, notebook: dict, ran: dict[str, Ran] | None, below: Collection[int] = ()) -> list[Raised]:
    """Those of a notebook that was run; `base` is as it was released. Of a cell `below` a hidden test the error is not named: a
    learner's function may have chosen its class by what that test gave it."""
    texts = {cell["source"] for cell in base["cells"] if cell["cell_type"] == "code" and not grade_info(cell)}
    found, first = [], True
    for n, cell in enumerate(notebook["cells"]):
        one = (ran or {}).get(f"#{n}")
        if one is None or not (is_locked(cell) or (cell["source"] in texts and not grade_info(cell))):
            first = first and one is None
            continue
        where, error = (BOX, one.error) if one.error else (JUDGE, one.apart)
        if error and not one.verdict and MEANT not in (cell["metadata"].get("tags") or ()):
            words = f"the given cell that begins with `{cut(_beginning(cell['source']))}` raised "
            words += ("an error" if n in below else error) + ("" if where == BOX else " in the process of the tests")
            found.append(Raised(n, f"{where} {hashlib.sha256(cell['source'].encode()).hexdigest()[:16]}", words, first))
    return found


def marks(runs: list[list[Raised]]) -> tuple[str, ...]:
    """Of the runs of the instructor's own solution: the marks of what raised in the box in any of them, in the judge in each."""
    each = [{one.mark for one in run} for run in runs] or [set()]
    return tuple(sorted(one for one in set.union(*each) if one.startswith(BOX) or one in set.intersection(*each)))


def warning(runs: list[list[Raised]]) -> str:
    """For the author of the notebook, where a given cell raised in the box with their own solution; "" for none."""
    words = next((one.words for run in runs for one in run if one.mark.startswith(BOX)), "")
    cure = f"Mend it, or tag it {MEANT} where it is meant to."
    return words and f"in the box {words}, so a test that fails below it will wait for a person. {cure}"


def trouble(found: list[Raised], place: int, way: Way | None) -> tuple[str, bool]:
    """(the first given cell above a test that may be why it fails, in words; is that for a person to decide); ("", False) for none."""
    above = [one for one in found if one.place < place]
    known = way.given if way is not None else ()
    for one in above:
        at_home = one.mark.startswith(BOX)
        if at_home and (way is None or one.first or one.mark in known):
            return one.words, True
        if not at_home and one.mark not in known and (way is None or way.way != INSIDE):
            return one.words, True
    return next(((one.words, False) for one in above if one.mark.startswith(BOX)), ("", False))


def first_error(steps: list[Step], ran: dict[str, Ran]) -> str:
    """The first cell that is no test and raised an error, in words; "" for none."""
    for step in steps:
        if step.kind in ("cell", "own") and ran[step.name].error:
            return f"the cell that begins with `{cut(_beginning(step.source))}` raised {ran[step.name].error}"
    return ""


def _beginning(source: str) -> str:
    """Its first line that is not empty."""
    return next((line.strip() for line in source.splitlines() if line.strip()), "")
