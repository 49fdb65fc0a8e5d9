"""A guess, made before nbgrader is imported: will learners' code be run? Its box is then started meanwhile, for both take a second."""

from __future__ import annotations

import json
from pathlib import Path

MOST = 4  # notebooks that are looked into


def start_box(folder: Path, assignment: str) -> None:
    """Start it, where a notebook of the assignment has a test cell. A wrong guess costs nothing but time."""
    notebooks = sorted(folder.glob(f"*/{assignment}/*.ipynb"))[:MOST]
    if any(map(_has_tests, notebooks)):
        from .base import start_ahead

        start_ahead((str(folder),))


def _has_tests(path: Path) -> bool:
    try:
        cells = [cell for cell in json.loads(path.read_bytes())["cells"] if cell["cell_type"] == "code"]
        return any(_is_test(cell["metadata"].get("nbgrader", {}), "".join(cell["source"])) for cell in cells)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def _is_test(info: dict, source: str) -> bool:
    """A cell that is graded and no declared question."""
    return bool(info.get("grade")) and not info.get("solution") and not source.lstrip().startswith("ask(")
