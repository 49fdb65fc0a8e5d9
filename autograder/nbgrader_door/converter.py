"""nbgrader's Autograde, made to grade by this package's pipeline: the command, formgrader's button and ours construct it alike."""

from __future__ import annotations

import traceback
import warnings
from pathlib import Path
from types import SimpleNamespace

import nbformat
from nbconvert.preprocessors import ClearMetadataPreprocessor, ExecutePreprocessor
from nbgrader.apps.api import NbGraderAPI
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties, CheckCellMetadata, IgnorePattern, LimitOutput, SaveAutoGrades
from sqlalchemy.exc import SAWarning
from traitlets.utils.importstring import import_item

from courseware.questions import QuestionError

from ..classroom.gradebook import GradebookError, patiently
from ..classroom.options import Grading
from ..classroom.paper import Bank, declared, papers, wanted
from ..classroom.progress import Quiet
from ..classroom.publish import Places
from ..classroom.run import ClassRun
from ..classroom.ways import find, with_ways
from ..grading.timestamp import submitted_at, zone_of
from . import collecting, generating, learners

# What the pipeline does itself, or has no use for.
STOCK = (
    ExecutePreprocessor,
    ClearMetadataPreprocessor,
    IgnorePattern,
    LimitOutput,
    SaveAutoGrades,
    AssignLatePenalties,
    CheckCellMetadata,
)


def install() -> None:
    """Put our methods into nbgrader, once a process."""
    if hasattr(Autograde, "_stock_convert_notebooks"):
        return
    warnings.filterwarnings("ignore", category=SAWarning, module=r"nbgrader\.api")  # three a run, of no use to anyone
    Autograde._stock_init_notebooks, Autograde._stock_convert_notebooks = (
        Autograde.init_notebooks,
        Autograde.convert_notebooks,
    )
    Autograde.init_notebooks, Autograde.convert_notebooks = _init_notebooks, _convert_notebooks
    Autograde.late_penalty, Autograde.extra_steps, Autograde.watch = _late_penalty, _extra_steps, Quiet()
    CourseDirectory.get_existing_timestamp = _existing_timestamp
    NbGraderAPI.get_submitted_timestamp = _submitted_timestamp
    generating.install()
    learners.install()
    collecting.install()


def _existing_timestamp(self, dest_path):
    """nbgrader misreads some times, and dies of a file that it cannot read, in the middle of a class or of a list."""
    time, trouble = submitted_at(Path(dest_path), zone_of(self.config))
    if trouble:
        self.log.warning("%s: %s", dest_path, trouble)
    return time


def _submitted_timestamp(self, assignment_id, student_id):
    folder = self.coursedir.format_path(self.coursedir.submitted_directory, student_id, assignment_id)
    return self.coursedir.get_existing_timestamp(folder)


def _init_notebooks(self) -> None:
    """Every submitted folder, also one whose notebook is missing: nbgrader would pass it by and keep an earlier grade."""
    assignment = self.coursedir.assignment_id
    self._declared = _patiently(self, lambda: declared(self.coursedir, assignment))
    names = [name for name in sorted(self._declared) if wanted(name, self.coursedir.notebook_id)]
    self.learners, left_out = learners.handed_in(self.coursedir)
    self.left_out = learners.words(left_out)
    for sentence in self.left_out:
        self.log.error("%s", sentence)
    if self.left_out and not self.learners:
        raise NbGraderException("Nothing was graded: no folder's name is a learner's id.")
    self.notebooks = []
    self.assignments = {
        str(folder): [str(folder / f"{name}.ipynb") for name in names] for folder in self.learners.values()
    }
    if not self.assignments or not names:
        self._stock_init_notebooks()  # for its message


def _patiently(self, act):
    try:
        return patiently(act, Grading(parent=self).patience, self.watch.say)
    except GradebookError as error:
        raise NbGraderException(str(error)) from None


def _convert_notebooks(self) -> None:
    assignment = self.coursedir.assignment_id
    try:
        bank = Bank(parent=self).load(self.coursedir) if any(self._declared.values()) else {}
        sheets = _patiently(self, lambda: papers(self.coursedir, assignment, bank, self.log, every=True))
    except QuestionError as error:
        raise NbGraderException(f"Nothing was graded, because the bank of questions has mistakes:\n{error}") from None
    sheets = {name: sheet for name, sheet in sheets.items() if wanted(name, self.coursedir.notebook_id)}
    if not sheets:
        raise NbGraderException(
            f"The gradebook knows no notebook of {assignment}: nothing was graded. Cure: nbgrader generate_assignment {assignment} --force"
        )
    found = find(self.coursedir, sheets.values(), Grading(parent=self).executor_config(self.coursedir), self.watch.say)
    for words in (words for one in found if one.anew or one.lacking for words in one.words()):
        self.watch.say(words)
    sheets = with_ways(sheets, found)
    excluded = self.coursedir.student_id_exclude.split(",")
    folders = {student: folder for student, folder in self.learners.items() if student not in excluded}
    for sentence in learners.look_alikes(self.coursedir, folders):
        self.log.warning("%s", sentence)
    self.run = ClassRun(self, assignment, sheets, Places(self, assignment), self.watch)
    self.run.over(folders)
    if self.run.failed:
        raise NbGraderException(
            f"Nothing could be recorded for {', '.join(self.run.failed)}. Cure: see the errors above, then run autograde again."
        )


def _kinds(self) -> list[type]:
    return [import_item(kind) if isinstance(kind, str) else kind for kind in self.autograde_preprocessors]


def _extra_steps(self, page: Path) -> None:
    """Run the preprocessors that the course added to nbgrader's own over a graded notebook: its grades are in the gradebook by then."""
    steps = [kind(parent=self) for kind in _kinds(self) if isinstance(kind, type) and not issubclass(kind, STOCK)]
    if not steps:
        return
    self._sanitizing = False
    try:
        resources = self.init_single_notebook_resources(str(page))
        resources["metadata"] = {"name": page.stem, "path": str(page.parent)}
        notebook = nbformat.read(page, as_version=4)
        for step in steps:
            notebook, resources = step(notebook, resources)
        nbformat.write(notebook, page)
    finally:
        self._sanitizing = True


def _late_penalty(self):
    """The course's late penalty as a function of (student, score, seconds late); None where it has none."""
    kind = next(
        (kind for kind in _kinds(self) if isinstance(kind, type) and issubclass(kind, AssignLatePenalties)), None
    )
    if kind is None:
        return None
    step = kind(parent=self)
    step.init_plugin()

    def penalty(student: str, score: float, seconds: float) -> float | None:
        try:
            asked = step.plugin_inst.late_submission_penalty(student, score, seconds)
        except Exception:  # noqa: BLE001 - the course's own plug-in
            self.log.error(
                "The late penalty of %s could not be worked out: none is given.\n%s", student, traceback.format_exc()
            )
            return None
        return None if asked is None else step._check_late_penalty(SimpleNamespace(score=score), asked)

    return penalty
