"""What of the questions goes to learners: `questions.json` beside a released notebook, and the cells that show them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .kinds import KINDS
from .model import Question, QuestionError

SCHEMA = 1
RELEASE_FILE = "questions.json"
_ASK = re.compile(r"""ask\(\s*(["'])([a-z0-9-]{1,64})\1\s*\)\s*(?:\#.*)?""")


@dataclass(frozen=True)
class Release:
    """The public questions of one assignment, by id, in the order of the notebook."""

    assignment: str
    questions: dict[str, dict[str, Any]]


def asked(cell_source: str) -> str | None:
    """The id when a cell is exactly `ask("id")` (comments and blank lines allowed), else None."""
    kept = [line.strip() for line in str(cell_source).splitlines() if line.strip() and not line.strip().startswith("#")]
    match = _ASK.fullmatch(kept[0]) if len(kept) == 1 else None
    return match[2] if match else None


def dump_release(assignment: str, questions: Iterable[Question]) -> bytes:
    """The bytes of questions.json: what a learner may see of `questions`, equal bytes for equal questions.

    Raises QuestionError when a question is given twice.
    """
    questions = list(questions)
    repeated = {
        question.id for n, question in enumerate(questions) if question.id in {other.id for other in questions[:n]}
    }
    if repeated:
        raise QuestionError(
            f"assignment {assignment} asks {', '.join(sorted(repeated))} twice.", "Keep one cell for each question."
        )
    release = {"schema": SCHEMA, "assignment": assignment, "questions": [question.public() for question in questions]}
    return (json.dumps(release, ensure_ascii=False, indent=1) + "\n").encode()


def load_release(path: str | Path) -> Release:
    """Read questions.json. Raises QuestionError when it is damaged."""
    cure = "Fetch the assignment again; your answers are kept in their own file."
    try:
        data = json.loads(Path(path).read_bytes())
        if data["schema"] != SCHEMA:
            raise QuestionError(f"made by another version of the course (schema {data['schema']!r}).", cure, str(path))
        questions = {question["id"]: question for question in data["questions"]}
        for question in questions.values():
            if question["kind"] not in KINDS:
                raise QuestionError(
                    f"question {question['id']} is of the unknown kind {question['kind']!r}.",
                    "Update the course's packages.",
                    str(path),
                )
        return Release(str(data["assignment"]), questions)
    except OSError as error:
        raise QuestionError(f"the file cannot be read ({error.strerror}).", cure, str(path)) from None
    except QuestionError:
        raise
    except (ValueError, KeyError, TypeError, RecursionError):
        raise QuestionError("the file is damaged.", cure, str(path)) from None
