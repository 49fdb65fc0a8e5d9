"""The verdict of a declared question: scored from data by the question's own kind."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING

from courseware.questions import KINDS, OPEN, score

from ..execution.plan import Ran
from ..verdicts import A_PERSON, BY_HAND, FAULT, NOT_RUN, STOPPED, UNANSWERED, UNREADABLE, CellVerdict
from . import running
from .kept import Kept
from .language import for_a_person, other_language

if TYPE_CHECKING:
    from .grade import Paper


def question_verdict(
    paper: Paper, name: str, kept: Kept, sources: dict[str, str], ran: dict[str, Ran] | None
) -> CellVerdict:
    """Score the declared question of one grade cell; `sources` are the cells' texts by grade_id, `ran` what became of its calls."""
    id_, points = paper.asks[name], paper.points[name]
    question = paper.questions.get(id_)
    if question is None:
        return CellVerdict(
            name,
            points,
            None,
            FAULT,
            f"The bank has no graded question {id_}: a person looks at it, and it will be graded again.",
            question=id_,
        )
    prompt = question.prompt
    answer = running.answer_of(paper, id_, kept, sources)
    if answer is None and kept.answers is None:
        return CellVerdict(
            name,
            points,
            0.0,
            UNREADABLE,
            "The answers that were handed in cannot be read.",
            question=id_,
            prompt=prompt,
        )
    if answer is None:
        return CellVerdict(name, points, 0.0, UNANSWERED, "No answer was kept.", question=id_, prompt=prompt)
    try:
        scored = score(question, answer)
        words = KINDS[question.kind].in_words(question.public(), answer)
        if scored.verdict == NOT_RUN:
            if language := other_language(paper.base):
                why = f"{A_PERSON} {for_a_person(language)}."
                return CellVerdict(name, points, None, BY_HAND, why, words, question=id_, prompt=prompt)
            if not ran or name not in ran:
                return CellVerdict(name, points, None, NOT_RUN, STOPPED[NOT_RUN], words, question=id_, prompt=prompt)
            scored = KINDS[question.kind].score_outcomes(question, list(ran[name].outcomes))
        if scored.verdict in OPEN:
            criteria = tuple(KINDS[question.kind].as_lines(question.public()))
            return CellVerdict(
                name, points, None, BY_HAND, scored.reason, words, question=id_, prompt=prompt, criteria=criteria
            )
        credit = min(max(float(scored.credit), 0.0), 1.0) if scored.credit == scored.credit else None
    except Exception:  # noqa: BLE001 - whatever breaks in our own scoring must not become a learner's zero, nor stop the class
        return CellVerdict(
            name,
            points,
            None,
            FAULT,
            "The autograder failed on this answer: a person looks at it.\n" + traceback.format_exc(limit=-2),
            question=id_,
        )
    if credit is None:
        return CellVerdict(
            name,
            points,
            None,
            FAULT,
            "The autograder found no number for this answer: a person looks at it.",
            question=id_,
        )
    # One part is the chosen option. Several would tell, item by item, what the key is: only the count is said.
    feedback = tuple(part.feedback for part in scored.parts if part.feedback) if len(scored.parts) == 1 else ()
    why = ran[name].why if credit < 1 and ran and name in ran else ""  # what of it was the box's
    reason = f"{scored.reason} {why}".strip()
    return CellVerdict(name, points, min(credit * points, points), scored.verdict, reason, words, feedback, id_, prompt)
