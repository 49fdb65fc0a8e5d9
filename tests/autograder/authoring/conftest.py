"""Fixtures of the author's tests: the practice questions and the graded bank."""

from __future__ import annotations

import pytest

from courseware.questions import load_questions


@pytest.fixture(scope="session")
def files(root):
    """Question file -> its questions."""
    paths = [*sorted((root / "book").rglob("questions.yml")), *sorted((root / "autograder/questions").glob("*.yml"))]
    return {path.relative_to(root).as_posix(): load_questions(path) for path in paths}


@pytest.fixture(scope="session")
def everything(files):
    return [question for questions in files.values() for question in questions]


@pytest.fixture(scope="session")
def graded(everything):
    """The graded bank; in the learner edition the practice questions stand in for it."""
    return [question for question in everything if question.use == "graded"] or everything
