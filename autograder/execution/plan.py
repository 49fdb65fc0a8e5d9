"""What the executor is told and what it gives back, as data."""

from __future__ import annotations

from dataclasses import dataclass, field

from .limits import Limits


@dataclass(frozen=True)
class Config:
    """How code is run. `trust_learner_code` lets it run without a box where none can be had; the receipts say so."""

    limits: Limits = field(default_factory=Limits)
    trust_learner_code: bool = False
    seed: int = 0
    hidden: tuple[str, ...] = field(
        default=(), repr=False
    )  # the course's folders: never shown in a box, wherever they lie


@dataclass(frozen=True)
class Sheet:
    """The instructor's side of a notebook, as far as warm processes are made of it. No hidden test and no key is in it.

    `cells` are the locked ungraded code cells before the first test, in order; `sources` the released text of the other
    code cells; `theirs` the names that the learner is told to define; `files` the data files beside the notebook; `opening` the
    released text of the code cells before the first that a learner is to write, or a test; `folder` the name of the folder that
    it all lies in. It is `unaided` where the notebook asks for a function: the course's library is then not there.
    """

    cells: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    theirs: tuple[str, ...] = ()
    files: tuple[tuple[str, bytes], ...] = ()
    modules: tuple[str, ...] = ()  # packages that its tests import: loaded once for all, not by each submission
    opening: tuple[str, ...] = ()
    folder: str = ""
    unaided: bool = False


@dataclass(frozen=True)
class Step:
    """One cell to run: a learner's ("cell"), the instructor's own ("own"), a test ("test"), a test in the learner's own
    process ("inside"), or calls of the learner's function ("calls")."""

    kind: str
    name: str
    source: str = ""
    calls: tuple[dict, ...] = ()
    licence: tuple[str, ...] = ()  # of a test: what it may ask of the learner's objects (box/wall.py)
    share: tuple[str, ...] = ()  # of a test: names it sets that later cells of the learner's use


@dataclass(frozen=True)
class Ran:
    """What became of a step. `verdict` says what stopped it, "" for nothing."""

    outputs: tuple[dict, ...] = ()  # nbformat outputs, harmless ones
    verdict: str = ""
    value: float | str | None = (
        None  # what a test evaluated to: nothing, a number, "other", or what else it was in a word
    )
    error: str = ""  # name of the exception's class
    text: str = ""
    line: int = 0  # of the test's text
    refused: tuple[str, ...] = ()  # why nobody but a person can say whether it is right
    doubts: tuple[str, ...] = ()  # what may be why it failed, though the answer is right
    used: tuple[str, ...] = ()  # the part of its licence that it used
    outcomes: tuple[dict, ...] = ()  # of calls, in order, for a question's own scoring
    apart: str = ""  # of an instructor's cell: the error that it raised in the judge
    why: str = ""  # which limit of the box ended it, or what it and the learner's cells above did not find there
    exits: bool = False  # did the cell ask the kernel to end? What stands below it ran all the same
