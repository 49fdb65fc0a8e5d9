"""Learners' files on an instructor's server: which they are, and how a submitted notebook is shown without anything of it being run."""

from __future__ import annotations

import glob
import os
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from ..execution import outputs
from ..grading import prose

STEPS = ("submitted", "autograded", "feedback")
AS_HANDED_IN = {"submitted", "downloaded", "inbound", "exchange"}
USUAL = {"submitted", "autograded", "feedback", "downloaded", "inbound"}  # what nbgrader calls them in any course


# Files that JupyterLab acts on when they are opened: a chart of Vega loads any address of this server and any picture of elsewhere
# with what it read there; a workspace opens what it names.
ACTED_ON = (".vg", ".vl", ".vega", ".vegalite", ".vg.json", ".vl.json", ".jupyterlab-workspace")
AS_TEXT = "(This file of a learner's is shown as text alone; this line is not in it.)\n"
GRADED_SHOWN = {
    "text/html",
    "text/plain",
    *outputs.PICTURES,
}  # JupyterLab shows HTML that nobody trusts without scripts


@dataclass(frozen=True)
class Place:
    """A folder, or the folders below it whose names are like `below`, part by part."""

    folder: Path
    below: tuple[str, ...] = ()

    def holds(self, path: Path) -> bool:
        parts, own = _alike(path), _alike(self.folder)
        below = parts[len(own) :]
        return (
            parts[: len(own)] == own and len(below) >= len(self.below) and all(map(fnmatchcase, below, self._patterns))
        )

    @property
    def _patterns(self) -> tuple[str, ...]:
        return tuple(_folded(part) for part in self.below)


@dataclass(frozen=True)
class Folders:
    """The folders of learners' work of a course, and those of other courses below `root`, the server's own folder, by their usual names."""

    root: Path
    handed_in: tuple[Place, ...]
    others: tuple[Place, ...]

    @classmethod
    def together(cls, all_of: Iterable[Folders]) -> Folders:
        """Those of several courses on one server."""
        courses = list(all_of)
        handed_in = tuple(place for one in courses for place in one.handed_in)
        return cls(courses[0].root, handed_in, tuple(place for one in courses for place in one.others))

    def holds(self, path: str | Path) -> bool:
        """Does this path lie in learners' work, wherever its links lead?"""
        return any(
            any(place.holds(one) for place in (*self.handed_in, *self.others)) or self._of_another_course(one, USUAL)
            for one in _places(path)
        )

    def holds_handed_in(self, path: str | Path) -> bool:
        """Does it lie where learners' work is kept as they handed it in?"""
        return any(
            any(place.holds(one) for place in self.handed_in) or self._of_another_course(one, USUAL & AS_HANDED_IN)
            for one in _places(path)
        )

    def _of_another_course(self, path: Path, names: set[str]) -> bool:
        within = [parent for parent in path.parents if Place(self.root).holds(parent)]
        courses = (parent for parent in within if (parent / "nbgrader_config.py").is_file())
        return any(names & set(_alike(path)[len(course.parts) :]) for course in courses)


def folders_of(coursedir, root: str) -> Folders:
    """Those of nbgrader's `coursedir`, on a server of the folder `root`."""
    config = coursedir.config
    base = Path(os.path.realpath(coursedir.root))
    parts = Path(coursedir.directory_structure).parts
    named = next((number for number, part in enumerate(parts, 1) if "{nbgrader_step}" in part), len(parts))

    def place(step: str) -> Place:
        # a course may have its folders as ASSIGNMENT/STEP/LEARNER too
        if not any(word in part for part in parts[:named] for word in ("{student_id}", "{assignment_id}")):
            return Place(Path(os.path.realpath(base / Path(*parts[:named]).as_posix().format(nbgrader_step=step))))
        fields = {"nbgrader_step": glob.escape(step), "student_id": "*", "assignment_id": "*"}
        return Place(base, Path(Path(*parts[:named]).as_posix().format(**fields)).parts)

    steps = {step: place(getattr(coursedir, f"{step}_directory")) for step in STEPS}
    downloaded = Path(os.path.realpath(base / _set(config, "ZipCollectApp", "downloaded_directory", "downloaded")))
    exchange = Path(os.path.realpath(_set(config, "Exchange", "root", "/usr/local/share/nbgrader/exchange")))
    inbound = (
        ("*", "inbound") if base.is_relative_to(exchange) else ()
    )  # a course that lies in its exchange is no learner's
    handed_in = (steps["submitted"], Place(downloaded), Place(exchange, inbound))
    return Folders(Path(os.path.realpath(root)), handed_in, (steps["autograded"], steps["feedback"]))


def _set(config, section: str, name: str, usual: str) -> str:
    found = config[section].get(name) if section in config else None
    return found if isinstance(found, str) and found else usual


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _alike(path: Path) -> tuple[str, ...]:
    """The parts of a path as they are compared: some systems find a file by its name in capitals too."""
    return tuple(map(_folded, path.parts))


def _places(path: str | Path) -> set[Path]:
    return {Path(os.path.normpath(path)), Path(os.path.realpath(path))}


def shown_file(name: str, text: str) -> str:
    """A learner's file as JupyterLab may have it."""
    return AS_TEXT + text if name.lower().endswith(ACTED_ON) else text


def shown_graded(notebook: dict) -> dict:
    """A notebook of `autograded`, where it was stock nbgrader that graded it: no saved widgets, and no output that JupyterLab acts on."""
    metadata = {key: value for key, value in notebook.get("metadata", {}).items() if key != "widgets"}
    return {**notebook, "metadata": metadata, "cells": [_graded(cell) for cell in notebook.get("cells") or ()]}


def _graded(cell: dict) -> dict:
    if not isinstance(cell.get("outputs"), list):
        return cell
    return {**cell, "outputs": [_kept(output) for output in cell["outputs"]]}


def _kept(output: dict) -> dict:
    data = output.get("data")
    if not isinstance(data, dict):
        return output
    return {**output, "data": {mime: value for mime, value in data.items() if mime in GRADED_SHOWN}, "metadata": {}}


def shown(notebook: dict) -> dict:
    """A submitted notebook (format 4) as text and pictures: no metadata, no saved widgets, and only outputs that run nothing."""
    room, left = prose.Room(), outputs.Room()
    cells = [_cell(cell, room, left) for cell in notebook.get("cells") or () if isinstance(cell, dict)]
    return {"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": cells}


def _cell(cell: dict, room: prose.Room, left: outputs.Room) -> dict:
    kind = cell.get("cell_type") if cell.get("cell_type") in ("code", "markdown") else "raw"
    text = cell.get("source")
    made = prose.harmless(kind, {**cell, "source": text if isinstance(text, str) else ""}, room)
    made |= {"cell_type": kind, "metadata": {}}
    if kind != "code":
        return made
    heard = outputs.Outputs(left)
    saved = cell.get("outputs")
    for output in saved if isinstance(saved, list) else ():
        if isinstance(output, dict):
            heard.hear({"t": output.get("output_type"), "content": output})
    count = cell.get("execution_count")
    return made | {"outputs": list(heard.as_tuple()), "execution_count": count if type(count) is int else None}
