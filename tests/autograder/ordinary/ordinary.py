"""Ordinary styles of nbgrader tests, as people publish them: calibrated with the instructor's answer, graded on other people's.

    make ordinary        the whole table: each case with its way, and what the honest, the wrong and the untouched work got

tests/data/ordinary: tests.json has for each case the instructor's cells before (`given`), an honest answer, the `test`; answers.json
the `task` in words, a `second` honest answer by somebody who saw only that, and a `wrong` one that nbgrader itself refuses.
setups.json has notebooks of several cells.
"""

from __future__ import annotations

import datetime
import json
import sqlite3
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from autograder.execution.executor import Executor
from autograder.grading.calibration import calibrate
from autograder.grading.grade import Paper, grade
from autograder.grading.submission import Submission

DATA = Path(__file__).resolve().parents[2] / "data/ordinary"
STUB = "# YOUR CODE HERE\nraise NotImplementedError()"
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


@lru_cache
def files() -> dict[str, bytes]:
    """What lies beside each notebook of tests.json."""
    rows = [
        f"{datetime.date(2024, 1, 1) + datetime.timedelta(days=n)},{['east', 'north', 'west'][n % 3]},{'ab'[n % 2]},{7 * n % 50}"
        for n in range(40)
    ]
    with tempfile.NamedTemporaryFile() as file:
        book = sqlite3.connect(file.name)
        book.execute("CREATE TABLE people (name TEXT, age INTEGER)")
        book.executemany("INSERT INTO people VALUES (?, ?)", [("Al", 20), ("Bo", 40), ("Cy", 50)])
        book.commit()
        book.close()
        people = Path(file.name).read_bytes()
    return {
        "sales.csv": "\n".join(["day,region,kind,amount", *rows, ""]).encode(),
        "data/note.txt": "note é".encode(),
        "tools.py": b"def twice(x):\n    return 2 * x\n",
        "people.db": people,
    }


@dataclass(frozen=True)
class Case:
    """A notebook: its cells as (kind, name, source), where an "answer" has the instructor's solution as its source."""

    name: str
    cells: tuple[tuple[str, str, str], ...]
    files: tuple[tuple[str, bytes], ...]
    second: str | None = None
    wrong: str | None = None
    full: float = 1.0  # what nbgrader itself gives the honest answer
    second_full: float = 1.0  # and the second one
    stub_full: float = 0.0  # and the untouched notebook
    outside_before: bool = False  # was it full outside before there were ways

    def notebook(self, answer: str | None = None, solved: bool = False) -> dict:
        """As released, or `solved`, or with `answer` in its one answer cell."""
        return {"nbformat": 4, "nbformat_minor": 5, "metadata": KERNEL, "cells": [
            _cell(kind, name, answer if kind == "answer" and answer is not None else source if kind != "answer" or solved else STUB)
            for kind, name, source in self.cells
        ]}  # fmt: skip

    def paper(self) -> Paper:
        tests = {name: source for kind, name, source in self.cells if kind == "test"}
        return Paper("ps", "ps", self.notebook(), dict.fromkeys(tests, 1.0), {}, {}, tests, dict(self.files))

    def hand_in(self, notebook: dict) -> Submission:
        return Submission(json.dumps(notebook).encode(), "", None, "", "")


def _cell(kind: str, name: str, source: str) -> dict:
    own = {"schema_version": 3, "grade": kind == "test", "solution": kind == "answer", "locked": kind in ("test", "locked"),
           "task": False, "grade_id": name, "cell_type": "code", **({"points": 1.0} if kind == "test" else {})}  # fmt: skip
    metadata = {} if kind == "unmarked" else {"nbgrader": own}
    return {
        "cell_type": "code",
        "id": name,
        "metadata": metadata,
        "source": source,
        "outputs": [],
        "execution_count": None,
    }


@lru_cache
def before() -> frozenset[str]:
    """The cases that were full marks outside when every test ran there, and whose wrong answer was not: none is to go inside."""
    return frozenset(json.loads((DATA / "outside_before.json").read_bytes()))


def tests() -> list[Case]:
    answers = json.loads((DATA / "answers.json").read_bytes())
    return [
        Case(
            row["name"],
            (
                *([("locked", "given", row["given"])] if row["given"].strip() else []),
                ("answer", "answer", row["honest"]),
                ("test", "check", row["test"]),
            ),
            tuple(sorted(files().items())),
            answers[row["name"]]["second"],
            answers[row["name"]]["wrong"],
            row.get("stock", row["points"]) / row["points"],
            answers[row["name"]].get("second stock", row.get("stock", row["points"]) / row["points"]),
            answers[row["name"]].get("stub", 0.0),
            row["name"] in before(),
        )
        for row in json.loads((DATA / "tests.json").read_bytes())
    ]


def setups() -> list[Case]:
    answers = json.loads((DATA / "answers.json").read_bytes())
    beside = (("data.csv", b"a\n1\n"), ("sales.csv", b"day,amount\na,1\nb,2\n"))
    return [
        Case(
            row["name"],
            tuple((cell["kind"], cell.get("id") or f"cell-{n}", cell["source"]) for n, cell in enumerate(row["cells"])),
            beside,
            stub_full=answers.get(row["name"], {}).get("stub", 0.0),
            outside_before=row["name"] in before(),
        )
        for row in json.loads((DATA / "setups.json").read_bytes())
    ]


@dataclass(frozen=True)
class Outcome:
    """What became of a case: the ways of its tests, and the verdicts on each kind of work (None: there is no such work)."""

    case: Case
    ways: dict
    honest: tuple
    second: tuple | None
    wrong: tuple | None
    stub: tuple

    @property
    def inside(self) -> bool:
        return any(way.way == "inside" for way in self.ways.values())


def judged(case: Case, executor: Executor) -> Outcome:
    """Calibrate with the instructor's answer, then grade the others."""
    ways = calibrate(case.paper(), json.dumps(case.notebook(solved=True)).encode(), executor)
    paper = replace(case.paper(), ways=ways)

    def work(answer: str | None, solved: bool = False) -> tuple:
        return grade(paper, case.hand_in(case.notebook(answer, solved)), executor).cells

    return Outcome(
        case,
        ways,
        work(None, True),
        work(case.second) if case.second else None,
        work(case.wrong) if case.wrong else None,
        work(None),
    )


def is_full(cells: tuple, full: float = 1.0) -> bool:
    return all(cell.score == full for cell in cells)


def is_lost(cells: tuple, full: float = 1.0) -> bool:
    """Less than it deserves, and no person is asked."""
    return any(cell.score is not None and cell.score < full for cell in cells)


def shown(cells: tuple | None, full: float = 1.0) -> str:
    if cells is None:
        return "-"
    return "full" if is_full(cells, full) else "LOST" if is_lost(cells, full) else "person"


def row_of(one: Outcome) -> tuple[list[str], str]:
    """The words for the honest, the second, the wrong and the untouched work, and what there is to say."""
    case, words = one.case, []
    for cells, full in ((one.honest, case.full), (one.second, case.second_full)):
        words.append(shown(cells, full))
    for cells, most in ((one.wrong, 0.0), (one.stub, case.stub_full)):
        gained = cells and any((cell.score or 0) > most for cell in cells)
        asked = cells and any(cell.score is None for cell in cells)
        words.append("-" if cells is None else "GAIN" if gained else "person" if asked else "0")
    said = [text for way in one.ways.values() for text in way.says]
    works = [(one.honest, case.full), (one.second, case.second_full)]
    reasons = [cell.reason for cells, full in works for cell in cells or () if cell.score != full]
    return words, "; ".join([*said, *reasons, *(way.why for way in one.ways.values() if way.way != "outside")])


def main() -> int:
    """Print the table; 1 when honest work lost a point in silence, or wrong work gained one."""
    only, counts, bad = set(sys.argv[1:]), Counter(), 0
    with Executor() as executor:
        print(f"{'case':30}{'way':9}{'honest':8}{'second':8}{'wrong':8}{'stub':8} why")
        for case in [*tests(), *setups()]:
            if only and case.name not in only:
                continue
            one = judged(case, executor)
            words, why = row_of(one)
            way = "/".join(sorted({way.way for way in one.ways.values()}))
            bad += "LOST" in words[:2] or "GAIN" in words[2:]
            counts[f"way {way}"] += 1
            counts.update(
                f"{what} {word}" for what, word in zip(("honest", "second", "wrong", "stub"), words, strict=True)
            )
            told = " ".join(f"{why[:150]}".split())
            print(f"{case.name:30}{way:9}{words[0]:8}{words[1]:8}{words[2]:8}{words[3]:8} {told}".rstrip(), flush=True)
    print("\n" + ", ".join(f"{word}: {count}" for word, count in sorted(counts.items())))
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
