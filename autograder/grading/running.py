"""From a notebook with learners' code in it to what the executor runs, and from what came back to verdicts."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from courseware.questions import KINDS

from ..execution.executor import NONE, TRUSTED, Executor
from ..execution.plan import Ran, Sheet, Step
from ..verdicts import KILLED, NOT_RUN
from .hidden import given_anew
from .kept import Kept
from .language import other_language
from .points import defined
from .transplant import grade_info, is_locked

# Packages that take long to load, and start no thread by that: which of them a test imports is no secret of it.
WARMED = "altair matplotlib networkx numpy pandas plotly scipy seaborn sklearn statsmodels sympy".split()
MOST_MET = 3  # reasons that are told of one notebook
NOT_SHOWN = "The autograder does not show this output: hidden tests ran above.\n"


def code_cells(notebook: dict) -> list[dict]:
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def is_test(cell: dict, paper) -> bool:
    """An ordinary test cell of nbgrader's."""
    info = grade_info(cell)
    return (
        bool(info.get("grade"))
        and not info.get("solution")
        and cell["cell_type"] == "code"
        and info.get("grade_id") not in paper.asks
    )


def asks_for(cell: dict, what: str) -> bool:
    """Does the instructor's cell ask for it in its metadata? "in_process": to run in the learner's own process; "second_run"."""
    ours = cell.get("metadata", {}).get("autograder")
    return isinstance(ours, dict) and ours.get(what) is True


def chosen(cell: dict) -> str | None:
    """The way that a test cell's own metadata chooses: "inside", "outside", None where it leaves it open."""
    ours = cell.get("metadata", {}).get("autograder")
    inside = ours.get("in_process") if isinstance(ours, dict) else None
    return "inside" if inside is True else "outside" if inside is False else None


def answer_of(paper, id_: str, kept: Kept, sources: dict[str, str]):
    """The raw answer to a declared question: what was kept, and for code the learner's own cell where it was written in."""
    question = paper.questions[id_]
    found = kept.answers.answers.get(id_) if kept.answers is not None else None
    raw = None if found is None else found.answer
    if has_calls(question):
        raw = KINDS[question.kind].chosen(question, sources.get(id_ + KINDS[question.kind].CELL), raw)
    return raw


def has_calls(question) -> bool:
    """Is it a question whose answer is code?"""
    return hasattr(KINDS[question.kind], "calls")


@lru_cache(maxsize=8)
def sheet_of(paper) -> Sheet:
    """What warm processes are made of: released text only."""
    cells, sources, opening, first, untouched = [], [], [], True, True
    theirs: set[str] = set()
    for cell in code_cells(paper.base):
        info = grade_info(cell)
        if info.get("solution") or is_test(cell, paper):
            untouched = False
        elif untouched and not info.get("grade") and cell["source"].strip():
            opening.append(cell["source"])
        if info.get("grade") and not info.get("solution"):
            first = False
        elif is_locked(cell):
            cells += [cell["source"]] if first else []
        else:
            sources.append(cell["source"])
            theirs |= defined(cell["source"]) if info.get("solution") else set()
    modules = {
        name for text in paper.tests.values() for name in WARMED if re.search(rf"\b(import|from) {name}\b", text)
    }
    files = tuple(sorted(paper.files.items()))
    return Sheet(
        tuple(cells),
        tuple(sources),
        tuple(sorted(theirs)),
        files,
        tuple(sorted(modules)),
        tuple(opening),
        paper.assignment,
        any(map(has_calls, paper.questions.values())),
    )


def steps_of(paper, notebook: dict, kept: Kept) -> list[Step]:
    """The cells to run, in the notebook's order; [] when no grade rests on running any, or they are no Python."""
    if other_language(paper.base):
        return []
    sources = {
        grade_info(cell)["grade_id"]: cell["source"]
        for cell in code_cells(notebook)
        if grade_info(cell).get("solution")
    }
    steps, needed = [], False
    visible: dict[str, str] = {}
    replaced = {}
    for id_ in paper.asks.values():
        if id_ in paper.questions and has_calls(paper.questions[id_]):
            replaced[id_ + KINDS[paper.questions[id_].kind].CELL] = answer_of(paper, id_, kept, sources)
    for n, cell in enumerate(notebook["cells"]):
        if cell["cell_type"] != "code":
            continue
        info, source = grade_info(cell), cell["source"]
        name, place = info.get("grade_id", ""), f"#{n}"
        if name in paper.asks and info.get("grade"):
            question = paper.questions.get(paper.asks[name])
            if (
                question is not None
                and has_calls(question)
                and _to_run(question, answer_of(paper, question.id, kept, sources))
            ):
                steps.append(Step("calls", name, calls=tuple(KINDS[question.kind].calls(question))))
                needed = True
        elif is_test(cell, paper):
            needed = True
            if name in paper.tests:
                way = paper.ways.get(name)
                inside = (chosen(cell) or (way.way if way else "")) == "inside"
                licence = way.licence if way else ()
                steps.append(Step("inside" if inside else "test", name, paper.tests[name], licence=licence))
                visible[name] = source
        elif is_locked(cell):
            steps.append(Step("own", place, source))
        else:
            needed = needed or bool(info.get("grade"))  # a person who grades code looks at its outputs
            answer = replaced.get(name)
            steps.append(Step("cell", place, answer if isinstance(answer, str) else source))
    steps = [step for step in steps if step.calls or step.source.strip()]
    return _sharing(steps, visible) if needed else []


def _sharing(steps: list[Step], visible: dict[str, str]) -> list[Step]:
    """What the part of a test that was given out sets, and a later cell of the learner's speaks of: it goes there too, but for what
    a hidden line gives another value to."""
    words: set[str] = set()
    shared = []
    for step in reversed(steps):
        if step.kind == "cell":
            words |= set(re.findall(r"\w+", step.source))
        names: tuple[str, ...] = ()
        if step.kind == "test" and (shared_ones := words & defined(visible[step.name])):
            names = tuple(sorted(shared_ones - given_anew(step.source, visible[step.name])))
        shared.append(replace(step, share=names) if names else step)
    return shared[::-1]


def _to_run(question, raw) -> bool:
    from courseware.questions import score

    return score(question, raw).verdict == NOT_RUN


def run_steps(
    paper, steps: list[Step], files: dict[str, bytes], executor: Executor | None
) -> tuple[dict[str, Ran] | None, dict, list[str]]:
    """(what became of each step, how it was run for the receipt, remarks); None where code is not run."""
    if not steps:
        return {}, {}, []
    if executor is None or executor.level == NONE:
        reason = executor.reason if executor is not None else "Code is not run: no executor was given."
        return None, {"level": NONE}, [reason]
    ran = executor.run(sheet_of(paper), steps, files)
    inside = [step.name for step in steps if step.kind == "inside"]
    how = {
        "level": executor.level,
        "seed": executor.config.seed,
        "limits": executor.config.limits.as_dict(),
        **({"in_process": inside} if inside else {}),
    }
    ways = {name: {"way": way.way, "why": way.why} for name, way in paper.ways.items() if way.way != "outside"}
    how |= {"ways": ways} if ways else {}
    remarks = [executor.reason] if executor.level == TRUSTED else []
    if inside:
        remarks.append(f"Tests that ran in the learner's own process, so their grades rest on it: {', '.join(inside)}.")
    return ran, how, remarks


def run_again(
    paper, notebook: dict, steps: list[Step], files: dict[str, bytes], executor: Executor
) -> tuple[list[str], dict[str, Ran]]:
    """A second run with other random numbers: the grade cells that ask for it, and what became of each step; [] and {} for none."""
    names = {
        grade_info(cell)["grade_id"]
        for cell in code_cells(notebook)
        if is_locked(cell) and asks_for(cell, "second_run")
    }
    asked = [step.name for step in steps if step.name in names and step.kind in ("test", "inside", "calls")]
    return asked, executor.run(sheet_of(paper), steps, files, executor.config.seed + 1) if asked else {}


def below_hidden(paper, notebook: dict, ran: dict[str, Ran] | None) -> set[int]:
    """The places of the cells below a test with hidden parts: the learner's code may have kept what that test gave it."""
    names = [grade_info(cell).get("grade_id") for cell in notebook["cells"]]
    told = [
        n
        for n, name in enumerate(names)
        if ran and name in ran and paper.tests.get(name) != notebook["cells"][n]["source"]
    ]
    return set(range(told[0] + 1, len(names))) if told else set()


def show_outputs(paper, notebook: dict, ran: dict[str, Ran]) -> None:
    """Put what the learner's cells sent out into the graded notebook; below a test with hidden parts only a person's cells show theirs."""
    below = below_hidden(paper, notebook, ran)
    for n, cell in enumerate(notebook["cells"]):
        if cell["cell_type"] == "code" and f"#{n}" in ran:
            outputs = ran[f"#{n}"].outputs
            shown = n not in below or bool(grade_info(cell).get("grade")) or not outputs
            cell["outputs"] = (
                list(outputs) if shown else [{"output_type": "stream", "name": "stdout", "text": NOT_SHOWN}]
            )


def flags_of(ran: dict[str, Ran]) -> list[str]:
    """A flag for code that ended its own process, and one for each limit of the box that a cell has met: worth a look."""
    killed = ["code ended the process that it ran in"] if any(one.verdict == KILLED for one in ran.values()) else []
    met = dict.fromkeys(one.why.rstrip(".") for name, one in ran.items() if name.startswith("#") and one.why)
    return killed + list(met)[:MOST_MET]
