"""An assignment that is open in a notebook: its questions on the page, the answers kept, what is still missing."""

from __future__ import annotations

import os
from html import escape
from pathlib import Path
from uuid import uuid4

from IPython.display import display, update_display

from .answers import ANSWERS_MIME, Answer, AnswerStore, NotSaved
from .questions import KINDS, NotAnAnswer, Question, Release
from .questions.words import as_html, as_text
from .widgets.question import QuestionWidget


class NotAnswered(Exception):
    """Under `nbgrader validate`: the one line that a learner reads."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


def show_open(question: Question) -> None:
    """Show a question whose answers are public, or one in the instructor's preview; nothing is kept by Python."""
    if question.use == "practice":
        display(QuestionWidget(question=question.public(), key=question.body, mode="practice"))
    else:
        display(QuestionWidget(question=question.public(), mode="preview"))


_open: dict[tuple, Exercise] = {}


def of(release: Release, folder: Path) -> Exercise:
    """The exercise of this kernel in `folder`; a new one when its questions have changed."""
    exercise = _open.get((folder, release.assignment))
    if exercise is None or exercise.release != release:
        exercise = _open[folder, release.assignment] = Exercise(release, folder)
    return exercise


class Exercise:
    def __init__(self, release: Release, folder: Path):
        self.release = release
        self.store = AnswerStore(folder, release.assignment)
        self.widgets: dict[str, list[QuestionWidget]] = {}
        self.progress_id = ""

    def missing(self, id_: str, kept: Answer | None) -> str:
        """What is missing in the kept answer to a question: "" when it is whole, "is not answered yet." when there is none."""
        public = self.release.questions[id_]
        kind = KINDS[public["kind"]]
        try:
            answer = kind.parse(kept.answer) if kept else None
        except NotAnAnswer:
            answer = None
        return "is not answered yet." if answer is None else kind.unfinished(public, answer)

    def ask(self, id_: str) -> None:
        if os.environ.get("NBGRADER_VALIDATING"):
            if missing := self.missing(id_, self.store.get(id_)):
                raise NotAnswered(f"{id_} {missing}" if missing.startswith("is ") else f"{id_} is not finished yet: {missing}")
            return
        ids = list(self.release.questions)
        kept = self.store.get(id_)
        widget = QuestionWidget(
            question=self.release.questions[id_],
            mode="graded",
            number=f"Question {ids.index(id_) + 1} of {len(ids)}",
            answer=kept.answer if kept else None,
            saved=kept.time if kept else "",
            problem=self.store.note,
        )
        widget.observe(self._clicked, "answer")
        self.widgets.setdefault(id_, []).append(widget)
        display(widget)
        display(_asleep(widget.question), raw=True)

    def _clicked(self, change) -> None:
        widget, answer = change.owner, change.new
        question = widget.question
        try:
            kept = self.store.keep(question["id"], question["kind"], answer)
            saved, problem = kept.time, self.store.note
        except NotSaved as reason:
            saved, problem = "", f"Not saved: {reason}. Your answer stays here on the screen, and is written with the next one."
        for shown in self.widgets[question["id"]]:  # the same question may stand in two cells
            with shown.hold_trait_notifications():
                shown.unobserve(self._clicked, "answer")
                shown.answer, shown.saved, shown.problem = answer, saved, problem
            shown.observe(self._clicked, "answer")
            shown.send({"type": "kept"})
        if self.progress_id:
            update_display(self._progress(), raw=True, display_id=self.progress_id)

    def progress(self) -> None:
        self.progress_id = f"progress-{uuid4().hex}"
        display(self._progress(), raw=True, display_id=self.progress_id)

    def _progress(self) -> dict:
        """The output of the last cell: what is answered and missing, to read and (ANSWERS_MIME) to be graded from the notebook alone."""
        ids, kept = list(self.release.questions), self.store.all()
        missing = {id_: reason for id_ in ids if (reason := self.missing(id_, kept.answers.get(id_)))}
        done = f"{len(ids) - len(missing)} of {len(ids)} answered."
        more = {id_: "" if reason.startswith("is ") else f" ({reason.rstrip('.')})" for id_, reason in missing.items()}
        note = self.store.note
        names = ", ".join(f"{id_}{why}" for id_, why in more.items())
        links = ", ".join(f'<a href="#question-{escape(id_)}">{escape(id_)}</a>{escape(why)}' for id_, why in more.items())
        rest, linked = (f"Still missing: {names}.", f"Still missing: {links}.") if missing else ("Nothing is missing.",) * 2
        plain = "\n".join([f"{done} {rest}", *([note] if note else [])])
        html = f"<p><strong>{done}</strong> {linked}</p>" + (f"<p>{escape(note)}</p>" if note else "")
        return {ANSWERS_MIME: kept.as_json(), "text/html": html, "text/plain": plain}


# A notebook that is opened again has the widget's output, but not yet a kernel: JupyterLab then says "model not found".
# This text stands beside the widget; the style shows it in JupyterLab only when the widget has drawn nothing. Where there
# are no widgets at all (a preview, a code host), it is what one reads.
_ASLEEP_STYLE = """<style>
.jp-NotebookPanel .jp-OutputArea-child:has(.cw-asleep), .jp-OutputArea:has(.cw-asleep) .jupyter-widgets:not(:has(*)) { display: none; }
.jp-NotebookPanel .jp-OutputArea-child:has(.jupyter-widgets):not(:has(.jupyter-widgets *)) + .jp-OutputArea-child:has(.cw-asleep) {
  display: flex;
}
</style>"""


def _asleep(public: dict) -> dict:
    """A question as text, for a notebook without a kernel."""
    cure = "To answer, choose Run, then Run All Cells. Answers that you gave are kept."
    return {
        "text/html": f'{_ASLEEP_STYLE}<div class="cw-asleep">{as_html(public, cure)}</div>',
        "text/plain": as_text(public, cure),
    }
