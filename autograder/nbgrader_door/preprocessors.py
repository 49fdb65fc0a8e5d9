"""nbgrader's way in: what happens to a notebook when an assignment is generated."""

from __future__ import annotations

import json
from pathlib import Path

from nbformat import NotebookNode, v4
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor

from courseware.questions import KINDS, RELEASE_FILE, Question, QuestionError, asked, dump_release

from ..classroom.paper import Bank, find_question
from ..grading.transplant import grade_info
from .asking import asks, calls_ask


class DeclareQuestions(NbGraderPreprocessor):
    """Turns every cell that is `ask("id")` into a locked grade cell worth the question's points, puts the learner's own cell
    before one that is answered in code, and puts questions.json (what a learner may see of the questions) into the release."""

    def preprocess(self, nb, resources):
        coursedir = self._coursedir()
        bank = Bank(parent=self)
        name, assignment = resources["nbgrader"]["notebook"], resources["nbgrader"]["assignment"]
        folder = Path(coursedir.format_path(coursedir.source_directory, ".", assignment))
        paths = [path for path in sorted(folder.glob("*.ipynb")) if calls_ask(path)]
        if not paths:
            return nb, resources
        try:
            questions = bank.load(coursedir)
            found = {path.stem: asks(path, coursedir.root, questions) for path in paths}
            order = _questions(list(found.values()), questions, bank.folder)
        except QuestionError as error:
            self.log.error("%s", error)
            raise
        if not order:
            return nb, resources
        here = {id_ for id_, _ in found.get(name, [])}
        _steady_ids(nb, folder / f"{name}.ipynb")
        starters = resources.setdefault("starters", {})
        for question in order:
            if hasattr(kind := KINDS[question.kind], "CELL"):
                starters[question.id + kind.CELL] = kind.starter(question)
        # a source that holds such a cell already (copied from a release) does not get a second one
        nb.cells, found = [], [cell for cell in nb.cells if grade_info(cell).get("grade_id") not in starters]
        for cell in found:
            if cell.cell_type == "code" and (id_ := asked(cell.source)) in here:
                nb.cells += self._own_cell(questions[id_], nb.nbformat_minor >= 5)
                self._declare(cell, questions[id_])
            nb.cells.append(cell)
        resources.setdefault("outputs", {})[RELEASE_FILE] = dump_release(assignment, order)
        return nb, resources

    def _coursedir(self) -> CourseDirectory:
        parent = self.parent
        while parent is not None and getattr(parent, "coursedir", None) is None:
            parent = parent.parent
        return parent.coursedir if parent is not None else CourseDirectory(parent=self)

    @staticmethod
    def _declare(cell, question) -> None:
        cell.metadata["nbgrader"] = {
            "schema_version": 3,
            "grade": True,
            "solution": False,
            "locked": True,
            "task": False,
            "grade_id": question.id,
            "points": question.points,
            "cell_type": "code",
        }

    @staticmethod
    def _own_cell(question: Question, with_id: bool) -> list[NotebookNode]:
        """The cell in which the learner answers a question of code; none for other kinds."""
        kind = KINDS[question.kind]
        if not hasattr(kind, "CELL"):
            return []
        name = question.id + kind.CELL
        info = {"grade": False, "solution": True, "locked": False, "task": False}
        info |= {"schema_version": 3, "grade_id": name, "cell_type": "code"}
        cell = v4.new_code_cell(kind.starter(question), metadata={"nbgrader": info})
        if with_id:
            cell["id"] = name
        else:
            del cell["id"]
        return [cell]


class WriteStarters(NbGraderPreprocessor):
    """After nbgrader's ClearSolutions, which empties every solution cell: the learner's own cells begin with their starters."""

    def preprocess_cell(self, cell, resources, cell_index):
        cell.source = resources.get("starters", {}).get(grade_info(cell).get("grade_id"), cell.source)
        return cell, resources


def _questions(found: list[list[tuple[str, str]]], bank: dict, folder: str) -> list:
    """The questions asked, in order. Raises QuestionError with all the mistakes."""
    order, first, errors = [], {}, []
    for id_, place in (pair for pairs in found for pair in pairs):
        try:
            question = find_question(bank, id_, place, folder)
        except QuestionError as error:
            errors.append(error)
            continue
        if id_ in first:
            file, line = place.rsplit(":", 1)
            errors.append(
                QuestionError(
                    f'question "{id_}" is asked twice (first at {first[id_]}).',
                    "Remove one of the cells.",
                    file,
                    int(line),
                )
            )
            continue
        first[id_] = place
        order.append(question)
    if errors:
        raise QuestionError.several(errors)
    return order


def _steady_ids(nb, path: Path) -> None:
    """Cells that have no id in the source get one from their place, so that generating again gives the same bytes."""
    kept = [cell.get("id") for cell in json.loads(path.read_bytes())["cells"]]
    for n, cell in enumerate(nb.cells):
        if nb.nbformat_minor >= 5 and (n >= len(kept) or not kept[n]):
            cell["id"] = f"cell-{n:03d}"
