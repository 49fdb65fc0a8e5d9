"""Where a question asks for a function, the learner's cells run without the course's library, which may hold it.

What else the notebook holds (tests, a cell that draws a figure with that library) is run with it, in a second run,
where any of it needs that: the answers to such questions are the first run's alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from .notebook_run import NotebookRun
from .plan import Ran, Sheet, Step

TESTS = ("test", "inside")


def run(sheet: Sheet, steps: list[Step], start: Callable[[Sheet], NotebookRun]) -> dict[str, Ran]:
    """What became of each step, by its name. `start` makes a run of a sheet. Raises OSError."""
    if not sheet.unaided:
        return start(sheet).steps(steps)
    first = start(sheet)
    ran = first.steps([step for step in steps if step.kind not in TESTS])
    if len(ran) < len(steps) or first.lacked:
        others = [step for step in steps if step.kind != "calls"]
        ran |= start(replace(sheet, unaided=False)).steps(others)
    return {step.name: ran[step.name] for step in steps}
