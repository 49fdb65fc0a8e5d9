"""`written`: the learner writes prose, which a person grades against the rubric. The answer is the text."""

from __future__ import annotations

import math
import re
from typing import Any

from ..model import NotAnAnswer, Problem, Question, Sample, Score, Secrets
from ._fields import MOST_PARTS, a_type, in_json, near, text_problem

FIELDS = ("words", "rubric", "model")
TYPED = '"My text."'
LONGEST_TEXT = 20_000
# A word is what stands between blanks; written out so that JavaScript counts the same (kinds/written.js)
_WORD = re.compile(r"[^\s\x1c-\x1f\x85\ufeff]+")


def check(question: Question) -> list[Problem]:
    body = question.body
    words, rubric = body.get("words"), body.get("rubric")
    problems = []
    counts: list[Any] = (
        [words.get("least"), words.get("most")]
        if isinstance(words, dict) and set(words) == {"least", "most"}
        else [None]
    )
    if (
        any(isinstance(count, bool) or not isinstance(count, int) for count in counts)
        or not 1 <= counts[0] <= counts[1] <= 2000
    ):
        wrong = '"words" must say the least and the most words, from 1 to 2000.'
        problems.append(Problem(("words",), wrong, "Write it as 'words: {least: 60, most: 250}'."))
    if problem := text_problem(body.get("model"), ("model",), '"model"'):
        problems.append(
            Problem(
                problem.at,
                problem.wrong,
                "Write a model answer: it shows that the task can be done in that many words.",
            )
        )
    elif not problems and not counts[0] <= word_count(body["model"]) <= counts[1]:
        wrong = f"the model answer has {word_count(body['model'])} words, and {counts[0]} to {counts[1]} are asked for."
        problems.append(Problem(("model",), wrong, "Change the model answer or the number of words."))
    return problems + _rubric_problems(rubric, question.points)


def _rubric_problems(rubric: Any, points: Any) -> list[Problem]:
    cure = "Write each line as '- {text: names two risks, points: 2}'."
    if not isinstance(rubric, list) or not 1 <= len(rubric) <= MOST_PARTS:
        return [Problem(("rubric",), '"rubric" must be a list of what earns points.', cure)]
    problems = []
    for n, line in enumerate(rubric):
        if not isinstance(line, dict):
            problems.append(Problem(("rubric", n), f"line {n + 1} of the rubric is not a mapping.", cure))
            continue
        for name in line:
            if name not in ("text", "points"):
                wrong = f'line {n + 1} of the rubric has the unknown field "{name}".'
                problems.append(Problem(("rubric", n, name), wrong, near(name, ("text", "points"))))
        if problem := text_problem(line.get("text"), ("rubric", n), f'"text" of line {n + 1} of the rubric'):
            problems.append(problem)
        earned = line.get("points")
        if isinstance(earned, bool) or not isinstance(earned, (int, float)) or not 0 < earned < math.inf:
            problems.append(Problem(("rubric", n), f"line {n + 1} of the rubric has no points above 0.", cure))
    if (
        not problems
        and isinstance(points, (int, float))
        and not math.isclose(total := sum(line["points"] for line in rubric), points)
    ):
        problems.append(
            Problem(("rubric",), f"the rubric gives {total:g} points, the question {points:g}.", "Make them equal.")
        )
    return problems


def public(question: Question) -> dict[str, Any]:
    return {"words": dict(question.body["words"]), "rubric": [dict(line) for line in question.body["rubric"]]}


def word_count(text: str) -> int:
    return len(_WORD.findall(text))


def parse(raw: Any) -> str | None:
    if raw is None:
        return None
    if type(raw) is not str:
        raise NotAnAnswer(f"The answer is {a_type(raw)}; it must be a text.")
    if len(raw) > LONGEST_TEXT:
        raise NotAnAnswer(f"The answer has {len(raw):,} characters; at most {LONGEST_TEXT:,} are read.")
    return raw if _WORD.search(raw) else None


def unfinished(public: dict[str, Any], answer: str | None) -> str:
    count, least, most = word_count(answer or ""), public["words"]["least"], public["words"]["most"]
    if least <= count <= most:
        return ""
    return f"{count} {'word' if count == 1 else 'words'} of {least} to {most}."


def score(question: Question, answer: str) -> Score:
    """No credit and no zero: a person grades it."""
    return Score(0.0, "by hand", "A person grades this text against the rubric.")


def samples(question: Question) -> list[Sample]:
    model = question.body["model"]
    written = [
        Sample(text, 0.0, "by hand") for text in (model, model.split()[0], "<script>alert(1)</script> $x$ **so**")
    ]
    broken = [Sample(raw, 0.0, "invalid") for raw in (7, True, [model], {"text": model}, "x" * (LONGEST_TEXT + 1))]
    return [*written, *broken, *(Sample(raw, 0.0, "unanswered") for raw in (None, "", " \n\t\u00a0"))]


def in_words(public: dict[str, Any], raw: Any) -> tuple[str, ...]:
    """The whole text: a person grades what they see."""
    if type(raw) is not str:
        return in_json(raw)
    return (raw[:LONGEST_TEXT],) if _WORD.search(raw) else ()


def as_lines(public: dict[str, Any]) -> list[str]:
    words = public["words"]
    rubric = [
        f"{line['points']:g} {'point' if line['points'] == 1 else 'points'}: {line['text']}"
        for line in public["rubric"]
    ]
    return [f"{words['least']} to {words['most']} words", *rubric]


def secrets(question: Question) -> Secrets:
    return Secrets(texts=(question.body["model"],), right=(), fields=("model",))
