"""What a work sample needs beyond a question of the kind `artefact`: enough to look at, faults enough, points enough."""

from __future__ import annotations

import math
from pathlib import Path

from .kinds import _pieces
from .model import Question, QuestionError

PARTS, WORDS, FAULTS, POINTS = 20, 400, 3, 4
KIND = "artefact"


def sample_id(path: Path) -> str:
    """The id of the work sample in a file: support-chat.yml holds sample-support-chat."""
    return f"sample-{path.stem}"


def size(question: Question) -> tuple[int, int]:
    """(rows and turns, words) of all pieces together."""
    pieces = question.body["artefact"]
    counted = sum(len(piece.get("rows", ())) + len(piece.get("turns", ())) for piece in pieces)
    return counted, sum(len(text.split()) for text in _pieces.parts(pieces, fixed=True).values())


def sample_minutes(question: Question, words_a_minute: int) -> int:
    """Whole minutes that a work sample takes: its words, and one for each point."""
    told = " ".join([question.body["setting"], *question.body.get("rules", ())])
    return math.ceil((size(question)[1] + len(told.split())) / words_a_minute + question.points)


def sample_errors(question: Question) -> list[QuestionError]:
    """What keeps a question, sound in itself, from being a work sample; each with file, line and cure."""

    def wrong(what: str, cure: str) -> QuestionError:
        return QuestionError(f'work sample "{question.id}": {what}', cure, question.file, question.line)

    if question.kind != KIND:
        return [wrong(f"it is of the kind {question.kind}.", f"Write 'kind: {KIND}', or move it to a questions.yml.")]
    counted, words = size(question)
    faults = len(question.body["faults"])
    found = [
        (
            counted < PARTS and words < WORDS,
            f"{counted} rows or turns and {words} words.",
            f"It needs {PARTS} or {WORDS}.",
        ),
        (faults < FAULTS, f"{faults} faults.", f"Plant at least {FAULTS}."),
        (question.points < POINTS, f"{question.points:g} points.", f"Give it at least {POINTS}."),
        ("side" not in question.body, 'no "side".', "Write bpo or kpo."),
        (
            "invented" not in question.body["setting"].lower(),
            "the setting does not say that the case is invented.",
            "Say so.",
        ),
        (
            question.id != (id_ := sample_id(Path(question.file))),
            "its id is not that of its file.",
            f"Write 'id: {id_}'.",
        ),
    ]
    return [wrong(what, cure) for bad, what, cure in found if bad]
