"""The nbgrader course in a folder, as its nbgrader_config.py sets it up."""

from __future__ import annotations

import logging
from pathlib import Path

CONFIGS = ("nbgrader_config.py", "nbgrader_config.json")


class CannotGrade(Exception):
    """Why a class cannot be graded; the text is for the instructor."""


def converter(folder: Path, assignment: str, student: str = "*"):
    """nbgrader's Autograde for the course in `folder`. Raises CannotGrade."""
    from nbgrader.apps import NbGrader
    from nbgrader.converters import Autograde
    from nbgrader.coursedir import CourseDirectory

    from .converter import install

    if not any((folder / name).is_file() for name in CONFIGS):
        raise CannotGrade(f"there is no {CONFIGS[0]} in {folder}. Run this in the folder of an nbgrader course.")
    install()
    app = NbGrader()
    app.log.setLevel(logging.WARNING)
    app.load_config_file()
    directory = CourseDirectory(config=app.config, root=str(folder))
    directory.assignment_id, directory.student_id = assignment, student
    made = Autograde(coursedir=directory, parent=app)  # whose log goes to the terminal
    made.log.setLevel(logging.WARNING)
    return made
