"""What an attack of the corpus may do to the notebook and the folder that it hands in."""

from __future__ import annotations

import json
import os
import textwrap
from pathlib import Path

from attacked import ASSIGNMENT
from tiny_course import answers_json


class Edit:
    """What an attack may do to the submission in `folder`, by the names used in its file."""

    def __init__(self, course: Path, folder: Path):
        self.course, self.folder, self.file = course, folder, folder / f"{ASSIGNMENT}.ipynb"
        self.notebook = json.loads(self.file.read_bytes())

    def all(self, steps: list[dict]) -> None:
        self.file.unlink()
        self.save = lambda: self.file.write_text(json.dumps(self.notebook), encoding="utf8")
        for step in steps:
            for name, argument in step.items():
                getattr(self, name)(argument)
        self.save()

    def cell(self, id_: str) -> dict:
        return next(
            cell
            for cell in self.notebook["cells"]
            if cell["id"] == id_ or cell["metadata"].get("nbgrader", {}).get("grade_id") == id_
        )

    def _place(self, id_: str) -> int:
        return self.notebook["cells"].index(self.cell(id_))

    def write(self, sources: dict[str, str]) -> None:
        for id_, source in sources.items():
            self.cell(id_)["source"] = source

    text = write

    def add(self, new: dict) -> None:
        cell = {
            "cell_type": "code",
            "id": "mine",
            "metadata": {},
            "source": new["text"],
            "outputs": [],
            "execution_count": None,
        }
        self.notebook["cells"].insert(self._place(new["before"]), cell)

    def tags(self, tags: dict[str, list[str]]) -> None:
        for id_, own in tags.items():
            self.cell(id_)["metadata"]["tags"] = own

    def mark(self, marks: dict[str, dict]) -> None:
        for id_, changed in marks.items():
            self.cell(id_)["metadata"]["nbgrader"].update(changed)

    def outputs(self, results: dict[str, str]) -> None:
        for id_, result in results.items():
            data = {
                "output_type": "execute_result",
                "execution_count": 1,
                "metadata": {},
                "data": {"text/plain": result},
            }
            self.cell(id_)["outputs"] = [data]

    def delete(self, ids: list[str]) -> None:
        for id_ in ids:
            self.notebook["cells"].remove(self.cell(id_))

    def duplicate(self, id_: str) -> None:
        self.notebook["cells"].insert(self._place(id_), json.loads(json.dumps(self.cell(id_))))

    def retype(self, types: dict[str, str]) -> None:
        for id_, kind in types.items():
            cell = self.cell(id_)
            cell["cell_type"] = kind
            cell.pop("outputs", None), cell.pop("execution_count", None)

    def swap(self, ids: list[str]) -> None:
        a, b = map(self._place, ids)
        own = self.notebook["cells"]
        own[a], own[b] = own[b], own[a]

    def metadata(self, changed: dict) -> None:
        self.notebook["metadata"].update(changed)

    def answers(self, answers: dict) -> None:
        (self.folder / "answers.json").write_text(
            json.dumps(answers_json(answers, assignment=ASSIGNMENT)), encoding="utf8"
        )

    def answers_text(self, content: str) -> None:
        (self.folder / "answers.json").write_text(content, encoding="utf8")

    def notebook_text(self, content: str) -> None:
        self.save = lambda: self.file.write_text(content, encoding="utf8")

    def bom(self, _yes: bool) -> None:
        self.save = lambda: self.file.write_text(json.dumps(self.notebook), encoding="utf-8-sig")

    def name(self, name: str) -> None:
        self.file = self.folder / name

    def files(self, files: dict[str, str]) -> None:
        for name, content in files.items():
            (self.folder / name).write_text(content, encoding="utf8")

    def link(self, links: dict[str, str]) -> None:
        for name, target in links.items():
            os.symlink(target, self.folder / name)

    def python(self, source: str) -> None:
        """Anything else, in Python: `notebook`, `cell(id)`, `answers(...)`, `write(file, text)`, `course` and `folder` are at hand."""
        hand = {
            "notebook": self.notebook,
            "cell": self.cell,
            "answers": self.answers,
            "course": self.course,
            "folder": self.folder,
        }
        exec(textwrap.dedent(source), hand | {"write": lambda name, content: self.files({name: content})})  # noqa: S102 - our own corpus
