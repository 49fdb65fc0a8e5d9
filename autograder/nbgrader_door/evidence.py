"""Learners' files on an instructor's server: which they are, and how a submitted notebook is shown without anything of it being run."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from ..execution import outputs
from ..grading import prose

STEPS = ("submitted", "autograded", "feedback")
AS_HANDED_IN = {"submitted", "downloaded", "inbound", "exchange"}
USUAL = {"submitted", "autograded", "feedback", "downloaded", "inbound"}  # what nbgrader calls them in any course


@dataclass(frozen=True)
class Folders:
    """The folders of learners' work of a course, and those of other courses below `root`, the server's own folder, by their usual names."""

    root: Path
    handed_in: tuple[Path, ...]
    others: tuple[Path, ...]

    def holds(self, path: str | Path) -> bool:
        """Does this path lie in learners' work, wherever its links lead?"""
        return any(
            any(place.is_relative_to(folder) for folder in (*self.handed_in, *self.others))
            or self._of_another_course(place, USUAL)
            for place in _places(path)
        )

    def holds_handed_in(self, path: str | Path) -> bool:
        """Does it lie where learners' work is kept as they handed it in?"""
        return any(
            any(place.is_relative_to(folder) for folder in self.handed_in)
            or self._of_another_course(place, USUAL & AS_HANDED_IN)
            for place in _places(path)
        )

    def _of_another_course(self, path: Path, names: set[str]) -> bool:
        within = [parent for parent in path.parents if parent.is_relative_to(self.root)]
        courses = (parent for parent in within if (parent / "nbgrader_config.py").is_file())
        return any(names & set(path.relative_to(course).parts) for course in courses)


def folders_of(coursedir, root: str) -> Folders:
    """Those of nbgrader's `coursedir`, on a server of the folder `root`."""
    config = coursedir.config
    base = Path(os.path.realpath(coursedir.root))
    before, _, _ = coursedir.directory_structure.partition("{student_id}")

    def place(step: str) -> Path:
        return Path(os.path.realpath(base / before.format(nbgrader_step=step)))

    steps = {step: place(getattr(coursedir, f"{step}_directory")) for step in STEPS}
    downloaded = place(_set(config, "ZipCollectApp", "downloaded_directory", "downloaded"))
    exchange = Path(os.path.realpath(_set(config, "Exchange", "root", "/usr/local/share/nbgrader/exchange")))
    handed_in = (steps["submitted"], downloaded, exchange)
    return Folders(Path(os.path.realpath(root)), handed_in, (steps["autograded"], steps["feedback"]))


def _set(config, section: str, name: str, usual: str) -> str:
    found = config[section].get(name) if section in config else None
    return found if isinstance(found, str) and found else usual


def _places(path: str | Path) -> set[Path]:
    return {Path(os.path.normpath(path)), Path(os.path.realpath(path))}


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
