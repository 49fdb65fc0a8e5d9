"""An invented class: learners who never were, with answers made from each question's own samples. For rehearsals and tests.

Seeded: the same bank, number and seed give the same class.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from pathlib import Path

from courseware.answers import ANSWERS_FILE, ANSWERS_MIME, Answer, Answers
from courseware.questions import KINDS, OPEN, Question

SAVED = "2026-03-02T13:03:10.123456+00:00"
NAMES = [
    "Abel",
    "Ana",
    "Boris",
    "Carmen",
    "Dinh",
    "Elif",
    "Farid",
    "Gita",
    "Hugo",
    "Ines",
    "Jun",
    "Kofi",
    "Lena",
    "Marek",
    "Nadia",
    "Omar",
    "Petra",
    "Quentin",
    "Rosa",
    "Samir",
    "Tala",
    "Uma",
    "Viktor",
    "Wanda",
    "Ximena",
    "Yusuf",
    "Zofia",
    "Aiko",
    "Bruno",
    "Chidi",
]
WAYS = (
    "right",
    "half",
    "wrong",
    "empty",
    "mixed",
    "no notebook",
    "not JSON",
    "notebook only",
    "tampered",
    "broken answers",
    "invalid",
    "of another assignment",
)
USUAL = ("right", "half", "wrong", "mixed", "mixed", "mixed", "mixed", "mixed", "mixed", "mixed")


@dataclass(frozen=True)
class Learner:
    """An invented learner: how they work decides what they hand in."""

    id: str
    way: str


def learners(count: int, seed: int = 1) -> list[Learner]:
    """`count` learners: each way of working once as far as they go, then mostly usual ones, shuffled."""
    draw = random.Random(seed)
    ways = [*WAYS[:count], *(draw.choice(USUAL) for _ in range(count - len(WAYS)))]
    draw.shuffle(ways)
    names = [
        NAMES[n % len(NAMES)].lower() + (f"-{n // len(NAMES) + 1}" if n >= len(NAMES) else "") for n in range(count)
    ]
    return [Learner(name, way) for name, way in zip(sorted(names), ways, strict=True)]


def raw_answer(question: Question, way: str, draw: random.Random):
    """A raw answer of that quality, from the question's samples (half: the nearest to one half that it has).

    What a person grades has no known quality: any of its samples is as good.
    """
    samples = KINDS[question.kind].samples(question)
    if way == "mixed":
        way = draw.choice(("right", "right", "right", "half", "wrong", "empty"))
    open_ = [sample for sample in samples if sample.verdict in OPEN]
    valid = [sample for sample in samples if sample.verdict not in ("invalid", "unanswered", *OPEN)]
    fitting = {
        "right": [sample for sample in valid if sample.credit == 1],
        "wrong": [sample for sample in valid if sample.credit == 0],
        "half": sorted(valid, key=lambda sample: abs(sample.credit - 0.5))[:1],
        "invalid": [sample for sample in samples if sample.verdict == "invalid"],
        "empty": [],
    }[way]
    if way in ("right", "half", "wrong"):
        fitting = fitting or open_
    # A class has one way of being right but many of being wrong; NaN is no JSON.
    fitting = [sample for sample in fitting if sample.raw == sample.raw]
    return draw.choice(fitting).raw if fitting else None


def answers_of(assignment: str, questions: list[Question], way: str, draw: random.Random) -> Answers:
    found = {}
    for n, question in enumerate(questions):
        own = ("right" if n % 2 == 0 else "wrong") if way == "half" and question.kind == "choice" else way
        if (raw := raw_answer(question, own, draw)) is not None:
            found[question.id] = Answer(question.id, question.kind, raw, None, SAVED)
    return Answers(assignment, SAVED, found)


def write_own_cells(notebook: Path, answers: Answers) -> None:
    """Answers of code stand in cells of their own; what is kept beside the notebook is a copy of them."""
    own = {
        id_ + kind.CELL: answer.answer
        for id_, answer in answers.answers.items()
        if hasattr(kind := KINDS[answer.kind], "CELL")
    }
    if not own:
        return
    document = json.loads(notebook.read_bytes())
    for cell in document["cells"]:
        cell["source"] = own.get(cell["metadata"].get("nbgrader", {}).get("grade_id"), cell["source"])
    notebook.write_text(json.dumps(document), encoding="utf8")


def hand_in(
    folder: Path, released: Path, assignment: str, questions: list[Question], learner: Learner, seed: int = 1
) -> None:
    """Write what the learner hands in to `folder`: a copy of the released files, and the answers kept beside them."""
    draw = random.Random(f"{seed}/{learner.id}/{assignment}")
    folder.mkdir(parents=True)
    for path in sorted(released.iterdir()):
        (folder / path.name).write_bytes(path.read_bytes())
    way = learner.way
    quality = {
        "no notebook": "right",
        "not JSON": "right",
        "notebook only": "right",
        "tampered": "right",
        "broken answers": "mixed",
        "of another assignment": "right",
    }.get(way, way)
    answers = answers_of(assignment, questions, quality, draw)
    notebook = folder / f"{assignment}.ipynb"
    if way in (*USUAL, "notebook only", "tampered"):
        write_own_cells(notebook, answers)
    if way == "of another assignment":
        answers = Answers("quite-another", SAVED, answers.answers)
    if way == "notebook only":
        document = json.loads(notebook.read_bytes())
        document["cells"][-1]["outputs"] = [
            {
                "output_type": "display_data",
                "metadata": {},
                "data": {ANSWERS_MIME: answers.as_json(), "text/plain": "answered"},
            }
        ]
        notebook.write_text(json.dumps(document), encoding="utf8")
    elif way != "empty":
        (folder / ANSWERS_FILE).write_text(json.dumps(answers.as_json()), encoding="utf8")
    if way == "broken answers":
        path = folder / ANSWERS_FILE
        path.write_bytes(path.read_bytes()[:-20])
    elif way == "no notebook":
        notebook.unlink()
    elif way == "not JSON":
        notebook.write_bytes(notebook.read_bytes()[:500])
    elif way == "tampered":
        document = json.loads(notebook.read_bytes())
        graded = [n for n, cell in enumerate(document["cells"]) if cell["metadata"].get("nbgrader", {}).get("grade")]
        document["cells"][graded[0]]["metadata"]["tags"] = ["skip-execution"]
        document["cells"][graded[-1]]["metadata"]["nbgrader"]["points"] = 500
        notebook.write_text(json.dumps(document), encoding="utf8")
