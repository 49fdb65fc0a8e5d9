"""What a test may ask of a learner's objects, and what is noted of it.

A learner's object answers in the learner's own process. Most questions cost nothing: an attribute, a length, the next item are
data that the judge then compares by itself. Some hand the decision over: whether it equals the expected value, what it makes
of a number that the test gave it. These are granted only where the instructor's own solution needed them in the same line of the
cell (the licence that calibration found); anywhere else the cell is a person's.

An object where the solution gives data can be another thing at each look, so nothing is asked of it in such a line either.
"""

from __future__ import annotations

import sys

ANYTHING = "*"  # the licence of the instructor's own solution
THEIRS = "theirs "  # with a name of the instructor's whose value the learner is to change
NAMED = "name "  # with a name that the test asks for
CHANGES = "changes arguments"
OBJECT = "look into an object"


class Refused(BaseException):
    """What the wall does not let through. No test's `except Exception` may take it for the learner's error."""


class Wall:
    """Of one test cell: its licence, what it used, what was refused, and what may have been lost on the way."""

    def __init__(self, licence: list[str] | None = None):
        self.licence = frozenset(licence or ())
        self.used: dict[str, None] = {}  # in order
        self.refused: list[str] = []
        self.doubts: list[str] = []
        # were arguments changed unasked; do the test's values follow such changes
        self.changed, self.follow = (False, False)

    def need(self, what: str, why: str) -> None:
        """Use a part of the licence in the present line. Raises Refused where it is not in it."""
        if not self._granted(what):
            self.refuse(why)

    def _granted(self, what: str) -> bool:
        here = f"{what} in line {line_now()}"
        self.used[here] = None
        return here in self.licence or ANYTHING in self.licence

    def refuse(self, why: str) -> None:
        """Raises Refused. Even where the test goes on after it, the cell is a person's."""
        self.refused.append(why)
        raise Refused(why)

    def doubt(self, why: str) -> None:
        """Something that could be why an honest answer fails: a failure is then a person's to judge."""
        if why not in self.doubts:
            self.doubts.append(why)

    def may_change(self) -> bool:
        """The learner's code has changed what the test gave it. Do the test's own values follow? Where the solution does it too.
        Else the test must pass both ways: a changed argument could be compared with itself."""
        if self._granted(CHANGES):
            return True
        self.changed = True
        return self.follow

    def meet(self, category: str, kind: str) -> None:
        """A test met an object of a category that the solution did not give it here."""
        category = "instance" if category == "callable" else category
        self.used[f"a {category}"] = None
        if (
            f"a {category}" not in self.licence
            and ANYTHING not in self.licence
            and category in ("instance", "iterator")
        ):
            self.doubt(f"the answer is an object where the instructor's own solution gives data ({kind})")


def line_now() -> int:
    """The line of the test cell that is being worked out, in a function of the cell's own too; 0 where none is."""
    frame, passed = sys._getframe(1), []
    while frame is not None and frame.f_code.co_name != "<module>":
        passed.append(frame)
        frame = frame.f_back
    if frame is None:
        return 0
    return next(one.f_lineno for one in [*passed, frame] if one.f_code.co_filename == frame.f_code.co_filename)
