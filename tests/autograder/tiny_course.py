"""A tiny course of the tests' own, graded by nbgrader's real chain."""

from __future__ import annotations

import json
import shutil
import warnings
from pathlib import Path

import nbformat
from nbformat import v4

from autograder.rehearsal import rehearse

warnings.filterwarnings("ignore", module=r"nbgrader\..*")
SAVED = "2026-03-02T13:00:00+00:00"
LATER = "2026-03-02T14:00:00+00:00"
BANK = """\
- id: tiny-01
  use: graded
  kind: choice
  objective: know the capital
  points: 2
  prompt: What is the capital of France?
  options:
    - {id: a, text: Paris, correct: true, why: It has been so since the tenth century}
    - {id: b, text: Lyon, why: Lyon is the third city}
    - {id: c, text: Nice, why: Nice is on the coast}
  sources: []
- id: tiny-02
  use: graded
  kind: classify
  objective: tell fruit from vegetables
  points: 3
  prompt: What is it?
  categories: {fruit: Fruit, root: Root}
  items:
    - {id: i1, text: apple, answer: fruit, why: it grows on a tree}
    - {id: i2, text: carrot, answer: root, why: it grows below the ground}
    - {id: i3, text: pear, answer: fruit, why: it grows on a tree too}
    - {id: i4, text: beet, answer: root, why: it grows below the ground too}
  sources: []
- id: tiny-practice
  use: practice
  kind: choice
  objective: know the river
  prompt: Which river?
  options:
    - {id: a, text: Seine, correct: true, why: It flows through Paris}
    - {id: b, text: Rhine, why: It does not}
  sources: []
"""
RIGHT = {"tiny-01": "a", "tiny-02": {"i1": "fruit", "i2": "root", "i3": "fruit", "i4": "root"}}
HALF = {"tiny-01": "b", "tiny-02": {"i1": "fruit", "i2": "root"}}
KINDS_OF = {"tiny-01": "choice", "tiny-02": "classify"}


def info(grade_id, cell_type="code", **more):
    return {
        "schema_version": 3,
        "grade": False,
        "solution": False,
        "locked": False,
        "task": False,
        "grade_id": grade_id,
        "cell_type": cell_type,
        **more,
    }


def code(source, id_, nbgrader=None, **metadata):
    cell = v4.new_code_cell(source, metadata={**({"nbgrader": nbgrader} if nbgrader else {}), **metadata})
    cell["id"] = id_
    return cell


def text(source, id_, nbgrader=None):
    cell = v4.new_markdown_cell(source, metadata={"nbgrader": nbgrader} if nbgrader else {})
    cell["id"] = id_
    return cell


def quiz_cells():
    return [
        code("from courseware import ask, progress", "start", info("start", locked=True)),
        text("# Quiz\n\nTwo questions.", "intro"),
        code("value = 1  # change me", "explore"),
        code('ask("tiny-01")', "q1"),
        code('ask("tiny-02")', "q2"),
        code("progress()", "finish", info("finish", locked=True)),
    ]


def answers_json(answers: dict, saved: str = SAVED, assignment: str = "quiz") -> dict:
    return {
        "schema": 1,
        "assignment": assignment,
        "saved": saved,
        "answers": {
            id_: {"kind": KINDS_OF.get(id_, "choice"), "variant": None, "answer": raw, "time": saved}
            for id_, raw in answers.items()
        },
    }


class Tiny:
    """The course in a folder, with one assignment "quiz" unless told otherwise.

    `like` is a course to begin from: a new gradebook takes seconds.
    """

    def __init__(self, folder: Path, like: Tiny | None = None):
        self.folder = folder
        if like:
            shutil.copytree(like.folder, folder)
            self.course = rehearse.Course(folder)
            return
        prepared = folder.parent / f"{folder.name}-sources"
        (prepared / "questions").mkdir(parents=True)
        (prepared / "source").mkdir()
        (prepared / "questions/tiny.yml").write_text(BANK, encoding="utf8")
        self.course = rehearse.make_course(folder, prepared / "source", prepared / "questions")
        rehearse.gradebook.scores(self.course.directory.db_url, [])

    def source(self, cells, assignment="quiz", notebook=None) -> Path:
        path = self.folder / "source" / assignment / f"{notebook or assignment}.ipynb"
        path.parent.mkdir(exist_ok=True)
        nb = v4.new_notebook(
            metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        )
        nb.cells = cells
        nbformat.write(nb, path)
        return path

    def generate(self, assignment="quiz") -> Path:
        from nbgrader.converters import GenerateAssignment

        self.course.step(GenerateAssignment, assignment)
        return self.folder / "release" / assignment

    def hand_in(self, learner, answers=None, edit=None, assignment="quiz") -> Path:
        """A submission: the released files, answers.json if there are answers, and what `edit(folder)` does to them."""
        folder = self.folder / "submitted" / learner / assignment
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.folder / "release" / assignment, folder)
        if answers is not None:
            (folder / "answers.json").write_text(
                json.dumps(answers_json(answers, assignment=assignment)), encoding="utf8"
            )
        if edit:
            edit(folder)
        return folder

    def grade(self, assignment="quiz", force=True) -> None:
        from nbgrader.converters import Autograde

        self.course.directory.assignment_id = assignment
        with rehearse.inside(self.folder):
            running = Autograde(coursedir=self.course.directory, config=self.course.config)
            running.force = force
            running.start()

    def rows(self, assignment="quiz") -> dict[str, dict]:
        return {row["learner"]: row for row in rehearse.gradebook.scores(self.course.directory.db_url, [assignment])}

    def receipt(self, learner, assignment="quiz") -> dict:
        return json.loads((self.folder / "receipts" / learner / assignment / f"{assignment}.json").read_bytes())

    def graded(self, learner, assignment="quiz", notebook=None):
        return nbformat.read(self.folder / "autograded" / learner / assignment / f"{notebook or assignment}.ipynb", 4)

    def feedback(self, assignment="quiz") -> None:
        from nbgrader.converters import GenerateFeedback

        self.course.step(GenerateFeedback, assignment)
