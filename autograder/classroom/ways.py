"""The table of ways: found when an assignment is generated, or at the first grading, and kept beside the gradebook.

It is never released: what a test's licence says of the solution is the instructor's.
"""

from __future__ import annotations

import hashlib
import json
import os
import traceback
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from ..execution.executor import NONE, Executor
from ..execution.plan import Config
from ..grading.calibration import calibrate
from ..grading.grade import Paper
from ..grading.language import for_a_person, other_language
from ..grading.transplant import NotANotebook
from ..grading.way import INSIDE, OUTSIDE, PERSON, Way
from .marking import library_digest, paper_digest, rests_on_code


@dataclass(frozen=True)
class Found:
    """The ways of a notebook's test cells. `anew`: they were found just now; `lacking` says why there are none."""

    notebook: str
    ways: dict[str, Way]
    anew: bool = False
    lacking: str = ""

    def words(self) -> list[str]:
        """For the instructor: what the notebook's author should know, a sentence each."""
        lines = [f"{self.notebook}: {said}" for way in self.ways.values() for said in way.says]
        return [f"{self.notebook}: {self.lacking}"] if self.lacking else list(dict.fromkeys(lines))

    def count(self) -> str:
        """The ways in one line."""
        named = {way: [name for name, one in self.ways.items() if one.way == way] for way in (OUTSIDE, INSIDE, PERSON)}
        parts = [f"{len(named[OUTSIDE])} outside the learner's process"]
        parts += [f"{len(named[INSIDE])} inside it ({', '.join(named[INSIDE])})"] if named[INSIDE] else []
        parts += [f"{len(named[PERSON])} for a person ({', '.join(named[PERSON])})"] if named[PERSON] else []
        return f"{self.notebook}: tests judged {', '.join(parts)}."


def place(coursedir, assignment: str, notebook: str) -> Path:
    """Where the table of a notebook is kept: as the receipts, beside the folder of graded work."""
    step = os.path.normpath(os.path.join(coursedir.root, os.path.dirname(coursedir.autograded_directory), "ways"))
    return Path(step, assignment, f"{notebook}.json")


def find(
    coursedir, papers: Iterable[Paper], config: Config, say: Callable[[str], None] = lambda text: None
) -> list[Found]:
    """The ways of each notebook with test cells: looked up, or found now where there are none for what stands today.

    `say` hears that it takes a moment. Never raises for what stands in a notebook.
    """
    found, todo = [], []
    for paper in papers:
        language = other_language(paper.base)
        if language and rests_on_code(paper):
            lacking = f"its tests and code are left to a person, because {for_a_person(language)}."
            found.append(Found(paper.notebook, {}, lacking=f"{lacking} Declared questions are graded as ever."))
        if language or not paper.tests:
            continue
        paper = replace(paper, ways={}, questions={})  # declared questions have no part in it
        source = Path(
            coursedir.format_path(coursedir.source_directory, ".", paper.assignment), f"{paper.notebook}.ipynb"
        )
        solution = source.read_bytes() if source.is_file() else None
        key = _key(paper, solution, config)
        kept = _read(place(coursedir, paper.assignment, paper.notebook), key)
        if kept is not None:
            found.append(Found(paper.notebook, kept))
        elif solution is None:
            lacking = f"there is no source notebook {source}: what cannot be judged outside is left to a person."
            found.append(Found(paper.notebook, {}, lacking=lacking))
        else:
            todo.append((paper, solution, key))
    if todo:
        say(
            f"Trying the tests of {', '.join(paper.notebook for paper, _, _ in todo)} on the instructor's own solution ..."
        )
        with Executor(config) as executor:
            found += [_find(coursedir, executor, *one) for one in todo]
    return found


def with_ways(papers: dict[str, Paper], found: list[Found]) -> dict[str, Paper]:
    ways = {one.notebook: one.ways for one in found}
    return {name: replace(paper, ways=ways.get(name, {})) for name, paper in papers.items()}


def _find(coursedir, executor: Executor, paper: Paper, solution: bytes, key: str) -> Found:
    if executor.level == NONE:
        return Found(paper.notebook, {}, lacking=f"its tests were not tried on your own solution. {executor.reason}")
    try:
        ways = calibrate(paper, solution, executor)
    except NotANotebook as error:
        return Found(paper.notebook, {}, lacking=f"its source cannot be read: {error}.")
    except Exception:  # noqa: BLE001 - a release or a class is never stopped by it
        trouble = traceback.format_exc(limit=-3)
        return Found(paper.notebook, {}, lacking=f"its tests could not be tried on your own solution.\n{trouble}")
    path = place(coursedir, paper.assignment, paper.notebook)
    path.parent.mkdir(parents=True, exist_ok=True)
    record = {"key": key, "cells": {name: asdict(way) for name, way in ways.items()}}
    path.with_suffix(".tmp").write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf8")
    os.replace(path.with_suffix(".tmp"), path)
    return Found(paper.notebook, ways, anew=True)


def _key(paper: Paper, solution: bytes | None, config: Config) -> str:
    """What the ways rest on: another solution, test, data file, limit or version of this package finds them again."""
    parts = (paper_digest(paper), hashlib.sha256(solution or b"").hexdigest(), library_digest(), repr(config))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _read(path: Path, key: str) -> dict[str, Way] | None:
    try:
        record = json.loads(path.read_bytes())
        if record["key"] != key:
            return None
        lists = ("licence", "says", "given")
        return {
            name: Way(one["way"], one["why"], **{key: tuple(one[key]) for key in lists})
            for name, one in record["cells"].items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
