"""`autograder ways ASSIGNMENT`: how each test cell is judged, why, and what that means for forging."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

from ..classroom import ways
from ..classroom.options import Grading
from ..classroom.paper import papers
from ..grading.way import FORGING
from ..nbgrader_door.course import CannotGrade, converter


def run(assignment: str) -> int:
    """Print the table, and what is to be mended; returns the exit code: 0, 1 when something is, 2 when there is no such assignment."""
    try:
        course = converter(Path.cwd(), assignment)
        log = logging.getLogger(__name__)
        log.disabled = True  # the bank has no part in it
        sheets = papers(course.coursedir, assignment, {}, log, every=True)
        if not sheets:
            raise CannotGrade(
                f"the gradebook knows no assignment {assignment}. Cure: nbgrader generate_assignment {assignment}"
            )
    except CannotGrade as error:
        print(f"autograder: {error}", file=sys.stderr)
        return 2
    config = Grading(parent=course).executor_config(course.coursedir)
    found = ways.find(course.coursedir, sheets.values(), config, lambda text: print(text, file=sys.stderr))
    said = [words for one in found for words in one.words()]
    for one in found:
        width = max([len(name) for name in one.ways] or [0])
        print(one.count() if one.ways else f"{one.notebook}:")
        for name, way in one.ways.items():
            print(f"  {name:{width}}  {way.way:8} {FORGING[way.way]}. Why: {way.why}")
    if not found:
        print(f"{assignment} has no test cells: nothing to find.")
    for words in said:
        print(f"To mend: {words}")
    return 1 if said else 0
