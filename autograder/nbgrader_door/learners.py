"""Whose folders are graded. A learner's id is the name of a folder, and that comes from a file's name: so from the learner."""

from __future__ import annotations

import functools
import glob
import os
import re
from fnmatch import fnmatchcase
from pathlib import Path

from nbgrader.api import Student
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from sqlalchemy import select

from ..classroom.gradebook import reading
from ..grading.names import alike, shown, trouble

CURE = "Cure: rename the folder to the learner's id, then autograde again."
MOST = 20  # folders named in a log


def install() -> None:
    """Keep names that are no ids out of formgrader's lists, and its buttons to the one learner beside them."""
    NbGraderAPI.get_submitted_students = _learners_only(NbGraderAPI.get_submitted_students)
    for button in ("autograde", "generate_feedback", "release_feedback"):
        setattr(NbGraderAPI, button, _one_learner(getattr(NbGraderAPI, button)))


def handed_in(coursedir: CourseDirectory) -> tuple[dict[str, Path], dict[str, str]]:
    """(folder by learner, why a folder is left out by its name) of the assignment, for the learners that are wanted."""
    found, left_out = {}, {}
    place = functools.partial(
        coursedir.format_path, coursedir.submitted_directory, assignment_id=coursedir.assignment_id
    )
    wanted = coursedir.student_id
    patterns = [wanted, f".{wanted}"] if wanted.startswith("*") else [wanted]  # a star does not stand for a dot
    folders = {folder for pattern in patterns for folder in glob.glob(place(student_id=pattern))}
    assignment = re.escape(coursedir.assignment_id)
    form = re.compile(
        coursedir.format_path(coursedir.submitted_directory, "(?P<student>.*)", assignment, escape=True), re.DOTALL
    )
    for folder in sorted(filter(os.path.isdir, folders)):
        student = form.fullmatch(folder)["student"]
        if why := trouble(student):
            if not any(fnmatchcase(student, pattern) for pattern in coursedir.ignore):
                left_out[student] = why
        else:
            found[student] = Path(folder)
    return found, left_out


def words(left_out: dict[str, str]) -> list[str]:
    """A sentence for each folder that is left out."""
    said = [f"Not graded: the folder '{shown(name)}', whose name {why}. {CURE}" for name, why in left_out.items()]
    return said[:MOST] + ([f"Not graded: {len(said) - MOST} more folders with such names."] if len(said) > MOST else [])


def look_alikes(coursedir: CourseDirectory, students) -> list[str]:
    """A sentence for ids among these and the gradebook's that look the same."""
    with reading(coursedir.db_url) as session:
        known = set(session.scalars(select(Student.id)))
    groups = [group for group in alike(known.union(students)) if set(group) & set(students)]
    return [
        " and ".join(f"'{shown(name)}'" for name in group) + " look alike and are different learners in the gradebook. "
        "Cure, if they are one: rename the folder to the id that the gradebook has, then autograde again."
        for group in groups
    ]


def _learners_only(stock):
    @functools.wraps(stock)
    def get_submitted_students(self, assignment_id):
        return {student for student in stock(self, assignment_id) if not trouble(student)}

    return get_submitted_students


def _one_learner(stock):
    """nbgrader takes an id for a pattern: a button is about the one learner beside it."""

    @functools.wraps(stock)
    def button(self, assignment_id, student_id=None, *arguments, **named):
        return stock(self, assignment_id, None if student_id is None else glob.escape(student_id), *arguments, **named)

    return button
