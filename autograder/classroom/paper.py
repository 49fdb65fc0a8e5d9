"""The instructor's side of an assignment: the released notebooks, the points in the gradebook, the questions in the bank."""

from __future__ import annotations

import json
import os
from fnmatch import fnmatchcase
from pathlib import Path

from nbgrader.api import Assignment, Notebook
from sqlalchemy import select
from traitlets import Unicode
from traitlets.config import LoggingConfigurable

from courseware.questions import RELEASE_FILE, Question, QuestionError, asked, dump_release, load_bank

from ..grading.grade import Paper
from ..grading.submission import OTHER_FILE_LIMIT
from ..grading.transplant import grade_info
from .gradebook import reading

DEFAULT_FOLDER = "autograder/questions"


class Bank(LoggingConfigurable):
    """Where the course keeps its graded questions."""

    folder = Unicode(DEFAULT_FOLDER, help="Folder of the graded questions (*.yml), relative to the course's root.").tag(
        config=True
    )
    facts = Unicode(
        "",
        help="Function from a fact's id to the text of its row, as module.name: `autograder check` looks figures up.",
    ).tag(config=True)

    def path(self, coursedir) -> Path:
        return Path(coursedir.root, self.folder)

    def load(self, coursedir) -> dict[str, Question]:
        """Every question of the bank by id; {} for a course that has none. Raises QuestionError."""
        path = self.path(coursedir)
        return load_bank(path) if path.is_dir() and any(path.glob("*.yml")) else {}


def declared(coursedir, assignment: str) -> dict[str, dict[str, str]]:
    """Notebook name -> {grade_id: question id}, from the gradebook, for every notebook of the assignment; {} when there is none."""
    if coursedir.db_url.startswith("sqlite:///") and not os.path.exists(coursedir.db_url[len("sqlite:///") :]):
        return {}
    found = {}
    with reading(coursedir.db_url) as session:
        for notebook in session.scalars(_notebooks(assignment)):
            graded = {cell.name for cell in notebook.grade_cells}
            asks = {
                cell.name: asked(cell.source or "")
                for cell in notebook.source_cells
                if cell.name in graded and cell.locked and cell.cell_type == "code"
            }
            # generating gives the cell its question's name: what else says ask("...") is the course's own
            found[notebook.name] = {name: id_ for name, id_ in asks.items() if id_ == name}
    return found


def _notebooks(assignment: str):
    return select(Notebook).join(Assignment).where(Assignment.name == assignment).order_by(Notebook.name)


def papers(coursedir, assignment: str, questions: dict[str, Question], log, every: bool = False) -> dict[str, Paper]:
    """The paper of every notebook that declares questions; of `every` notebook of the assignment, if so wanted."""
    return {
        name: _paper(coursedir, assignment, name, asks, questions, log)
        for name, asks in declared(coursedir, assignment).items()
        if asks or every
    }


def _paper(coursedir, assignment: str, name: str, asks: dict[str, str], questions: dict[str, Question], log) -> Paper:
    with reading(coursedir.db_url) as session:
        notebook = session.scalars(_notebooks(assignment).where(Notebook.name == name)).one()
        points = {cell.name: float(cell.max_score) for cell in notebook.grade_cells}
        known = {
            cell.name: {
                "cell_type": cell.cell_type,
                "source": cell.source or "",
                "locked": bool(cell.locked),
                "checksum": cell.checksum,
            }
            for cell in notebook.source_cells
        }
        solutions, tasks = (
            {cell.name for cell in notebook.solution_cells},
            {cell.name: float(cell.max_score) for cell in notebook.task_cells},
        )
        kernelspec = json.loads(notebook.kernelspec or "null")
    folder = Path(coursedir.format_path(coursedir.release_directory, ".", assignment))
    base = _released(folder / f"{name}.ipynb", points, asks, known)
    if base is None:
        log.warning(
            "%s is not what the gradebook knows of it: the graded notebooks are put together from the gradebook alone. "
            "Cure: generate the assignment again.",
            folder / f"{name}.ipynb",
        )
        base = _from_gradebook(points, known, solutions, tasks)
    if kernelspec:
        base["metadata"]["kernelspec"] = kernelspec
    mine = {id_: questions[id_] for id_ in asks.values() if id_ in questions and questions[id_].use == "graded"}
    if mine:
        _compare_release(folder / RELEASE_FILE, assignment, mine, log)
    for id_ in sorted(set(asks.values()) - set(mine)):
        log.error(
            "Question %s, asked in %s.ipynb, is not in the bank as a graded question: it is left for a person. "
            "Cure: put it back, then autograde again with --force.",
            id_,
            name,
        )
    tests = {
        cell: known[cell]["source"]
        for cell in points
        if cell in known and known[cell]["cell_type"] == "code" and cell not in solutions and cell not in asks
    }
    return Paper(assignment, name, base, points, asks, mine, tests, data_files(coursedir, assignment, log))


def data_files(coursedir, assignment: str, log) -> dict[str, bytes]:
    """The instructor's files beside the notebooks, by relative path, as nbgrader gives them to every submission."""
    folder = Path(coursedir.format_path(coursedir.source_directory, ".", assignment))
    if not folder.is_dir():
        folder = Path(coursedir.format_path(coursedir.release_directory, ".", assignment))
    found = {}
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        ignored = any(fnmatchcase(part, rule) for part in inside.parts for rule in coursedir.ignore)
        if path.suffix == ".ipynb" or not path.is_file() or ignored:
            continue
        if path.stat().st_size > OTHER_FILE_LIMIT:
            log.warning(
                "%s is too large to be given to learners' code: at most %g MB are.", path, OTHER_FILE_LIMIT / 1e6
            )
        else:
            found[inside.as_posix()] = path.read_bytes()
    return found


def _released(path: Path, points: dict, asks: dict, known: dict) -> dict | None:
    """The released notebook, if it has exactly the gradebook's graded cells."""
    try:
        notebook = json.loads(path.read_bytes())
        cells = notebook["cells"]
        for cell in cells:
            cell["source"] = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
            cell.setdefault("metadata", {})
    except (OSError, ValueError, KeyError, TypeError):
        return None
    marked = {grade_info(cell)["grade_id"]: cell for cell in cells if grade_info(cell).get("grade_id")}
    same = {name for name, cell in marked.items() if grade_info(cell).get("grade")} == set(points)
    same = same and all(marked[name]["source"] == known[name]["source"] for name in asks)
    return notebook if same and notebook.get("nbformat") == 4 else None


def _from_gradebook(points: dict, known: dict, solutions: set, tasks: dict) -> dict:
    cells = []
    for n, (name, cell) in enumerate(known.items()):
        info = {
            "schema_version": 3,
            "grade_id": name,
            "grade": name in points,
            "solution": name in solutions,
            "locked": cell["locked"],
            "task": name in tasks,
            "cell_type": cell["cell_type"],
            "checksum": cell["checksum"],
        }
        if name in points or name in tasks:
            info["points"] = points.get(name, tasks.get(name))
        new = {
            "cell_type": cell["cell_type"],
            "id": f"cell-{n:03d}",
            "metadata": {"nbgrader": {key: value for key, value in info.items() if value is not None}},
            "source": _visible(cell["source"]) if name in points and name not in solutions else cell["source"],
        }
        cells.append(new | ({"execution_count": None, "outputs": []} if cell["cell_type"] == "code" else {}))
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}


def _visible(source: str) -> str:
    """The text of a test cell without its hidden tests, as nbgrader's ClearHiddenTests leaves it."""
    from nbgrader.preprocessors import ClearHiddenTests

    begin, end = ClearHiddenTests.begin_test_delimeter.default_value, ClearHiddenTests.end_test_delimeter.default_value
    lines, hidden = [], False
    for line in source.split("\n"):
        hidden = hidden or begin in line
        lines += [] if hidden else [line]
        hidden = hidden and end not in line
    return "\n".join(lines)


def _compare_release(path: Path, assignment: str, questions: dict[str, Question], log) -> None:
    try:
        released = {entry["id"]: entry for entry in json.loads(path.read_bytes())["questions"]}
    except (OSError, ValueError, KeyError, TypeError):
        return
    now = {entry["id"]: entry for entry in json.loads(dump_release(assignment, questions.values()))["questions"]}
    for id_ in sorted(set(now) & set(released)):
        if now[id_] != released[id_]:
            log.warning(
                "Question %s was changed in the bank after it was given out: answers are scored by the bank. "
                "Cure: generate and release again if learners should see the change.",
                id_,
            )


def find_question(bank: dict[str, Question], id_: str, place: str, folder: str) -> Question:
    """The graded question `id_`. Raises QuestionError with file, line and cure."""
    from difflib import get_close_matches

    if id_ not in bank:
        near = get_close_matches(id_, bank, n=1)
        cure = f'Did you mean "{near[0]}"?' if near else f"Add it to a file in {folder}, or ask for one that is there."
        raise QuestionError(f'there is no question "{id_}" in {folder}.', cure, *_split(place))
    if bank[id_].use != "graded":
        raise QuestionError(
            f'question "{id_}" is for practice ({bank[id_].file}:{bank[id_].line}): its answer is public.',
            "Ask a question with 'use: graded'.",
            *_split(place),
        )
    return bank[id_]


def _split(place: str) -> tuple[str, int]:
    file, line = place.rsplit(":", 1)
    return file, int(line)


def wanted(name: str, pattern: str) -> bool:
    """Does nbgrader's --notebook pattern choose this notebook?"""
    return fnmatchcase(name, pattern)
