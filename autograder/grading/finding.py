"""Which notebook of a folder is the assignment's: the one that has its name and its cells, else the only one that has its cells.

Where several could be meant, nothing is guessed: a person chooses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from courseware.answers import carried

from .names import shown
from .submission import MOST_NOTEBOOKS, Submission
from .transplant import NotANotebook, grade_info, is_locked, read_cells

SHARE = 0.5  # of the assignment's cells that a notebook has at least
MOST_PARTS = 500_000  # lists and objects in a notebook under another name
NAMED = 5  # in a message
_ANSWER = re.compile(rb'"answer"\s*:')
_NAME = re.compile(rb'"grade_id"\s*:\s*"([^"\\]{1,200})"')


@dataclass(frozen=True)
class _Marks:
    """What a notebook of the assignment is known by: the names of its cells, and the text of its locked ones."""

    names: frozenset[str]
    locked: frozenset[str]
    given: frozenset[str]  # the text of all its cells, as it was given out

    @classmethod
    def of(cls, base: dict) -> _Marks:
        marked = [cell for cell in base["cells"] if grade_info(cell).get("grade_id")]
        return cls(
            frozenset(grade_info(cell)["grade_id"] for cell in marked),
            frozenset(cell["source"].strip() for cell in marked if is_locked(cell)) - {""},
            frozenset(cell["source"].strip() for cell in base["cells"]) | {""},
        )

    def shares(self, names: set[str], texts: frozenset[str] = frozenset()) -> tuple[float, float]:
        """How much of the notebook is there, from 0 to 1: by names, and by texts. Some platforms drop the marks of cells."""
        named = len(self.names & names) / len(self.names) if self.names else 0.0
        return named, len(self.locked & texts) / len(self.locked) if self.locked else 0.0


@dataclass(frozen=True)
class _Notebook:
    """A notebook of the folder: what it says, and those of the assignment's notebooks that it is most like."""

    path: str
    data: bytes
    content: tuple  # the text of its cells, and the answers that it carries
    texts: frozenset[str]
    like: frozenset[str]

    def worked_on(self, marks: _Marks) -> bool:
        return bool(self.texts - marks.given) or any(map(_ANSWER.search, self.content[1]))


def choose(bases: dict[str, dict], submissions: dict[str, Submission]) -> dict[str, Submission]:
    """The submissions by notebook name, each with the notebook that is to be graded in it, and flagged where it is another one than
    the name says. `bases` are the released notebooks."""
    if not any(one.others for one in submissions.values()):
        return submissions
    marks = {name: _Marks.of(bases[name]) for name in submissions}
    own = {f"{name}.ipynb" for name in submissions}
    if all(
        one.notebook is not None and marks[name].shares(_names(one.notebook))[0] >= SHARE
        for name, one in submissions.items()
    ) and all(other.path in own for one in submissions.values() for other in one.others):
        return submissions
    files = {other.path: other.data for one in submissions.values() for other in one.others}
    found = [notebook for path, data in files.items() if (notebook := _read(path, data, marks))]
    return {name: _choice(name, one, marks[name], found) for name, one in submissions.items()}


def _names(data: bytes) -> set[str]:
    return {name.decode("utf8", "replace") for name in _NAME.findall(data)}


def _read(path: str, data: bytes, marks: dict[str, _Marks]) -> _Notebook | None:
    try:
        cells = read_cells(data, MOST_PARTS)
    except NotANotebook:
        return None
    names = {name for cell in cells if isinstance(name := grade_info(cell).get("grade_id"), str)}
    texts = frozenset(cell["source"].strip() for cell in cells)
    content = tuple((cell["cell_type"], cell["source"], str(grade_info(cell).get("grade_id"))) for cell in cells)
    likeness = {name: _likeness(name, path, one.shares(names, texts)) for name, one in marks.items()}
    like = frozenset(name for name, rank in likeness.items() if rank and rank == max(likeness.values()))
    return _Notebook(path, data, (content, tuple(carried(cells))), texts, like)


def _likeness(name: str, path: str, shares: tuple[float, float]) -> float:
    """0 where too little is there; two notebooks of an assignment that are marked alike are told apart by their names."""
    said = 0.02 * (path == f"{name}.ipynb") + 0.01 * (name.casefold() in path.casefold())
    return sum(shares) + said if max(shares) >= SHARE else 0.0


def _choice(name: str, one: Submission, marks: _Marks, found: list[_Notebook]) -> Submission:
    fitting = [notebook for notebook in found if name in notebook.like]
    own = next((notebook for notebook in fitting if notebook.path == f"{name}.ipynb"), None)
    others = {notebook.content: notebook for notebook in reversed(fitting) if notebook is not own}
    worked = [notebook for notebook in reversed(others.values()) if notebook.worked_on(marks)]
    if own is not None and (own.worked_on(marks) or not worked):
        beside = [notebook.path for notebook in worked if notebook.content != own.content]
        flag = f"{name}.ipynb was taken, though its cells are also in {_listed(beside)}"
        return replace(one, flags=(flag,)) if beside else one
    options = worked or list(reversed(others.values()))[:1]
    if one.more or len(options) > 1:
        many = f"more than {MOST_NOTEBOOKS} notebooks" if one.more else _listed([option.path for option in options])
        return replace(
            one,
            notebook=None,
            notebook_problem="",
            undecided=f"Which notebook is meant cannot be told: the cells of {name}.ipynb may be in any of {many}. A person chooses. "
            f"Cure: leave the one that counts, named {name}.ipynb, and grade again.",
        )
    if options:
        return _taken(name, one, options[0], own is not None)
    if one.missing and one.others:
        there = _listed([other.path for other in one.others])
        return replace(
            one, notebook_problem=f"{one.notebook_problem} Its cells are in none of the files there: {there}."
        )
    return one


def _taken(name: str, one: Submission, notebook: _Notebook, untouched: bool) -> Submission:
    if one.notebook is None and one.missing:
        flag = f"the notebook was handed in as '{shown(notebook.path)}'"
    else:
        why = "is as it was given out" if untouched else _why_not(one, f"{name}.ipynb ")
        flag = f"{name}.ipynb {why}: '{shown(notebook.path)}' was taken in its place"
    folder = notebook.path.rpartition("/")[0]
    inside = {path[len(folder) + 1 :]: data for path, data in one.files.items() if path.startswith(f"{folder}/")}
    other = next(other for other in one.others if other.path == notebook.path)
    return replace(
        one,
        notebook=notebook.data,
        notebook_problem="",
        flags=(flag,),
        files={**one.files, **inside} if folder else one.files,
        beside=((f"{shown(folder)}/answers.json", other.answers),) if other.answers is not None else (),
    )


def _why_not(one: Submission, name: str) -> str:
    """Why the notebook of the right name was not taken, as the end of a sentence that begins with its name."""
    if one.notebook is None:
        return one.notebook_problem.split(". ")[0].removeprefix(name).rstrip(".")
    try:
        read_cells(one.notebook)
    except NotANotebook as error:
        return f"cannot be used ({error})"
    return "has not the assignment's cells"


def _listed(paths: list[str]) -> str:
    words = ", ".join(f"'{shown(path)}'" for path in paths[:NAMED])
    return f"{words} and {len(paths) - NAMED} more" if len(paths) > NAMED else words
