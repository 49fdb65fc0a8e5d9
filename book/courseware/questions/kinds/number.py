"""`number`: the learner types a number with a unit. The answer is what they typed, or a number."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from ..model import NotAnAnswer, Part, Problem, Question, Sample, Score, Secrets
from ._fields import a_type, cut, in_json, near, text_problem

FIELDS = ("unit", "answer", "tolerance", "why", "mistakes")
TYPED = '"12.5"'
LONGEST = 40
MOST_MISTAKES = 20
TWO_WAYS = "“{text}” can be read in two ways: write {whole} or {decimal}."
NO_NUMBER = "“{text}” is no number. Write it in digits, as 1234.5."
OTHER_UNIT = "Write the number alone{unit}."
TOO_LARGE = "The number is too large."
HINT = "Close: the digits are right. Check the unit."
# The grammar of a typed number; kinds/number.js has the same. A comma or a point that stands between groups of three
# separates thousands when another one follows; a single point is a decimal point.
_GROUPED = {
    " ": re.compile(r"[0-9]{1,3}(?: [0-9]{3})+(?:[.,][0-9]+)?"),
    ",": re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]+|[0-9]{1,3}(?:,[0-9]{3}){2,}"),
    ".": re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+|[0-9]{1,3}(?:\.[0-9]{3}){2,}"),
}
_AMBIGUOUS = re.compile(r"[1-9][0-9]{0,2},[0-9]{3}")
_PLAIN = re.compile(r"(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_SPACES = re.compile(r"[\s\u00a0\u2009\u202f]+")
_RELATIVE = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?%")
_POWERS = (10, 100, 1e3, 1e6, 1e9)


def check(question: Question) -> list[Problem]:
    body = question.body
    unit, mistakes = body.get("unit"), body.get("mistakes", [])
    answer: Any = body.get("answer")
    tolerance: Any = body.get("tolerance")
    problems = []
    if not isinstance(unit, str) or len(unit) > LONGEST:
        cure = "Write what stands behind the number, as 'unit: billion USD'; for a pure count, unit: ''."
        problems.append(Problem(("unit",), '"unit" is no short text.', cure))
    if not _finite(answer):
        problems.append(
            Problem(
                ("answer",), f"the answer must be a number, not {answer!r}.", "Write it with a decimal point, as 525.7."
            )
        )
    if (allowed := _allowed(answer if _finite(answer) else 1, tolerance)) is None:
        cure = 'Write a number from 0, as 0.5, or a share of the answer in quotes, as "1 %".'
        problems.append(
            Problem(("tolerance",), f"the tolerance must be a number or a percentage, not {tolerance!r}.", cure)
        )
    elif _finite(answer) and answer == 0 and isinstance(tolerance, str):
        problems.append(
            Problem(
                ("tolerance",), "a percentage of an answer of 0 allows nothing.", "Write the tolerance as a number."
            )
        )
    if problem := text_problem(body.get("why"), ("why",), '"why"'):
        problems.append(Problem(problem.at, problem.wrong, "Say how one gets the number."))
    if not isinstance(mistakes, list) or len(mistakes) > MOST_MISTAKES:
        cure = "Write each as '- {value: 538.5, why: ...}'."
        return [
            *problems,
            Problem(("mistakes",), f'"mistakes" must be a list of at most {MOST_MISTAKES} entries.', cure),
        ]
    for n, mistake in enumerate(mistakes):
        problems += _mistake_problems(n, mistake, None if problems or allowed is None else (answer, allowed))
    return problems


def _mistake_problems(n: int, mistake: Any, right: tuple[float, float] | None) -> list[Problem]:
    if not isinstance(mistake, dict):
        return [
            Problem(("mistakes", n), f"mistake {n + 1} is not a mapping.", "Write it as '- {value: 538.5, why: ...}'.")
        ]
    at = ("mistakes", n)
    problems = [
        Problem((*at, name), f'mistake {n + 1} has the unknown field "{name}".', near(name, ("value", "why")))
        for name in mistake
        if name not in ("value", "why")
    ]
    if problem := text_problem(mistake.get("why"), (*at, "why"), f'"why" of mistake {n + 1}'):
        problems.append(problem)
    value: Any = mistake.get("value")
    if not _finite(value):
        problems.append(
            Problem(
                (*at, "value"), f"the value of mistake {n + 1} must be a number, not {value!r}.", "Write it as 538.5."
            )
        )
    elif right and _within(value, *right):
        problems.append(
            Problem(
                (*at, "value"),
                f"mistake {n + 1} lies within the tolerance: it is right.",
                "Make the tolerance smaller.",
            )
        )
    return problems


def _finite(value: Any) -> bool:
    return type(value) in (int, float) and abs(value) < 1e300


def _allowed(answer: float, tolerance: Any) -> float | None:
    """How far an answer may be from the right one, in its unit; None when the tolerance cannot be read."""
    if isinstance(tolerance, str):
        match = _RELATIVE.fullmatch(tolerance)
        return abs(answer) * float(match[1]) / 100 if match and float(match[1]) <= 100 else None
    return float(tolerance) if _finite(tolerance) and tolerance >= 0 else None


def _within(value: float, right: float, allowed: float) -> bool:
    """The edge of the tolerance is in; 1e-9 is room for the binary spelling of decimals."""
    return abs(value - right) <= allowed + 1e-9 * max(1.0, abs(right))


def public(question: Question) -> dict[str, Any]:
    return {"unit": question.body["unit"]}


def parse(raw: Any) -> float | str | None:
    if raw is None:
        return None
    if type(raw) in (int, float):
        if not abs(raw) <= 1.7e308:  # NaN too
            raise NotAnAnswer(TOO_LARGE if raw == raw else "The answer is not a number.")
        return float(raw)
    if type(raw) is not str:
        raise NotAnAnswer(f"The answer is {a_type(raw)}; it must be a number.")
    if len(raw) > LONGEST:
        raise NotAnAnswer(f"The answer has {len(raw):,} characters; a number has at most {LONGEST}.")
    return _tidy(raw) or None


def _tidy(text: str) -> str:
    return _SPACES.sub(" ", text).strip().replace("\u2212", "-")


def read(answer: float | str, unit: str) -> float:
    """The number that was typed, with either decimal mark and with or without thousands marks. Raises NotAnAnswer with the reason."""
    if isinstance(answer, float):
        return answer
    text = answer
    for ending in filter(None, (_tidy(unit), "%" if unit.startswith("%") else "")):
        if text.lower().endswith(ending.lower()):
            text = text[: -len(ending)].strip()
            break
    sign, body = (text[0], text[1:].strip()) if text[:1] in ("-", "+") else ("", text)
    if _AMBIGUOUS.fullmatch(body):
        whole, decimal = sign + body.replace(",", ""), sign + body.replace(",", ".")
        raise NotAnAnswer(TWO_WAYS.format(text=answer, whole=whole, decimal=decimal))
    for mark, pattern in _GROUPED.items():
        if pattern.fullmatch(body):
            body = body.replace(mark, "")
            break
    else:
        if not _PLAIN.fullmatch(body):
            if body[:1].isdigit() and re.search(r"[A-Za-z%$€£]", body):
                raise NotAnAnswer(OTHER_UNIT.format(unit=f", in {unit}" if unit else ""))
            raise NotAnAnswer(NO_NUMBER.format(text=answer))
    value = float(f"{sign}{body.replace(',', '.')}")
    if math.isinf(value):
        raise NotAnAnswer(TOO_LARGE)
    return value


def unfinished(public: dict[str, Any], answer: float | str | None) -> str:
    if answer is None:
        return "Type a number."
    try:
        read(answer, public["unit"])
        return ""
    except NotAnAnswer as reason:
        return str(reason)


def score(question: Question, answer: float | str) -> Score:
    """1 within the tolerance, else 0; a number that is off by a power of ten, or a mistake that is known, is told."""
    body = question.body
    try:
        value = read(answer, body["unit"])
    except NotAnAnswer as reason:
        return Score.invalid(str(reason))
    right, allowed = body["answer"], _allowed(body["answer"], body["tolerance"]) or 0.0
    if _within(value, right, allowed):
        return Score.of(1.0, "Correct.", [Part("value", 1.0, body["why"])])
    for mistake in body.get("mistakes", []):
        if _within(value, mistake["value"], allowed):
            return Score.of(0.0, "Not correct.", [Part("value", 0.0, mistake["why"])])
    scaled = [value * power for power in _POWERS] + [value / power for power in _POWERS]
    close = value != 0 and any(_within(number, right, allowed) for number in scaled)
    return Score.of(0.0, "Not correct.", [Part("value", 0.0, HINT if close else "")])


def samples(question: Question) -> list[Sample]:
    body = question.body
    right, unit = body["answer"], body["unit"]
    allowed = (
        abs(right) * float(body["tolerance"].split("%")[0]) / 100
        if isinstance(body["tolerance"], str)
        else body["tolerance"]
    )
    text = f"{right:.15f}".rstrip("0").rstrip(".") if abs(right) < 1e15 else json.dumps(right)
    comma = text.replace(".", ",") if len(text.partition(".")[2]) != 3 else text
    correct = [
        right,
        text,
        f" {text} {unit}",
        comma,
        right + 0.9 * allowed,
        right - 0.9 * allowed,
        text.replace("-", "\u2212"),
    ]
    wrong = [
        right + 1.5 * allowed + 1,
        right - 1.5 * allowed - 1,
        *(mistake["value"] for mistake in body.get("mistakes", [])),
    ]
    words = ["abc", "1,234", "1 2 3", "12 parsecs", "NaN", "inf", "1e999", "5" * 41]
    broken = [*words, float("nan"), float("inf"), True, [right], {"a": right}]
    return [
        *(Sample(raw, 1.0, "correct") for raw in correct),
        *(Sample(raw, 0.0, "wrong") for raw in wrong),
        *(Sample(raw, 0.0, "invalid") for raw in broken),
        *(Sample(raw, 0.0, "unanswered") for raw in (None, "", " \u00a0")),
    ]


def in_words(public: dict[str, Any], raw: Any) -> tuple[str, ...]:
    if type(raw) is str:
        text, unit = _tidy(raw), public["unit"]
        return (cut(text if not unit or text.endswith(unit) else f"{text} {unit}"),) if text else ()
    return in_json(raw)


def as_lines(public: dict[str, Any]) -> list[str]:
    return [f"A number, in {public['unit']}." if public["unit"] else "A number."]


def secrets(question: Question) -> Secrets:
    body = question.body
    return Secrets(
        texts=(body["why"], *(mistake["why"] for mistake in body.get("mistakes", []))),
        right=(body["answer"], json.dumps(body["answer"])),
        fields=("answer", "tolerance", "why", "mistakes"),
    )
