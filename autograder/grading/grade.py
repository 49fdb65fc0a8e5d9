"""Grade one submission: bytes in, result out. No file and no gradebook; learners' code runs only in the executor's box."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from courseware.answers import Answers
from courseware.questions import Question

from ..execution.executor import Executor
from ..execution.plan import Ran
from ..verdicts import A_PERSON, BY_HAND, FAULT, GRADED, TAMPERED, UNREADABLE, CellVerdict, Result
from . import display, given, running
from .declared import question_verdict
from .judging import test_verdict
from .kept import Kept, kept_answers
from .language import for_a_person, other_language
from .submission import Submission
from .transplant import NotANotebook, grade_info, read_cells, transplant
from .way import Way

NOT_THE_SAME = (
    "The answer is not the same each time: the code ran twice, with other random numbers, and the lower score counts."
)
MANY = "several notebooks could be meant: a person chooses"
EXITS = "A cell asks Python to end (exit() or quit()): the cells below it ran all the same."


@dataclass(frozen=True, eq=False)  # each is like itself alone: what is worked out from one is kept
class Paper:
    """All that grading a notebook needs to know, from the instructor's side.

    `base` is the released notebook; `points` the most a grade cell can earn, by its grade_id; `asks` the question id of
    each declared grade cell; `questions` the bank's questions by id (an asked one may be missing: that is our fault).
    `tests` is the whole text of each test cell, hidden tests included, by its grade_id (from the gradebook);
    `files` the instructor's data files beside the notebook, by relative path; `ways` how each test cell is judged (ways.py).
    """

    assignment: str
    notebook: str
    base: dict = field(repr=False)
    points: dict[str, float]
    asks: dict[str, str]
    questions: dict[str, Question] = field(repr=False)
    tests: dict[str, str] = field(default_factory=dict, repr=False)
    files: dict[str, bytes] = field(default_factory=dict, repr=False)
    ways: dict[str, Way] = field(default_factory=dict, repr=False)


def grade(paper: Paper, submission: Submission, executor: Executor | None = None) -> Result:
    """Grade one notebook. Never raises for anything that was handed in. Learners' code runs only by `executor`."""
    if submission.undecided:
        return _undecided(paper, submission)
    cells, trouble = None, submission.notebook_problem
    if submission.notebook is not None:
        try:
            cells = read_cells(submission.notebook)
        except NotANotebook as error:
            trouble = f"{str(error)[:1].upper()}{str(error)[1:]}. Save it in JupyterLab and hand it in again."
    moved = transplant(paper.base, cells)
    kept = kept_answers(submission, cells, paper.assignment) if paper.asks else Kept(Answers(paper.assignment))
    steps = running.steps_of(paper, moved.notebook, kept)
    ran, how, said = running.run_steps(paper, steps, submission.files, executor)
    sources = {grade_info(cell).get("grade_id", ""): cell["source"] for cell in running.code_cells(moved.notebook)}
    verdicts, odd = _judged(paper, moved.notebook, kept, sources, ran)
    odd = [*submission.flags, *moved.flags, *moved.notes, *odd]
    if ran and executor is not None:
        twice, second = running.run_again(paper, moved.notebook, steps, submission.files, executor)
        if twice:
            others, _ = _judged(paper, moved.notebook, kept, sources, second)
            verdicts |= {name: _lower(verdicts[name], others[name]) for name in twice}
            how["second_run"] = twice
    if ran:
        running.show_outputs(paper, moved.notebook, ran)
        odd += running.flags_of(ran)
        said += [EXITS] if any(one.exits for one in ran.values()) else []
    if trouble and kept.answers is not None:
        trouble += " The answers that were kept beside it count all the same."
    flags, remarks = (
        tuple(odd),
        [*([trouble] if trouble else []), *submission.remarks, *moved.remarks, *kept.remarks, *said],
    )
    if kept.answers is None and paper.asks:
        verdict = UNREADABLE
        remarks.append(kept.problem)
    elif any(cell.verdict == FAULT for cell in verdicts.values()):
        verdict = FAULT
    elif moved.flags:
        verdict = TAMPERED
    elif trouble:
        verdict = UNREADABLE
    else:
        verdict = GRADED
    told = tuple(dict.fromkeys(remark for remark in remarks if remark))
    result = Result(verdict, tuple(verdicts.values()), moved.notebook, flags, told, how)
    display.write_outputs(result)
    return result


def _undecided(paper: Paper, submission: Submission) -> Result:
    """Several notebooks could be meant: what was kept in answers.json counts, and the rest waits for a person who chooses."""
    moved = transplant(paper.base, None)
    kept = kept_answers(submission, None, paper.assignment) if paper.asks else Kept(None)
    answered = kept.answers.answers if kept.answers is not None else {}
    verdicts = []
    for cell in moved.notebook["cells"]:
        info = grade_info(cell)
        name = str(info.get("grade_id"))
        if not info.get("grade") or (info.get("solution") and name not in paper.asks):
            continue
        question = paper.questions.get(paper.asks.get(name, ""))
        if question is not None and question.id in answered and not running.has_calls(question):
            verdicts.append(question_verdict(paper, name, kept, {}, None))
        else:
            points = paper.points.get(name, 0.0)
            verdicts.append(
                CellVerdict(name, points, None, BY_HAND, submission.undecided, question=paper.asks.get(name))
            )
    remarks = (submission.undecided, *submission.remarks, *kept.remarks)
    result = Result(GRADED, tuple(verdicts), moved.notebook, (MANY,), remarks)
    display.write_outputs(result)
    return result


def _judged(
    paper: Paper, notebook: dict, kept: Kept, sources: dict[str, str], ran: dict[str, Ran] | None
) -> tuple[dict[str, CellVerdict], list[str]]:
    """The verdicts by grade_id, and the flags."""
    verdicts, flags, below = {}, [], running.below_hidden(paper, notebook, ran)
    raised = given.raised(paper.base, notebook, ran, below)
    for n, cell in enumerate(notebook["cells"]):
        info = grade_info(cell)
        name = str(info.get("grade_id"))
        if info.get("grade") and name in paper.asks:
            verdicts[name] = question_verdict(paper, name, kept, sources, ran)
        elif running.is_test(cell, paper):
            trouble = given.trouble(raised, n, paper.ways.get(name))
            verdicts[name], flag = _test(paper, cell, ran, n in below, trouble)
            flags += [flag] if flag else []
    return verdicts, flags


def _lower(first: CellVerdict, second: CellVerdict) -> CellVerdict:
    """The lower score of two runs. A person looks where one of them gave none."""
    if first.score is None or second.score is None:
        return first if first.score is None else second
    if first.score == second.score:
        return first
    lower = first if first.score < second.score else second
    return replace(lower, reason=f"{NOT_THE_SAME} {lower.reason}".strip())


def _test(
    paper: Paper, cell: dict, ran: dict[str, Ran] | None, told: bool, trouble: tuple[str, bool]
) -> tuple[CellVerdict, str]:
    """The verdict of an ordinary test cell, and a flag ("" for none)."""
    name = grade_info(cell)["grade_id"]
    points, text = paper.points.get(name, 0.0), paper.tests.get(name)
    if language := other_language(paper.base):
        return CellVerdict(name, points, None, BY_HAND, f"{A_PERSON} {for_a_person(language)}."), ""
    if text is None:
        return CellVerdict(name, points, None, BY_HAND, "This test is not run automatically: a person grades it."), ""
    if not text.strip():
        return CellVerdict(name, points, None, FAULT, "The gradebook has no text for this test."), ""
    return test_verdict(paper, name, None if ran is None else ran.get(name), text, cell["source"], told, trouble)


def fault(paper: Paper, reason: str) -> Result:
    """The result where our own grading broke: no scores, a person has to look, the learner sees no zero of theirs."""
    moved = transplant(paper.base, None)
    names = [grade_info(cell)["grade_id"] for cell in moved.notebook["cells"] if grade_info(cell).get("grade")]
    cells = tuple(
        CellVerdict(
            name,
            paper.points.get(name, 0.0),
            None,
            FAULT,
            "The autograder failed here, not the learner: it will be graded again.",
            question=paper.asks.get(name),
        )
        for name in names
    )
    result = Result(FAULT, cells, moved.notebook, (), (reason,))
    display.write_outputs(result)
    return result
