"""Read question files, and tell every mistake in them with file, line and cure."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from . import lines
from .kinds import KINDS
from .kinds._fields import id_problem, near, text_problem
from .model import Problem, Question, QuestionError
from .release import asked
from .sample import sample_errors

SAMPLES = "samples/*.yml"  # work samples: practice questions in files of their own, which any page may ask
USES = ("practice", "graded")
COMMON = ("id", "use", "kind", "objective", "points", "prompt", "sources")
PUBLIC_CURE = "Move it to the bank of graded questions, or make it practice."
CURES = {
    "objective": "Say in a few words what the learner shows by answering.",
    "sources": "Name the rows of the facts it rests on, as [S0-24, D10], or [] if it rests on none.",
    "points": "Give a number above 0.",
    "use": "Write practice (its answers are public) or graded.",
}


def load_questions(path: str | Path) -> list[Question]:
    """The questions of one YAML file, in its order.

    Raises QuestionError: all the mistakes of the file in one error, a line each.
    """
    questions, errors = _read(Path(path))
    if errors:
        raise QuestionError.several(errors)
    return questions


def load_bank(folder: str | Path) -> dict[str, Question]:
    """The questions of every *.yml in `folder`, by id; an id stands once in the whole bank. Raises QuestionError."""
    questions, errors = _read_all(sorted(Path(folder).glob("*.yml")))
    if not questions and not errors:
        errors = [QuestionError("no question files (*.yml) here.", "Check the folder's name.", str(folder))]
    if errors:
        raise QuestionError.several(errors)
    return {question.id: question for question in questions}


def find_samples(book: Path) -> list[Path]:
    """The files of the work samples in the folder `book`."""
    return _below(book, SAMPLES)


def check_folder(folder: str | Path, sources: set[str] | None = None) -> list[QuestionError]:
    """Every mistake in the questions.yml files and work samples below `folder`, and every chapter (*.md) there that asks what neither has.

    A reader may open these files: a graded question in one is a mistake too. `sources`: the fact ids there are; when
    given, a question that names another is a mistake.
    """
    folder = Path(folder)
    samples = find_samples(folder)
    questions, errors = _read_all([*_below(folder, "questions.yml"), *samples])
    for question in questions:
        place = (question.file, question.line)
        if Path(question.file) in samples:
            errors += sample_errors(question)
        if question.use != "practice":
            errors.append(
                QuestionError(f'question "{question.id}" is graded, but this file is public.', PUBLIC_CURE, *place)
            )
        for source in set(question.sources) - sources if sources is not None else ():
            wrong = f'question "{question.id}" rests on the unknown fact "{source}".'
            errors.append(
                QuestionError(wrong, near(source, sorted(sources)) if sources else "There are no facts.", *place)
            )
    broken = {Path(error.file).parent for error in errors}
    for path in _below(folder, "*.md"):
        if path.parent not in broken:  # else its questions are unknown only because their file has a mistake
            errors += _unknown_questions(
                path,
                [
                    question.id
                    for question in questions
                    if Path(question.file) in samples or Path(question.file).parent == path.parent
                ],
            )
    return errors


def _below(folder: Path, pattern: str) -> list[Path]:
    """Files below `folder`, but for what is built or hidden."""
    found = (
        path
        for path in folder.rglob(pattern)
        if not any(part.startswith(("_", ".")) for part in path.relative_to(folder).parts)
    )
    return sorted(found)


def _unknown_questions(chapter: Path, ids: list[str]) -> Iterator[QuestionError]:
    for n, text in enumerate(chapter.read_text("utf8").splitlines(), 1):
        id_ = asked(text)
        if id_ and id_ not in ids:
            cure = near(id_, ids) if ids else "Write it in questions.yml beside the chapter."
            yield QuestionError(f'no question "{id_}" in {chapter.parent / "questions.yml"}.', cure, str(chapter), n)


def _read_all(files: list[Path]) -> tuple[list[Question], list[QuestionError]]:
    questions: list[Question] = []
    errors: list[QuestionError] = []
    first: dict[str, Question] = {}
    for path in files:
        found, wrong = _read(path)
        errors += wrong
        for question in found:
            if question.id in first:
                errors.append(_twice(question, first[question.id]))
            else:
                first[question.id] = question
                questions.append(question)
    return questions, errors


def _read(path: Path) -> tuple[list[Question], list[QuestionError]]:
    try:
        value, where, errors = lines.load(path)
    except QuestionError as error:
        return [], [error]
    if not isinstance(value, list):
        return [], [
            *errors,
            QuestionError("the file is not a list of questions.", "Begin each question with '- id: ...'.", path, 1),
        ]
    questions: list[Question] = []
    first: dict[str, Question] = {}
    for n, entry in enumerate(value):
        if not isinstance(entry, dict):
            errors.append(
                QuestionError(f"question {n + 1} is not a mapping.", "Begin it with '- id: ...'.", path, where[(n,)])
            )
            continue
        question = _question(entry, path, where[(n,)])
        problems = list(_problems(entry, question))
        errors += [
            QuestionError(f"{_name(entry, n)}: {problem.wrong}", problem.cure, path, _line(where, (n, *problem.at)))
            for problem in problems
        ]
        if not problems and question.id in first:
            errors.append(_twice(question, first[question.id]))
        elif not problems:
            first[question.id] = question
            questions.append(question)
    return questions, sorted(errors, key=lambda error: error.line)


def _question(entry: dict, path: Path, line: int) -> Question:
    body = {name: _stripped(value) for name, value in entry.items() if name not in COMMON}
    sources = entry.get("sources")
    points: Any = entry.get("points", 1 if entry.get("use") == "practice" else None)
    texts = {name: _stripped(entry.get(name)) for name in ("id", "use", "kind", "objective", "prompt")}
    return Question(
        **texts,
        points=points,
        sources=tuple(sources) if isinstance(sources, list) else (),
        body=body,
        file=str(path),
        line=line,
    )


def _problems(entry: dict, question: Question) -> Iterator[Problem]:
    kind = KINDS.get(question.kind) if isinstance(question.kind, str) else None
    for name in COMMON:
        if name not in entry and not (name == "points" and question.use == "practice"):
            yield Problem((), f'no "{name}".', CURES.get(name, "Add it."))
    if "id" in entry and (problem := id_problem(question.id, ("id",), "the id")):
        yield problem
    if "use" in entry and question.use not in USES:
        yield Problem(("use",), f"unknown use {entry['use']!r}.", CURES["use"])
    if "kind" in entry and not kind:
        yield Problem(("kind",), f"unknown kind {entry['kind']!r}.", near(entry["kind"], KINDS))
    for name in ("objective", "prompt"):
        if name in entry and (problem := text_problem(entry[name], (name,), f'"{name}"')):
            yield problem
    points = question.points
    if "points" in entry and (
        isinstance(points, bool) or not isinstance(points, (int, float)) or not math.isfinite(points) or points <= 0
    ):
        yield Problem(("points",), f"points must be a number above 0, not {points!r}.", CURES["points"])
    if "sources" in entry and (
        not isinstance(entry["sources"], list) or any(text_problem(source, (), "") for source in entry["sources"])
    ):
        yield Problem(("sources",), '"sources" must be a list of fact ids.', CURES["sources"])
    if kind:
        for name in entry:
            if name not in COMMON and name not in kind.FIELDS:
                yield Problem((name,), f'unknown field "{name}".', near(name, COMMON + kind.FIELDS))
        yield from kind.check(question)


def _stripped(value):
    """Texts without the line break that a folded YAML block leaves at its end."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, list):
        return [_stripped(entry) for entry in value]
    if isinstance(value, dict):
        return {name: _stripped(entry) for name, entry in value.items()}
    return value


def _name(entry: dict, n: int) -> str:
    return f'question "{entry["id"]}"' if isinstance(entry.get("id"), str) else f"question {n + 1}"


def _line(where: lines.Lines, at: tuple) -> int:
    """The line of `at`, or of the nearest place above it that the file has."""
    while at not in where:
        at = at[:-1]
    return where[at]


def _twice(question: Question, other: Question) -> QuestionError:
    return QuestionError(
        f'question id "{question.id}" is already used at {other.file}:{other.line}.',
        "Give it another id; ids are unique over all files and never reused.",
        question.file,
        question.line,
    )
