"""nbgrader's GenerateAssignment, made to find the way of each test cell with the solution: it stops no release."""

from __future__ import annotations

import functools
import logging
import traceback

from nbgrader.converters import GenerateAssignment

from ..classroom.options import Grading
from ..classroom.paper import papers
from ..classroom.ways import find

_UNHEARD = logging.getLogger(f"{__name__}.unheard")  # of a paper that is only to be tried, without the bank
_UNHEARD.disabled = True


def install() -> None:
    """Once a process: the caller sees to it."""
    GenerateAssignment.convert_notebooks = _and_calibrate(GenerateAssignment.convert_notebooks)


def _and_calibrate(stock):
    @functools.wraps(stock)
    def convert_notebooks(self) -> None:
        stock(self)
        assignment = self.coursedir.assignment_id
        try:
            sheets = papers(self.coursedir, assignment, {}, _UNHEARD, every=True)
            found = find(
                self.coursedir, sheets.values(), Grading(parent=self).executor_config(self.coursedir), self.log.info
            )
        except Exception:  # noqa: BLE001 - the release stands
            self.log.warning("The tests were not tried on the solution.\n%s", traceback.format_exc())
            return
        for one in found:
            if one.anew:
                self.log.info("%s See: autograder ways %s", one.count(), assignment)
            for words in one.words():
                self.log.warning("%s", words)

    return convert_notebooks
