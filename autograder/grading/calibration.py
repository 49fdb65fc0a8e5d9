"""How each test cell is judged, found out with the instructor's own solution before anybody hands in."""

from __future__ import annotations

import ast
import builtins
import re
from dataclasses import replace

from ..execution.box.wall import ANYTHING, NAMED, THEIRS
from ..execution.executor import Executor
from ..execution.plan import Ran
from ..verdicts import CORRECT, STOPPED, TIMEOUT, CellVerdict
from . import given, running
from .grade import Paper
from .judging import test_verdict
from .kept import Kept
from .points import defined
from .reaching import reaches, statements
from .transplant import grade_info, is_locked, read_cells, transplant
from .way import INSIDE, OUTSIDE, PERSON, Way


def calibrate(paper: Paper, solution: bytes, executor: Executor) -> dict[str, Way]:
    """The way of each test cell of the notebook. `solution` is its source notebook, with the solutions.

    It and the released notebook are run like submissions, each in the box. Raises transplant.NotANotebook for a source that cannot be read.
    """
    return _Calibration(paper, solution, executor).ways()


class _Calibration:
    def __init__(self, paper: Paper, solution: bytes, executor: Executor):
        self._paper, self._executor = paper, executor
        self._solved = transplant(paper.base, read_cells(solution)).notebook
        self._stub = transplant(paper.base, None).notebook
        self._cells = {
            grade_info(cell)["grade_id"]: cell
            for cell in running.code_cells(paper.base)
            if running.is_test(cell, paper) and paper.tests.get(grade_info(cell)["grade_id"], "").strip()
        }
        self._forced = {name: running.chosen(cell) for name, cell in self._cells.items()}
        self._alone: dict[str, Ran] = {}  # what became of the tests outside, on the solution
        self._late: set[str] = set()  # tests that never end: once is enough
        self._said: dict[str, list[str]] = {name: [] for name in self._cells}
        self._raised = ""  # the first cell of the solution that raised an error in the box, in words
        self._given: list[list[given.Raised]] = []  # of each run of the solution, the given cells that raised

    def ways(self) -> dict[str, Way]:
        if not self._cells:
            return {}
        if not self._differs():
            note = "its source notebook has no solution in it: write one between BEGIN SOLUTION and END SOLUTION"
            return {name: Way(self._forced[name] or OUTSIDE, note, (), (note,)) for name in self._cells}
        found = self._outside()
        found |= self._inside([name for name in self._cells if self._needs_inside(name, found)], found)
        found = self._together(found)
        found |= self._against_the_stub(found)
        self._twice(found)
        self._lacking(found)
        marks, warning = given.marks(self._given), given.warning(self._given)
        for name in found if warning else ():
            self._said[name] += [] if found[name].way == PERSON else [warning]
        return {name: replace(way, says=tuple(self._said[name]), given=marks) for name, way in found.items()}

    def _differs(self) -> bool:
        """Has any solution cell of the source another text than the released one?"""
        pairs = zip(self._solved["cells"], self._stub["cells"], strict=False)
        return any(a["source"] != b["source"] for a, b in pairs)

    def _run(self, notebook: dict, ways: dict[str, Way], seed: int = 0) -> dict[str, tuple[CellVerdict, Ran]]:
        """The verdict on each test that has a way, and what became of it."""
        paper = replace(self._paper, ways=ways)
        steps = [
            step
            for step in running.steps_of(paper, notebook, Kept(None))
            if step.kind in ("cell", "own") or (step.name in ways and step.name not in self._late)
        ]
        ran = self._executor.run(running.sheet_of(paper), steps, {}, self._executor.config.seed + seed)
        if notebook is self._solved:
            self._raised = self._raised or given.first_error(steps, ran)
            self._given.append(given.raised(paper.base, notebook, ran))
        found = {}
        for name in ways:
            if name in ran:
                shown = self._cells[name]["source"]
                found[name] = (test_verdict(paper, name, ran[name], paper.tests[name], shown, False)[0], ran[name])
                if found[name][0].verdict == TIMEOUT:
                    self._late.add(name)
        return found

    def _outside(self) -> dict[str, Way]:
        """Outside, with every freedom; once more with the instructor's names that the solution changes as the learner's."""
        tried = {name: Way(OUTSIDE, "", (ANYTHING,)) for name in self._cells if self._forced[name] != INSIDE}
        first = self._run(self._solved, tried)
        again = {}
        for name, (verdict, ran) in first.items():
            theirs = {used for used in ran.used if used.startswith(THEIRS)} | self._classes(name) | self._builtins(name)
            if verdict.verdict != CORRECT and theirs:
                again[name] = Way(OUTSIDE, "", (ANYTHING, *sorted(theirs)))
        second = self._run(self._solved, tried | again) if again else {}
        found = {}
        for name, way in (tried | again).items():
            result = second[name] if name in again and name in second else first.get(name)
            self._alone[name] = result[1] if result else Ran()
            if result is not None and _full(result):
                changed = [used for used in way.licence if used.startswith(THEIRS)]
                used = [used for used in result[1].used if not used.startswith(THEIRS)]
                found[name] = Way(OUTSIDE, "the instructor's solution passes it outside", (*used, *changed))
            else:
                found[name] = Way(PERSON, _reason(result[0] if result else None))
        return found

    def _classes(self, name: str) -> set[str]:
        """The instructor's own classes that the test speaks of: as the learner's, their objects go to the learner's code."""
        text = self._paper.tests[name]
        defined = {
            node.name
            for cell in running.code_cells(self._paper.base)
            if cell["metadata"].get("nbgrader")
            for node in statements(cell["source"])
            if isinstance(node, ast.ClassDef)
        }
        return {THEIRS + one for one in defined if re.search(rf"\b{one}\b", text)}

    def _builtins(self, name: str) -> set[str]:
        """Names of Python's own that the solution gives another value, and the test speaks of: `list = [1, 2]`."""
        bound = set().union(
            *(defined(cell["source"]) for cell in running.code_cells(self._solved) if not is_locked(cell))
        )
        words = set(re.findall(r"\w+", self._paper.tests[name]))
        return {THEIRS + one for one in bound & words if hasattr(builtins, one)}

    def _needs_inside(self, name: str, found: dict[str, Way]) -> bool:
        if self._forced[name] is not None:
            return self._forced[name] == INSIDE
        return found[name].way == PERSON or bool(reaches(self._paper.tests[name]))

    def _inside(self, names: list[str], found: dict[str, Way]) -> dict[str, Way]:
        tried = {name: Way(INSIDE, "") for name in names}
        results, changed = self._run(self._solved, {**found, **tried}) if tried else {}, {}
        for name in names:
            verdict = results[name][0] if name in results else None
            outside = found.get(name, Way(PERSON, ""))
            if verdict is not None and verdict.verdict == CORRECT:
                why = "its cell's metadata says so" if self._forced[name] == INSIDE else ""
                fails = f"outside the instructor's own solution fails it ({outside.why})"
                why = why or reaches(self._paper.tests[name]) or fails
                changed[name] = Way(INSIDE, why)
            elif outside.way == PERSON:
                changed[name] = _fails_it(_reason(verdict) if verdict else outside.why)
                self._fails(name, self._alone.get(name) or (results[name][1] if name in results else None))
        return changed

    def _together(self, found: dict[str, Way]) -> dict[str, Way]:
        """The solution once more, by the ways as found: a test may need what another one left in a process."""
        for _ in range(2):
            results = self._run(self._solved, found)
            lost = [
                name
                for name, way in found.items()
                if way.way != PERSON and (name not in results or results[name][0].verdict != CORRECT)
            ]
            if not lost:
                break
            for name in lost:
                way = found[name].way
                other = Way(INSIDE, "together with the other tests the instructor's solution fails it outside")
                if way == OUTSIDE and self._forced[name] is None:
                    found[name] = other
                else:
                    found[name] = _fails_it(_reason(results[name][0]) if name in results else "it never ends")
                    self._fails(name, results[name][1] if name in results else None)
        return found

    def _against_the_stub(self, found: dict[str, Way]) -> dict[str, Way]:
        """A test that the untouched notebook passes says nothing, or says it only inside."""
        results = self._run(self._stub, found)
        passed = [name for name, way in found.items() if way.way == OUTSIDE and _full(results.get(name))]
        inside = {name: Way(INSIDE, "outside the untouched notebook passes it") for name in passed}
        changed = {}
        if inside:
            stub, solved = self._run(self._stub, {**found, **inside}), self._run(self._solved, {**found, **inside})
            for name in passed:
                if not _full(stub.get(name)) and _full(solved.get(name)) and self._forced[name] is None:
                    changed[name] = inside[name]
        for name, way in {**found, **changed}.items():
            if way.way != PERSON and name not in changed and _full(results.get(name)):
                words = f"the untouched notebook passes {name}: it gives points for nothing. Test what is asked for."
                self._say(name, words)
        return changed

    def _twice(self, found: dict[str, Way]) -> None:
        """With other random numbers: a test that then fails would fail honest learners too."""
        sure = {name: way for name, way in found.items() if way.way != PERSON}
        results = self._run(self._solved, found, seed=1)
        for name in sure:
            if not _full(results.get(name)):
                cure = "seed them, or test what always holds"
                self._say(name, f"with other random numbers your own solution fails {name}: {cure}.")

    def _lacking(self, found: dict[str, Way]) -> None:
        """A test that asks for a name which nothing that is given out speaks of, or which only the solution imports."""
        given = "\n".join(cell["source"] for cell in self._paper.base["cells"])
        imported, offered = (
            {name for cell in running.code_cells(notebook) for name in _imports(cell["source"])}
            for notebook in (self._solved, self._stub)
        )
        for name, way in found.items():
            for used in (used[len(NAMED) :] for used in way.licence if used.startswith(NAMED)):
                if used in imported - offered or not re.search(rf"\b{re.escape(used)}\b", given):
                    cure = "name it in the task, or import it in a locked cell"
                    self._say(name, f"{name} needs {used}, which only your solution brings: {cure}.")

    def _fails(self, name: str, ran: Ran | None) -> None:
        """Said to the author alone, so with the line and its message, hidden or not."""
        lines = self._paper.tests[name].splitlines()
        if ran is None or ran.verdict:
            what = STOPPED.get(ran.verdict if ran else TIMEOUT, "it gives no result")
        elif ran.refused or ran.error:
            line = f"in line {ran.line}, {lines[ran.line - 1].strip()}: " if 0 < ran.line <= len(lines) else ""
            error = "; ".join(ran.refused) or f"{ran.error} {ran.text}"
            what = f"{line}{error}".rstrip(". ") + "."
        else:
            what = f"it gives {ran.value} of {self._paper.points.get(name, 0):g} points."
        cure = f"Before it {self._raised}: mend that first." if self._raised else "Mend the test or the solution."
        self._say(name, f"your own solution fails {name}: {what} {cure}")

    def _say(self, name: str, words: str) -> None:
        if words not in self._said[name]:
            self._said[name].append(words)


def _imports(source: str) -> set[str]:
    nodes = [node for node in statements(source) if isinstance(node, (ast.Import, ast.ImportFrom))]
    return {alias.asname or alias.name.partition(".")[0] for node in nodes for alias in node.names}


def _fails_it(reason: str) -> Way:
    return Way(PERSON, f"the instructor's own solution fails it ({reason})")


def _reason(verdict: CellVerdict | None) -> str:
    if verdict is None:
        return "it was not run."
    return verdict.reason or f"it gives {verdict.score or 0:g} of its {verdict.points:g} points."


def _full(result: tuple[CellVerdict, Ran] | None) -> bool:
    return result is not None and result[0].verdict == CORRECT
