"""What a run has written into a course, to compare two runs row for row."""

from __future__ import annotations

import sqlite3
from pathlib import Path

TABLES = ("student", "submitted_assignment", "submitted_notebook", "grade", "comment")


def rows(folder: Path) -> dict[str, list]:
    """Every row that a run writes, ids included."""
    with sqlite3.connect(folder / "gradebook.db") as book:
        found = {table: sorted(book.execute(f"SELECT * FROM {table}"), key=repr) for table in TABLES}
    book.close()
    return found


def files(folder: Path) -> dict[str, bytes]:
    """Graded notebooks and receipts; no file beside them may be left over."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for step in ("autograded", "receipts")
        for path in sorted((folder / step).rglob("*"))
        if path.is_file() and path.suffix != ".lock"
    }
