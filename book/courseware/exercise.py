"""An assignment that is open in a notebook: its questions on the page, the answers kept, what is still missing."""

from __future__ import annotations

import json
import os
from html import escape
from pathlib import Path
from uuid import uuid4

from IPython.display import display, update_display

from . import trial
from .answers import ANSWERS_MIME, Answer, AnswerStore, NotSaved
from .questions import KINDS, NotAnAnswer, Question, Release
from .questions.words import as_html, as_lines, as_text, typed

try:
    from .widgets.question import QuestionWidget
except ImportError:  # no anywidget: questions are read as text, and `answer` keeps what is typed
    QuestionWidget = None


class NotAnswered(Exception):
    """Under `nbgrader validate`: the one line that a learner reads."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


def show_open(question: Question) -> None:
    """Show a question whose answers are public, or one in the instructor's preview; nothing is kept by Python."""
    if QuestionWidget is None:
        print(as_text(question.public(), "It can be read only: the package anywidget is missing."))
    elif question.use == "practice":
        display(QuestionWidget(question=question.public(), key=question.body, mode="practice"))
    else:
        widget = QuestionWidget(question=question.public(), mode="preview")
        widget.on_msg(_tried)
        display(widget)


def _tried(widget: QuestionWidget, message: dict, _buffers) -> None:
    """The button "Try the examples"."""
    if message.get("type") == "try":
        trial.on_main_thread(lambda: widget.send({"type": "tried", **trial.try_examples(widget.question)}))


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
        except NotAnAnswer as reason:
            return str(reason)
        return "is not answered yet." if answer is None else kind.unfinished(public, answer)

    def ask(self, id_: str) -> None:
        public = self.release.questions[id_]
        in_a_cell = hasattr(KINDS[public["kind"]], "CELL")
        if os.environ.get("NBGRADER_VALIDATING"):
            if in_a_cell:
                missing = "is not answered yet." if trial.is_missing(public) else ""
            else:
                missing = self.missing(id_, self.store.get(id_))
            if missing:
                raise NotAnswered(
                    f"{id_} {missing}" if missing.startswith("is ") else f"{id_} is not finished yet: {missing}"
                )
            return
        unsaved = self._keep_source(public) if in_a_cell else ""
        if QuestionWidget is None:
            return print(as_text(public, typed(public)))
        ids = list(self.release.questions)
        kept = self.store.get(id_)
        widget = QuestionWidget(
            question=public,
            lines=[*as_lines(public), typed(public)],
            mode="graded",
            number=f"Question {ids.index(id_) + 1} of {len(ids)}",
            answer=kept.answer if kept else None,
            saved=kept.time if kept else "",
            problem=unsaved or self.store.note,
            done=self.done(),
        )
        widget.observe(self._clicked, "answer")
        if in_a_cell:
            widget.on_msg(self._tried)
        self.widgets.setdefault(id_, []).append(widget)
        display(widget)
        display(_asleep(widget.question), raw=True)

    def answer(self, id_: str, raw) -> None:
        """Keep a typed answer, and print what was kept or why not."""
        public = self.release.questions[id_]
        kind = KINDS[public["kind"]]
        try:
            raw = json.loads(json.dumps(raw, allow_nan=False))  # a tuple is a list
            parsed = kind.parse(raw)
        except (TypeError, ValueError, RecursionError) as error:
            reason = str(error) if isinstance(error, NotAnAnswer) else "It holds something that is no data."
            return print(f"Nothing was kept. {reason}\n{typed(public)}")
        if problem := self._keep(public, raw):
            print(problem)
        missing = kind.unfinished(public, parsed) if parsed is not None else ""
        told = "Kept, but not finished" if missing else "Kept" if parsed is not None else "Cleared"
        print(
            "\n".join(
                [
                    f"{told}. {missing} {self.done()}".replace("  ", " "),
                    *(f"- {line}" for line in kind.in_words(public, raw)),
                ]
            )
        )

    def _clicked(self, change) -> None:
        self._keep(change.owner.question, change.new)

    def _tried(self, widget, message, buffers) -> None:
        if message.get("type") == "try":
            self._keep_source(widget.question)
            _tried(widget, message, buffers)

    def _keep_source(self, public: dict) -> str:
        """Keep the text of the cell that holds the learner's function, when it is new; returns what went wrong."""
        kept, source = self.store.get(public["id"]), trial.source(public)
        if source and not KINDS[public["kind"]].unfinished(public, source) and not (kept and kept.answer == source):
            return self._keep(public, source)
        return ""

    def _keep(self, question: dict, answer) -> str:
        """Keep an answer and tell every widget of its question; returns what the learner must know about it."""
        try:
            kept = self.store.keep(question["id"], question["kind"], answer)
            saved, problem = kept.time, self.store.note
        except NotSaved as reason:
            saved, problem = (
                "",
                f"Not saved: {reason}. Your answer stays here on the screen, and is written with the next one.",
            )
        for shown in self.widgets.get(question["id"], ()):  # the same question may stand in two cells
            with shown.hold_trait_notifications():
                shown.unobserve(self._clicked, "answer")
                shown.answer, shown.saved, shown.problem = answer, saved, problem
            shown.observe(self._clicked, "answer")
            shown.send({"type": "kept"})
        done = self.done()
        for shown in (widget for widgets in self.widgets.values() for widget in widgets):
            shown.done = done
        if self.progress_id:
            update_display(self._progress(), raw=True, display_id=self.progress_id)
        return problem

    def done(self) -> str:
        """How far the learner is: "3 of 12 answered."."""
        kept, ids = self.store.all().answers, self.release.questions
        return f"{sum(not self.missing(id_, kept.get(id_)) for id_ in ids)} of {len(ids)} answered."

    def progress(self) -> None:
        self.progress_id = f"progress-{uuid4().hex}"
        display(self._progress(), raw=True, display_id=self.progress_id)

    def _progress(self) -> dict:
        """The output of the last cell: what is answered and missing, to read and (ANSWERS_MIME) to be graded from the notebook alone."""
        ids, kept = list(self.release.questions), self.store.all()
        missing = {id_: reason for id_ in ids if (reason := self.missing(id_, kept.answers.get(id_)))}
        done = self.done()
        more = {id_: "" if reason.startswith("is ") else f" ({reason.rstrip('.')})" for id_, reason in missing.items()}
        note = self.store.note
        names = ", ".join(f"{id_}{why}" for id_, why in more.items())
        links = ", ".join(
            f'<a href="#question-{escape(id_)}">{escape(id_)}</a>{escape(why)}' for id_, why in more.items()
        )
        rest, linked = (
            (f"Still missing: {names}.", f"Still missing: {links}.") if missing else ("Nothing is missing.",) * 2
        )
        plain = "\n".join([f"{done} {rest}", *([note] if note else [])])
        html = f"<p><strong>{done}</strong> {linked}</p>" + (f"<p>{escape(note)}</p>" if note else "")
        return {ANSWERS_MIME: kept.as_json(), "text/html": html, "text/plain": plain}


# A notebook that is opened again has the widget's output, but not yet a kernel: JupyterLab then says "model not found".
# This text stands beside the widget; the style shows it in JupyterLab only where the widget has not drawn its question.
# Where there are no widgets at all (a preview, a code host), it is what one reads.
_ASLEEP_STYLE = """<style>
.jp-NotebookPanel .jp-OutputArea-child:has(.cw-asleep), .jp-OutputArea:has(.cw-asleep) .jupyter-widgets:not(:has(*)) { display: none; }
.jp-NotebookPanel .jp-OutputArea-child:has(.jupyter-widgets):not(:has(.cw)) + .jp-OutputArea-child:has(.cw-asleep) {
  display: flex;
}
</style>"""


def _asleep(public: dict) -> dict:
    """A question as text, for a notebook without a kernel."""
    cure = f"To answer, choose Run, then Run All Cells. Answers that you gave are kept. If this text stays: {typed(public)}"
    return {
        "text/html": f'{_ASLEEP_STYLE}<div class="cw-asleep">{as_html(public, cure)}</div>',
        "text/plain": as_text(public, cure),
    }
