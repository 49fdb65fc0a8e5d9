"""`review(part)` asks a part's questions again and `progress_page()` shows how far the reader is: both from the book's contents."""

from __future__ import annotations

import os
from itertools import groupby
from pathlib import Path

from IPython.display import display

from .contents import Page, book_of, pages, root_of
from .questions import Question, QuestionError, find_samples, load_questions, sample_id
from .questions.bank import PUBLIC_CURE
from .questions.words import as_lines

REVIEW = "review"  # the name of a part's page of review, in the part's folder


def review(part: str, size: int = 6) -> None:
    """Show, `size` at a time, the practice questions that the chapters in the folder `part` ask.

    The page names its part: of two pages with the same code the build would run one only, and show its result in both.
    Raises QuestionError when there are no such questions.
    """
    from .widgets.overview import Review

    root = root_of(Path.cwd())
    entries = [
        {
            "question": question.public(),
            "key": question.body,
            "lines": as_lines(question.public()),
            "chapter": page.title,
            "page": _from_here(root, page),
        }
        for page in pages(root)
        if Path(page.file).parent.name == part
        for question in _asked(root, page)
    ]
    if not entries:
        raise QuestionError(
            f"no chapter in a folder {part!r} asks a question.", "Check the name, and that _toc.yml lists the chapters."
        )
    display(Review(title="Questions of this part", questions=entries, size=size))


def progress_page() -> None:
    """Show the reader's progress through the practice questions of the whole book, with links from the working folder."""
    from .widgets.overview import CourseProgress

    root = root_of(Path.cwd())
    listed = pages(root)
    parts = []
    for name, members in groupby(listed, key=lambda page: page.part):
        chapters = list(members)
        questions = [
            {"id": question.id, "objective": question.objective, "chapter": page.title, "page": _from_here(root, page)}
            for page in chapters
            for question in _asked(root, page)
        ]
        again = next((_from_here(root, page) for page in chapters if Path(page.file).name == REVIEW), "")
        if questions:
            parts.append({"name": name, "review": again, "questions": questions})
    display(CourseProgress(title="Your progress", parts=parts))


def _from_here(root: Path, page: Page) -> str:
    return Path(os.path.relpath(root / page.file)).as_posix()


def _asked(root: Path, page: Page) -> list[Question]:
    """The practice questions that a page asks, in its order. Raises QuestionError for a mistake in their file, and for a graded one."""
    if not page.asks:
        return []
    samples = [path for path in find_samples(book_of(root)) if sample_id(path) in page.asks]
    beside = [(root / page.file).parent / "questions.yml"] * (len(samples) < len(page.asks))
    known = {question.id: question for path in (*beside, *samples) for question in load_questions(path)}
    # an unknown one is told by its own cell, with its line
    questions = [known[id_] for id_ in page.asks if id_ in known]
    for question in questions:
        if question.use != "practice":
            raise QuestionError(
                f'question "{question.id}" is graded, but this page is public.',
                PUBLIC_CURE,
                question.file,
                question.line,
            )
    return questions
