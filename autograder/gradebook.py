"""What is written to nbgrader's gradebook beyond what nbgrader's own preprocessors write, and what is read from it."""

from __future__ import annotations

from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters.base import NbGraderException


def open_submission(converter, folder: Path, assignment: str, student: str) -> None:
    """The learner and the submission in the gradebook, with the time of handing in, as nbgrader's Autograde makes them."""
    coursedir = converter.coursedir
    timestamp = coursedir.get_existing_timestamp(str(folder))
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        if converter.create_student:
            gradebook.update_or_create_student(student)
        else:
            try:
                gradebook.find_student(student)
            except MissingEntry:
                raise NbGraderException(f"No student with ID '{student}' exists in the gradebook.") from None
        submission = gradebook.update_or_create_submission(assignment, student, **({"timestamp": timestamp} if timestamp else {}))
        if timestamp and submission.total_seconds_late > 0:
            converter.log.warning("%s is %s seconds late", submission, submission.total_seconds_late)


def set_all(coursedir, assignment: str, student: str, notebook: str, score: float | None, by_hand: bool) -> None:
    """One automatic score (None: none) for every grade of a notebook; scores that a person gave stay."""
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        for grade in gradebook.find_submission_notebook(notebook, assignment, student).grades:
            grade.auto_score, grade.needs_manual_grade = score, by_hand
        gradebook.db.commit()


def scores(db_url: str, assignments: list[str]) -> list[dict]:
    """One row for each learner and assignment: score, max_score, needs_manual_grade, and each grade cell's score by its id."""
    rows = []
    with Gradebook(db_url) as gradebook:
        for assignment in assignments:
            for submission in sorted(gradebook.assignment_submissions(assignment), key=lambda entry: entry.student.id):
                cells = {grade.name: grade for notebook in submission.notebooks for grade in notebook.grades}
                rows.append(
                    {
                        "learner": submission.student.id,
                        "assignment": assignment,
                        "score": submission.score,
                        "max_score": submission.max_score,
                        "needs_manual_grade": any(grade.needs_manual_grade for grade in cells.values()),
                        "cells": {name: grade.score for name, grade in cells.items()},
                    }
                )
    return rows
