"""`autograder check`: an author's check of the course's questions, in the course's folder.

It reads the graded questions, the practice questions in the folders that are named, and the assignments' sources.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from traitlets.utils.importstring import import_item

from courseware.questions import Question, QuestionError, asked, find_samples, load_questions

from ..classroom.paper import Bank
from ..nbgrader_door.course import CannotGrade, converter
from . import guesser
from .form import form
from .items import Finding, check_items, finding

OBJECTIVES = "**What you practise**"


def run(practice: list[Path]) -> int:
    """Print what is to be mended; returns the exit code: 0 when nothing is, 1 when something is, 2 when nothing can be read."""
    try:
        course = converter(Path.cwd(), "").coursedir
        bank = Bank(parent=course)
        graded = bank.load(course)
        beside = [
            question
            for folder in practice
            for path in [*sorted(folder.rglob("questions.yml")), *find_samples(folder)]
            for question in load_questions(path)
        ]
    except (CannotGrade, QuestionError) as error:
        print(f"autograder: {error}", file=sys.stderr)
        return 2
    facts = import_item(bank.facts) if bank.facts else None
    found = check_items([*graded.values(), *beside], facts) + check_guessing([*graded.values()])
    for notebook in sorted(Path(course.format_path(course.source_directory, ".", "*")).parent.glob("*/*.ipynb")):
        found += check_objectives(notebook, graded)
    for one in found:
        print(one)
    looked = f"{len(graded)} graded and {len(beside)} practice questions"
    print(f"{looked}: {'nothing to mend' if not found else f'{len(found)} to mend'}.")
    return 1 if found else 0


def check_guessing(questions: list[Question]) -> list[Finding]:
    """Ways of guessing by form that earn more than chance on all of these questions together."""
    return [
        Finding(
            "the whole bank",
            f"who guesses ({way}) earns {credit:.0%} where chance gives {by_chance:.0%}.",
            "Reword what gives it away.",
        )
        for way, (credit, by_chance) in guesser.gains(questions).items()
        if credit - by_chance > guesser.ALLOWED
    ]


def check_objectives(notebook: Path, questions: dict[str, Question]) -> list[Finding]:
    """An assignment lists what is practised in it: each objective there has a question, and each question asked has one of them."""
    cells = ["".join(cell["source"]) for cell in json.loads(notebook.read_text("utf8"))["cells"]]
    lists = [text.split(OBJECTIVES, 1)[1] for text in cells if OBJECTIVES in text]
    listed = [line[2:].strip() for text in lists for line in text.splitlines() if line.startswith("- ")]
    own = [questions[id_] for text in cells if (id_ := asked(text)) in questions]
    if own and not listed:
        return [Finding(str(notebook), "it names no objectives.", f"List them in its first cell, below {OBJECTIVES}.")]
    used = {question.objective for question in own}
    unasked = [
        Finding(str(notebook), f"no question has the objective {name!r}.", "Ask one, or drop it.")
        for name in listed
        if name not in used
    ]
    return unasked + [
        finding(
            form(question),
            f"its objective {question.objective!r} is not in the list of {notebook.name}.",
            "Use one that is, or add it.",
        )
        for question in own
        if question.objective not in listed
    ]
