"""`ask("id")` shows a question and `progress()` says what is answered: all that an exercise or a chapter calls.

`answer("id", ...)` keeps a typed answer, for where the controls of a question cannot be drawn.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from .contents import book_of, root_of
from .questions import (
    RELEASE_FILE,
    Question,
    QuestionError,
    Release,
    find_samples,
    load_bank,
    load_questions,
    load_release,
    sample_id,
)
from .questions.bank import PUBLIC_CURE
from .questions.kinds._fields import near

_STARTED_IN = Path.cwd()  # a learner's own os.chdir must not lose the questions


def ask(id: str) -> None:
    """Show the question `id`.

    Its home is looked for in the working folder: questions.json (a released assignment: each click is kept in
    answers.json), then questions.yml (practice: with feedback), then ../../questions/*.yml (an instructor's preview:
    nothing is kept). A work sample ("sample-...") is found from everywhere. Raises QuestionError when none has it; under `nbgrader validate`, NotAnswered when it is not answered.
    """
    from . import exercise

    if sample := _sample(id):
        return exercise.show_open(sample)
    home = _home()
    if isinstance(home, Release):
        _find(home.questions, id, RELEASE_FILE)
        exercise.of(home, _folder_of(RELEASE_FILE)).ask(id)
    else:
        exercise.show_open(_find(home, id, _where(home)))


def answer(id: str, answer) -> None:
    """Keep a typed answer to the question `id`, as a click on it would, and say what was kept. None clears the answer.

    What an answer is depends on the kind of question; the text of the question shows one. Raises QuestionError when the
    working folder has no released assignment with this question.
    """
    from . import exercise

    home = _home()
    if not isinstance(home, Release):
        print("Answers are kept in a released exercise only. Here nothing was kept.")
        return
    _find(home.questions, id, RELEASE_FILE)
    exercise.of(home, _folder_of(RELEASE_FILE)).answer(id, answer)


def progress() -> None:
    """Say what of the assignment is answered and what is missing; follows each click. The notebook's last cell."""
    from . import exercise

    home = _home()
    if not isinstance(home, Release):
        print(
            "Here the learner sees how many questions are answered. (This notebook is not released yet: nothing is kept.)"
        )
        return
    exercise.of(home, _folder_of(RELEASE_FILE)).progress()


def _folders() -> list[Path]:
    return list(dict.fromkeys((Path.cwd(), _STARTED_IN)))


def _folder_of(name: str) -> Path | None:
    return next((folder for folder in _folders() if (folder / name).is_file()), None)


def _home() -> Release | dict[str, Question]:
    for folder in _folders():
        if (path := folder / RELEASE_FILE).is_file():
            return _release(path, _stamp(path))
        if (path := folder / "questions.yml").is_file():
            return _practice(path, _stamp(path))
        bank = (folder / "../../questions").resolve()
        if any(bank.glob("*.yml")):
            return load_bank(bank)
    raise QuestionError(
        "no questions.json and no questions.yml here.",
        "Open the notebook from its own folder, with the files it came with.",
        os.path.relpath(_folders()[0]),
    )


@lru_cache(maxsize=8)
def _release(path: Path, _stamp) -> Release:
    return load_release(path)


@lru_cache(maxsize=8)
def _practice(path: Path, _stamp) -> dict[str, Question]:
    questions = {question.id: question for question in load_questions(path)}
    for question in questions.values():
        if question.use != "practice":
            wrong = f'question "{question.id}" is graded, but this file is public.'
            raise QuestionError(wrong, PUBLIC_CURE, question.file, question.line)
    return questions


def _sample(id: str) -> Question | None:
    """A work sample, found from every folder of the book's tree: also beside an assignment, for practice."""
    try:
        files = find_samples(book_of(root_of(_folders()[0])))
    except (FileNotFoundError, KeyError):  # a notebook that lies alone
        return None
    path = next((path for path in files if sample_id(path) == id), None)
    return _practice(path, _stamp(path)).get(id) if path else None


def _stamp(path: Path) -> tuple:
    found = path.stat()
    return found.st_mtime_ns, found.st_size


def _where(home: dict[str, Question]) -> str:
    files = sorted({question.file for question in home.values()})
    return files[0] if len(files) == 1 else str(Path(files[0]).parent / "*.yml") if files else "questions.yml"


def _find(questions: dict, id: str, file: str):
    if id not in questions:
        raise QuestionError(
            f"no question {id!r}.", near(id, questions) if questions else "The file holds no question.", file
        )
    return questions[id]
