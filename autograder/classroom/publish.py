"""The files of a graded submission: made ready beside their place, put there in one move, and the receipt last of all.

A run that is killed leaves either the files of before or the new ones; without its receipt a submission is graded again.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
from contextlib import suppress
from fnmatch import fnmatchcase
from pathlib import Path

from nbgrader.utils import rmtree

from ..grading.submission import copy_other_files
from .marking import Marked

FULL = (errno.ENOSPC, errno.EDQUOT)
STAGED, OLD = ".{}.staged", ".{}.old"


class Places:
    """Where the graded work of one assignment goes. `converter` is nbgrader's Autograde."""

    def __init__(self, converter, assignment: str):
        self.converter, self.coursedir, self.assignment = converter, converter.coursedir, assignment
        self.instructors = self._instructor_files()

    def ignored(self, path: str) -> bool:
        """Does the course ignore files of this name? As nbgrader's is_ignored, which lists the folder for each file."""
        return any(fnmatchcase(os.path.basename(path), pattern) for pattern in self.coursedir.ignore)

    def graded(self, student: str) -> Path:
        return Path(os.path.normpath(self.converter._format_dest(self.assignment, student)))

    def has_page(self, student: str, notebook: str) -> bool:
        path = self.graded(student) / f"{notebook}.ipynb"
        return path.is_file() and path.stat().st_size > 0

    def receipt(self, student: str, notebook: str) -> Path:
        return receipt_path(self.coursedir, self.assignment, student, notebook)

    def read_receipt(self, student: str, notebook: str) -> dict:
        """{} when there is none that can be read."""
        try:
            record = json.loads(self.receipt(student, notebook).read_bytes())
            return record if isinstance(record, dict) else {}
        except (OSError, ValueError):
            return {}

    def remove_left_over(self, student: str) -> None:
        """What a killed run left behind."""
        target = self.graded(student)
        for name in (STAGED, OLD):
            path = target.with_name(name.format(target.name))
            if path.exists():
                rmtree(str(path))
        for path in self.receipt(student, "x").parent.glob("*.tmp"):
            path.unlink(missing_ok=True)

    def stage(self, student: str, folder: Path, pages: dict[str, Marked], receipts: dict[str, dict]) -> list[str]:
        """Write all files of a submission beside their places; returns what of the learner's was left out, in words.

        Raises OSError, then nothing is left of them.
        """
        target = self.graded(student)
        staged = target.with_name(STAGED.format(target.name))
        self.remove_left_over(student)
        try:
            staged.mkdir(parents=True)
            try:
                left_out = copy_other_files(folder, staged, lambda path: self._is_not_theirs(path, folder))
            except OSError as error:
                if error.errno in FULL:
                    raise
                # a name too long, for example: the grade is written all the same
                left_out = [f"Not all files could be copied ({error})."]
            for inside, path in self.instructors.items():
                shutil.copy(path, _make_way(staged / inside, staged))
            if self.coursedir.notebook_id != "*" and target.is_dir():  # only some notebooks are graded: the others stay
                for path in target.glob("*.ipynb"):
                    shutil.copy2(path, staged / path.name)
            for name, marked in pages.items():
                page = _make_way(staged / f"{name}.ipynb", staged)
                page.write_text(marked.page, encoding="utf8", errors="replace")
            for name, record in receipts.items():
                path = self.receipt(student, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                text = ",\n".join(
                    f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in record.items()
                )
                text = f"{{{text}}}\n"  # a line for each field: indenting it all would take longer than grading it
                path.with_suffix(".tmp").write_text(text, encoding="utf8", errors="replace")
        except OSError:
            self.unstage(student)
            raise
        return left_out

    def _is_not_theirs(self, path: str, folder: Path) -> bool:
        return self.ignored(path) or os.path.relpath(path, folder) in self.instructors

    def unstage(self, student: str) -> None:
        with suppress(OSError):
            self.remove_left_over(student)

    def put_in_place(self, student: str) -> None:
        target = self.graded(student)
        old = target.with_name(OLD.format(target.name))
        if target.exists():
            os.replace(target, old)
        os.replace(target.with_name(STAGED.format(target.name)), target)
        if old.exists():
            rmtree(str(old))

    def sign(self, student: str, receipts: dict[str, dict]) -> None:
        """Put the receipts in place: from here on the submission counts as graded."""
        for name in receipts:
            path = self.receipt(student, name)
            os.replace(path.with_suffix(".tmp"), path)

    def _instructor_files(self) -> dict[str, Path]:
        """The instructor's data files, by their place inside the assignment: they go over the learner's, as in nbgrader."""
        source = Path(self.coursedir.format_path(self.coursedir.source_directory, ".", self.assignment))
        kept = set(self.converter.exclude_overwriting.get(self.assignment, []))
        found = {}
        for path in sorted(source.rglob("*")):
            inside = path.relative_to(source)
            parts = [source.joinpath(*inside.parts[: n + 1]) for n in range(len(inside.parts))]
            if (
                path.is_file()
                and path.suffix != ".ipynb"
                and str(inside) not in kept
                and not any(self.ignored(str(part)) for part in parts)
            ):
                found[str(inside)] = path
        return found


def _make_way(path: Path, root: Path) -> Path:
    """`path`, free to be written: a learner may have handed in a folder of that name, or a file where its folder must be."""
    for parent in path.relative_to(root).parents:
        if (root / parent).is_file():
            (root / parent).unlink()
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def receipt_path(coursedir, assignment: str, student: str, notebook: str) -> Path:
    """Receipts stand beside the folder of graded work, not in it: feedback would carry them along."""
    step = os.path.join(os.path.dirname(coursedir.autograded_directory), "receipts")
    return Path(coursedir.format_path(step, student, assignment), f"{notebook}.json")
