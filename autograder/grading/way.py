"""The ways of judging a test cell.

*Outside*: in a process that no learner's code has been in; nothing that is done in the learner's process earns a point there.
*Inside*: in the learner's own process, as nbgrader itself does it; a learner who knows how can forge what such a test says.
"""

from __future__ import annotations

from dataclasses import dataclass

OUTSIDE, INSIDE, PERSON = "outside", "inside", "person"
FORGING = {
    OUTSIDE: "nothing in the learner's process can change it",
    INSIDE: "a learner's code could forge it",
    PERSON: "full marks cannot be forged; everything else is looked at",
}


@dataclass(frozen=True)
class Way:
    """How a test cell is judged and why; `licence` is what it may ask of learners' objects, `says` what its author should know;
    `given` are marks of the cells that were given out and raise an error even with the instructor's own solution (given.py)."""

    way: str
    why: str
    licence: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
