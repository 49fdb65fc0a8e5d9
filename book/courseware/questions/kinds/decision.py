"""`decision`: the learner weighs the criteria, reads the ranking and chooses an option that meets the conditions.

The answer is {"weights": {criterion: 0 to 10}, "choice": option id}.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from ..model import NotAnAnswer, Part, Problem, Question, Sample, Score, Secrets
from ._fields import (
    MOST_PARTS,
    a_type,
    check_entries,
    clean_id,
    cut,
    empty,
    id_problem,
    in_json,
    lettered,
    near,
    text_problem,
)

FIELDS = ("criteria", "options", "conditions", "why", "example")
TYPED = '{"weights": {"cost": 5, "english": 3}, "choice": "ph"}'
RULES = ("more", "least", "most", "first")
HIGHEST = 10  # of a weight and of a score
CLOSE = 1e-9  # ranks and shares that differ by less are equal


# ---- the author's side


def check(question: Question) -> list[Problem]:
    body = question.body
    criteria: Any = body.get("criteria")
    options: Any = body.get("options")
    problems = []
    if not isinstance(criteria, dict) or not 2 <= len(criteria) <= 6:
        wrong = '"criteria" must map 2 to 6 ids to labels.'
        problems.append(Problem(("criteria",), wrong, "Write it as 'criteria: {cost: Low cost, english: English}'."))
        criteria = {}
    for id_, label in criteria.items():
        at = ("criteria", id_)
        problems += filter(
            None,
            [id_problem(id_, at, "the criterion's id"), text_problem(label, at, f'the label of criterion "{id_}"')],
        )
    problems += check_entries(options, "options", ("id", "text", "scores"))
    if isinstance(options, list) and len(options) > 8:
        problems.append(
            Problem(("options",), "there are more than 8 options.", "Keep those that a reader can compare.")
        )
    for n, option in enumerate(options if isinstance(options, list) else []):
        if criteria and isinstance(option, dict) and "scores" in option:
            problems += _score_problems(option["scores"], criteria, n)
    if problem := text_problem(body.get("why"), ("why",), '"why"'):
        problems.append(Problem(("why",), problem.wrong, "Say what the question teaches."))
    if problems:
        return problems
    problems = _condition_problems(body.get("conditions"), criteria, [option["id"] for option in options])
    return problems or _example_problems(question)


def _score_problems(scores: Any, criteria: dict[str, str], n: int) -> list[Problem]:
    at = ("options", n, "scores")
    if not isinstance(scores, dict) or set(scores) != set(criteria):
        wrong = f"option {n + 1} must have a score for each criterion and for nothing else."
        return [Problem(at, wrong, f"They are: {', '.join(criteria)}.")]
    return [
        Problem(
            (*at, name),
            f'score "{name}" of option {n + 1} must be a number from 0 to {HIGHEST}, not {value!r}.',
            "Write it as 7.5.",
        )
        for name, value in scores.items()
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= HIGHEST
    ]


def _condition_problems(conditions: Any, criteria: dict[str, str], options: list[str]) -> list[Problem]:
    cure = "Write each as '- {text: Cost counts more than English., more: [cost, english]}'; the rules are more, least, most and first."
    if not isinstance(conditions, list) or not 1 <= len(conditions) <= 5:
        return [Problem(("conditions",), '"conditions" must be a list of 1 to 5 entries.', cure)]
    problems = []
    for n, condition in enumerate(conditions):
        at, name = ("conditions", n), f"condition {n + 1}"
        rules = [rule for rule in condition if rule != "text"] if isinstance(condition, dict) else []
        if len(rules) != 1 or rules[0] not in RULES:
            problems.append(
                Problem(
                    at, f"{name} must have a text and one rule.", near(rules[0], RULES) if len(rules) == 1 else cure
                )
            )
            continue
        if problem := text_problem(condition.get("text"), at, f'"text" of {name}'):
            problems.append(problem)
        (rule,), value = rules, condition[rules[0]]
        below = (*at, rule)
        if rule == "first":
            if value not in options:
                problems.append(Problem(below, f'{name} names the unknown option "{value}".', near(value, options)))
        elif rule == "more":
            if not isinstance(value, list) or len(value) != 2 or not all(one in [*criteria] for one in value):
                problems.append(
                    Problem(
                        below, f'"more" of {name} must be a list of two criteria.', f"They are: {', '.join(criteria)}."
                    )
                )
        elif not (isinstance(value, dict) and value and set(value) <= set(criteria)) or not all(
            type(share) in (int, float) and 0 <= share <= 1 for share in value.values()
        ):
            wrong = f'"{rule}" of {name} must map a criterion to a share from 0 to 1.'
            problems.append(Problem(below, wrong, f"Write it as '{rule}: {{{next(iter(criteria))}: 0.2}}'."))
    return problems


def _example_problems(question: Question) -> list[Problem]:
    example = question.body.get("example")
    try:
        answer = parse(example) if isinstance(example, dict) else None
        found = score(question, answer) if answer else None
    except NotAnAnswer as reason:
        return [
            Problem(
                ("example",), f"the example is no answer: {reason}", "Give weights and a choice that earn full credit."
            )
        ]
    if found is None or found.credit != 1:
        wrong = f"the example does not earn full credit: {found.reason}" if found else "there is no example."
        return [
            Problem(
                ("example",),
                wrong,
                "Give one answer that meets every condition: it shows that the question can be solved.",
            )
        ]
    level = dict.fromkeys(question.body["criteria"], 1)
    if all(held(question.body, level)):
        return [
            Problem(("conditions",), "equal weights meet every condition.", "Add one for which the learner must weigh.")
        ]
    return []


# ---- the learner's side


def public(question: Question) -> dict[str, Any]:
    body = question.body
    return {
        "criteria": dict(body["criteria"]),
        "options": [
            {"id": option["id"], "text": option["text"], "scores": dict(option["scores"])} for option in body["options"]
        ],
        "conditions": [condition["text"] for condition in body["conditions"]],
    }


def parse(raw: Any) -> dict[str, Any] | None:
    if raw is None:
        return None
    if type(raw) is not dict:
        raise NotAnAnswer(f"The answer is {a_type(raw)}; it must give weights and a choice.")
    if not set(raw) <= {"weights", "choice"}:
        raise NotAnAnswer("The answer holds more than weights and a choice.")
    weights, choice = raw.get("weights"), raw.get("choice")
    if weights is not None and type(weights) is not dict:
        raise NotAnAnswer(f"The answer holds {a_type(weights)} where the weights belong.")
    if weights and len(weights) > MOST_PARTS:
        raise NotAnAnswer(f"The answer weighs {len(weights):,} criteria, far more than any question has.")
    weights = {clean_id(name, "a criterion"): _weight(weight) for name, weight in (weights or {}).items()}
    if weights and not any(weights.values()):
        raise NotAnAnswer("All weights are 0: give at least one criterion a weight.")
    choice = None if empty(choice) else clean_id(choice, "one option")
    return {"weights": weights, "choice": choice} if weights or choice else None


def _weight(raw: Any) -> int:
    if type(raw) not in (int, float) or not 0 <= raw <= HIGHEST or raw != int(raw):
        raise NotAnAnswer(f"A weight must be a whole number from 0 to {HIGHEST}.")
    return int(raw)


def unfinished(public: dict[str, Any], answer: dict[str, Any] | None) -> str:
    weights, choice = (answer or {}).get("weights", {}), (answer or {}).get("choice")
    left = [label for id_, label in public["criteria"].items() if id_ not in weights]
    if left:
        return "Set the weights." if len(left) == len(public["criteria"]) else f"Set the weight of: {', '.join(left)}."
    return "" if any(option["id"] == choice for option in public["options"]) else "Choose one option."


# ---- scoring; the JavaScript twin is kinds/decision.js


def ranking(options: list[dict], weights: Mapping[str, float]) -> list[dict]:
    """{"id", "score", "rank"} of every option, the best first: the weighted mean of its scores; equal scores share a rank.

    `weights` must hold one above 0.
    """
    total = math.fsum(weights.values())
    rows = [
        {"id": one["id"], "score": math.fsum(weights[name] * one["scores"][name] for name in weights) / total}
        for one in options
    ]
    rows.sort(key=lambda row: -row["score"])  # a stable sort: equals keep the author's order
    for n, row in enumerate(rows):
        before = rows[n - 1] if n else None
        row["rank"] = before["rank"] if before and before["score"] - row["score"] <= CLOSE else n + 1
    return rows


def held(body: dict, weights: Mapping[str, float]) -> list[bool]:
    """Which of the conditions hold for these weights."""
    total = math.fsum(weights.values())
    first = {row["id"] for row in ranking(body["options"], weights) if row["rank"] == 1}
    rules = {
        "more": lambda pair: weights[pair[0]] > weights[pair[1]],
        "least": lambda shares: all(weights[name] / total >= share - CLOSE for name, share in shares.items()),
        "most": lambda shares: all(weights[name] / total <= share + CLOSE for name, share in shares.items()),
        "first": lambda option: option in first,
    }
    return [
        all(rules[rule](value) for rule, value in condition.items() if rule != "text")
        for condition in body["conditions"]
    ]


def score(question: Question, answer: dict[str, Any]) -> Score:
    """0 when the choice is not first by the learner's own weights, else (1 + conditions held) / (1 + conditions)."""
    body, weights, choice = question.body, answer["weights"], answer["choice"]
    names = {option["id"]: option["text"] for option in body["options"]}
    if set(weights) - set(body["criteria"]):
        return Score.invalid("The answer weighs a criterion that this question does not have.")
    if choice is not None and choice not in names:
        return Score.invalid("The answer names an option that this question does not have.")
    if set(weights) != set(body["criteria"]) or choice is None:
        return Score.of(0.0, f"Not finished. {unfinished(public(question), answer)}", [])
    fits = held(body, weights)
    first = [row["id"] for row in ranking(body["options"], weights) if row["rank"] == 1]
    parts = [
        Part(f"condition-{n + 1}", float(fit), condition["text"])
        for n, (fit, condition) in enumerate(zip(fits, body["conditions"]))
    ]
    count = f"{sum(fits)} of {len(fits)} conditions {'holds' if sum(fits) == len(fits) == 1 else 'hold'}."
    if choice not in first:
        return Score.of(
            0.0,
            f"Your weights put {' and '.join(names[id_] for id_ in first)} first, not {names[choice]}. {count}",
            parts,
        )
    return Score.of((1 + sum(fits)) / (1 + len(fits)), f"Your choice is first by your weights. {count}", parts)


def samples(question: Question) -> list[Sample]:
    body = question.body
    weights, choice = body["example"]["weights"], body["example"]["choice"]
    other = next(option["id"] for option in body["options"] if option["id"] != choice)
    one = next(iter(body["criteria"]))
    found = [Sample(body["example"], 1.0, "correct"), *_level_sample(body)]
    if any(row["id"] == other and row["rank"] > 1 for row in ranking(body["options"], weights)):
        found.append(Sample({"weights": weights, "choice": other}, 0.0, "wrong"))
    found += [Sample({"weights": weights, "choice": None}, 0.0, "wrong"), Sample({"choice": choice}, 0.0, "wrong")]
    broken: list[Any] = [
        choice,
        [body["example"]],
        {"weights": dict.fromkeys(weights, 0), "choice": choice},
        {"weights": {**weights, one: 11}, "choice": choice},
        {"weights": {**weights, one: 0.5}, "choice": choice},
        {"weights": {**weights, one: True}, "choice": choice},
        {"weights": {**weights, one: "3"}, "choice": choice},
        {"weights": {**weights, "no-such-criterion": 1}, "choice": choice},
        {"weights": weights, "choice": "no-such-option"},
        {"weights": list(weights), "choice": choice},
        {"weights": weights, "choice": choice, "more": 1},
    ]
    nothing: list[Any] = [None, {}, {"weights": {}}]
    return [
        *found,
        *(Sample(raw, 0.0, "invalid") for raw in broken),
        *(Sample(raw, 0.0, "unanswered") for raw in nothing),
    ]


def _level_sample(body: dict) -> list[Sample]:
    """Equal weights and the option that they put first: part of the credit, as `check` sees to it."""
    level = dict.fromkeys(body["criteria"], 5)
    fits, choice = held(body, level), ranking(body["options"], level)[0]["id"]
    return [Sample({"weights": level, "choice": choice}, (1 + sum(fits)) / (1 + len(fits)), "partly")]


def in_words(public: dict[str, Any], raw: Any) -> tuple[str, ...]:
    if type(raw) is not dict:
        return in_json(raw)
    names, weights, choice = (
        {option["id"]: option["text"] for option in public["options"]},
        raw.get("weights"),
        raw.get("choice"),
    )
    lines = []
    for name, weight in list(weights.items())[:MOST_PARTS] if type(weights) is dict else []:
        lines.append(f"{cut(public['criteria'].get(name, str(name)))}: {''.join(in_json(weight))}")
    if not empty(choice):
        lines.append(f"Choice: {cut(names.get(choice, choice) if type(choice) is str else ''.join(in_json(choice)))}")
    return tuple(lines)


def as_lines(public: dict[str, Any]) -> list[str]:
    criteria = lettered([{"id": id_, "text": label} for id_, label in public["criteria"].items()])
    scores = [
        ", ".join(f"{public['criteria'][name]} {score}" for name, score in option["scores"].items())
        for option in public["options"]
    ]
    options = [f"{line}: {score}" for line, score in zip(lettered(public["options"]), scores)]
    return [f"Give each a weight from 0 to {HIGHEST}: {', '.join(criteria)}.", *options, *public["conditions"]]


def secrets(question: Question) -> Secrets:
    body = question.body
    shown = tuple(option["text"] for option in body["options"])
    return Secrets(texts=(body["why"],), right=(body["example"],), fields=("why", "example"), shown=shown)
