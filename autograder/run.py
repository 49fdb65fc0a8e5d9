"""How a class is graded: nbgrader's Autograde, for assignments that declare questions, one submission at a time and whatever happens.

`nbgrader autograde` and formgrader's button construct nbgrader's Autograde themselves, so `install` replaces its two
methods that would stop the class. An assignment without a declared question goes through nbgrader's own, unchanged.
"""

from __future__ import annotations

import functools
import glob
import json
import os
import re
import shutil
import traceback
import warnings
from pathlib import Path

import nbformat
from courseware.questions import QuestionError
from nbconvert.preprocessors import ExecutePreprocessor
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import SaveAutoGrades
from nbgrader.utils import is_ignored, rmtree, setenv
from sqlalchemy.exc import SAWarning
from traitlets.utils.importstring import import_item

from . import gradebook
from .grade import Paper, fault, grade
from .paper import Bank, declared, papers, wanted
from .preprocessors import SaveVerdicts
from .submission import copy_other_files, read_submission
from .verdicts import FAULT, TAMPERED, Result, receipt


def install() -> None:
    """Put the class-proof methods into nbgrader, once a process."""
    if hasattr(Autograde, "_stock_convert_notebooks"):
        return
    warnings.filterwarnings("ignore", category=SAWarning, module=r"nbgrader\.api")   # three a run, of no use to anyone
    Autograde._stock_init_notebooks, Autograde._stock_convert_notebooks = Autograde.init_notebooks, Autograde.convert_notebooks
    Autograde.init_notebooks, Autograde.convert_notebooks = _init_notebooks, _convert_notebooks
    CourseDirectory.get_existing_timestamp = _timestamp_or_none(CourseDirectory.get_existing_timestamp)


def _timestamp_or_none(stock):
    """nbgrader dies of a timestamp.txt that it cannot read, in the middle of a class or of formgrader's list."""

    @functools.wraps(stock)
    def get_existing_timestamp(self, dest_path):
        path = Path(dest_path, "timestamp.txt")
        try:
            if path.is_symlink() or (path.exists() and (not path.is_file() or path.stat().st_size > 1000)):
                raise ValueError("it is not an ordinary small file")
            return stock(self, dest_path)
        except Exception as error:  # noqa: BLE001 - whatever dateutil or the file system says
            self.log.warning("%s cannot be read (%s): the submission counts as having no time.", path, error)
            return None

    return get_existing_timestamp


def _init_notebooks(self) -> None:
    """Every submitted folder, also one whose notebook is missing: nbgrader would pass it by and keep an earlier grade."""
    assignment = self.coursedir.assignment_id
    self._declared = declared(self.coursedir, assignment)
    if not self._declared:
        self._stock_init_notebooks()
        return
    names = [name for name in sorted(self._declared) if wanted(name, self.coursedir.notebook_id)]
    folders = [folder for folder in sorted(glob.glob(self._format_source(assignment, self.coursedir.student_id))) if os.path.isdir(folder)]
    self.notebooks = []
    self.assignments = {folder: [os.path.join(folder, f"{name}.ipynb") for name in names] for folder in folders}
    if not self.assignments or not names:
        self._stock_init_notebooks()  # for its message


def _convert_notebooks(self) -> None:
    if not self._declared:
        self._stock_convert_notebooks()
        return
    assignment = self.coursedir.assignment_id
    try:
        sheets = papers(self.coursedir, assignment, Bank(parent=self).load(self.coursedir), self.log)
    except QuestionError as error:
        raise NbGraderException(f"Nothing was graded, because the bank of questions has mistakes:\n{error}") from None
    pattern = re.compile(self._format_source(re.escape(assignment), "(?P<student>.*)", escape=True))
    failed, unsaved = [], []
    for folder, notebooks in sorted(self.assignments.items()):
        student, self.notebooks = pattern.match(folder)["student"], list(notebooks)
        try:
            _one_learner(self, Path(folder), assignment, student, sheets)
        except KeyboardInterrupt:
            _remove_graded(self, assignment, student)
            self.log.error("Canceled while grading %s: that submission is not graded.", student)
            raise
        except Exception:  # noqa: BLE001 - one submission never stops the class
            self.log.error("The autograder failed on %s's submission; it goes on with the others.\n%s", student, traceback.format_exc())
            failed.append(student)
            try:
                _record_fault(
                    self, Path(folder), assignment, student, sheets, "The autograder failed on this submission. It is left for a person."
                )
            except Exception:  # noqa: BLE001 - the gradebook itself is out of reach
                self.log.error("Nor could that be written to the gradebook.\n%s", traceback.format_exc())
                unsaved.append(student)
    if failed:
        self.log.error("Grader fault (marked for a person, no zero given): %s", ", ".join(failed))
    if unsaved:
        raise NbGraderException(
            f"The gradebook could not be written for {', '.join(unsaved)}. Cure: see the errors above, then run autograde again."
        )


def _one_learner(self, folder: Path, assignment: str, student: str, sheets: dict[str, Paper]) -> None:
    submissions = {name: read_submission(folder, name) for name in sheets}
    destination = Path(os.path.normpath(self._format_dest(assignment, student)))
    if student in self.coursedir.student_id_exclude.split(","):
        return
    if not self.init_destination(assignment, student):
        if all(
            _graded_before(self.coursedir, assignment, student, name) in (None, submission.digest)
            for name, submission in submissions.items()
        ):
            return
        self.log.info("%s handed in something new: graded again.", student)
        rmtree(str(destination))
    self.run_pre_convert_hook()
    gradebook.open_submission(self, folder, assignment, student)
    destination.mkdir(parents=True, exist_ok=True)
    left_out = copy_other_files(folder, destination, lambda path: is_ignored(path, self.coursedir.ignore))
    _copy_instructor_files(self, assignment, destination)
    for path in map(Path, self.notebooks):
        if path.stem in sheets:
            submission = submissions[path.stem]
            result = grade(sheets[path.stem], submission)
            if left_out:
                self.log.warning("%s: %s", student, " ".join(left_out[:10]))
            _save(self, result, assignment, student, path.stem, submission.digest)
        else:
            _stock_notebook(self, path, assignment, student)
    self.set_permissions(assignment, student)
    self.run_post_convert_hook()


def _save(self, result: Result, assignment: str, student: str, name: str, digest: str) -> None:
    """Gradebook first, by nbgrader's own preprocessors without the one that runs code; then the graded notebook; then the receipt."""
    before = _receipt(self.coursedir, assignment, student, name)
    flagged = True if result.verdict == TAMPERED else False if before.get("verdict") == TAMPERED else None
    self._sanitizing = False
    try:
        self.exporter._preprocessors = []
        for preprocessor in self.autograde_preprocessors:
            kind = import_item(preprocessor) if isinstance(preprocessor, str) else preprocessor
            if isinstance(kind, type) and issubclass(kind, ExecutePreprocessor):
                continue
            self.exporter.register_preprocessor(kind)
            if isinstance(kind, type) and issubclass(kind, SaveAutoGrades):
                self.exporter.register_preprocessor(SaveVerdicts)  # before late penalties, which go by the score
        path = os.path.join(self._format_dest(assignment, student), f"{name}.ipynb")
        resources = self.init_single_notebook_resources(path)
        resources["metadata"] = {"name": name, "path": os.path.dirname(path)}
        resources["autograder"] = {"by_hand": list(result.by_hand), "flagged": flagged}
        with setenv(NBGRADER_EXECUTION="autograde"):
            output, resources = self.exporter.from_notebook_node(nbformat.from_dict(result.notebook), resources=resources)
        self.write_single_notebook(output, resources)
    finally:
        self._sanitizing = True
    record = receipt(student, assignment, name, digest, result)
    target = receipt_path(self.coursedir, assignment, student, name)
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = target.with_suffix(".tmp")
    aside.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf8")
    os.replace(aside, target)
    self.log.info(
        "%s, %s: %s, %g points%s", student, name, result.verdict, result.score, f" ({'; '.join(result.flags)})" if result.flags else ""
    )
    for cell in result.cells:
        if cell.verdict == FAULT:
            self.log.error("%s, %s: grader fault: %s", student, cell.grade_id, cell.reason)


def _stock_notebook(self, path: Path, assignment: str, student: str) -> None:
    """A notebook without declared questions, in an assignment that has some elsewhere: nbgrader's own way, its failures kept to itself."""
    if not path.is_file() or path.is_symlink():
        self.log.warning("No submitted file: %s", path)
        gradebook.set_all(self.coursedir, assignment, student, path.stem, 0, by_hand=False)
        return
    try:
        self.convert_single_notebook(str(path))
    except Exception:  # noqa: BLE001
        self.log.error("%s, %s.ipynb could not be graded and is left for a person.\n%s", student, path.stem, traceback.format_exc())
        gradebook.set_all(self.coursedir, assignment, student, path.stem, None, by_hand=True)
    finally:
        self._sanitizing = True


def _record_fault(self, folder: Path, assignment: str, student: str, sheets: dict[str, Paper], reason: str) -> None:
    gradebook.open_submission(self, folder, assignment, student)
    for name, paper in sheets.items():
        gradebook.set_all(self.coursedir, assignment, student, name, None, by_hand=True)
        destination = Path(self._format_dest(assignment, student))
        destination.mkdir(parents=True, exist_ok=True)
        target = destination / f"{name}.ipynb"
        target.unlink(missing_ok=True)
        nbformat.write(nbformat.from_dict(fault(paper, reason).notebook), target)
        receipt_path(self.coursedir, assignment, student, name).unlink(missing_ok=True)


def _copy_instructor_files(self, assignment: str, destination: Path) -> None:
    """The instructor's data files over the learner's, as nbgrader does."""
    source = Path(self.coursedir.format_path(self.coursedir.source_directory, ".", assignment))
    kept = set(self.exclude_overwriting.get(assignment, []))
    for path in sorted(source.rglob("*")):
        inside = path.relative_to(source)
        if (
            path.is_file()
            and path.suffix != ".ipynb"
            and str(inside) not in kept
            and not any(is_ignored(str(source.joinpath(*inside.parts[: n + 1])), self.coursedir.ignore) for n in range(len(inside.parts)))
        ):
            target = destination / inside
            target.parent.mkdir(parents=True, exist_ok=True)
            target.unlink(missing_ok=True)
            shutil.copy(path, target)


def _remove_graded(self, assignment: str, student: str) -> None:
    destination = self._format_dest(assignment, student)
    if os.path.exists(destination):
        rmtree(destination)


def receipt_path(coursedir, assignment: str, student: str, notebook: str) -> Path:
    """Receipts stand beside the folder of graded work, not in it: feedback would carry them along."""
    step = os.path.join(os.path.dirname(coursedir.autograded_directory), "receipts")
    return Path(coursedir.format_path(step, student, assignment), f"{notebook}.json")


def _receipt(coursedir, assignment: str, student: str, notebook: str) -> dict:
    try:
        return json.loads(receipt_path(coursedir, assignment, student, notebook).read_bytes())
    except (OSError, ValueError):
        return {}


def _graded_before(coursedir, assignment: str, student: str, notebook: str) -> str | None:
    return _receipt(coursedir, assignment, student, notebook).get("submission")
