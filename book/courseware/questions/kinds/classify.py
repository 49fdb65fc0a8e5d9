"""`classify`: the learner puts each item in a category. The answer maps item ids to category ids and may be partial."""

from __future__ import annotations

from fractions import Fraction
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

FIELDS = ("categories", "items", "scoring")
TYPED = '{"a": "bpo", "b": "kpo"}'
SCORING = ("plain", "corrected")


def check(question: Question) -> list[Problem]:
    body = question.body
    categories, items = body.get("categories"), body.get("items")
    problems = []
    if not isinstance(categories, dict) or not 2 <= len(categories) <= 20:
        problems.append(
            Problem(
                ("categories",),
                '"categories" must map 2 to 20 ids to labels.',
                "Write it as 'categories: {bpo: BPO, kpo: KPO}'.",
            )
        )
        categories = None
    for id_, label in (categories or {}).items():
        at = ("categories", id_)
        problems += filter(
            None, [id_problem(id_, at, "the category's id"), text_problem(label, at, f'the label of category "{id_}"')]
        )
    problems += check_entries(items, "items", ("id", "text", "answer", "why"))
    for n, item in enumerate(items if isinstance(items, list) else []):
        answer = item.get("answer") if isinstance(item, dict) else None
        if (
            categories
            and isinstance(item, dict)
            and "answer" in item
            and not (isinstance(answer, str) and answer in categories)
        ):
            problems.append(
                Problem(
                    ("items", n, "answer"),
                    f"item {n + 1} belongs to the unknown category {answer!r}.",
                    near(answer, categories)
                    if isinstance(answer, str)
                    else "Put the category's id in double quotes: YAML reads it as something else.",
                )
            )
    if "scoring" in body and body["scoring"] not in SCORING:
        problems.append(
            Problem(
                ("scoring",),
                f"unknown scoring {body['scoring']!r}.",
                "Use plain (the share of items right) or corrected (chance taken off).",
            )
        )
    return problems


def public(question: Question) -> dict[str, Any]:
    return {
        "categories": dict(question.body["categories"]),
        "items": [{"id": item["id"], "text": item["text"]} for item in question.body["items"]],
        "scoring": question.body.get("scoring", "plain"),
    }


def parse(raw: Any) -> dict[str, str] | None:
    if raw is None:
        return None
    if type(raw) is not dict:
        raise NotAnAnswer(f"The answer is {a_type(raw)}; it must give items their categories.")
    if len(raw) > MOST_PARTS:
        raise NotAnAnswer(f"The answer places {len(raw):,} items, far more than any question has.")
    placed = {
        clean_id(item, "an item"): clean_id(category, "a category")
        for item, category in raw.items()
        if not empty(category)
    }
    return placed or None


def unfinished(public: dict[str, Any], answer: dict[str, str] | None) -> str:
    categories = public["categories"]
    left = sum((answer or {}).get(item["id"]) not in categories for item in public["items"])
    return "" if not left else f"{left} of {len(public['items'])} items {'is' if left == 1 else 'are'} not placed yet."


def credit(right: int, wrong: int, items: int, categories: int, scoring: str) -> float:
    """Share of items right; `corrected` takes off what blind guessing earns: (R - W / (k - 1)) / n, never below 0.

    The classical correction for guessing (Diamond and Evans 1973, Review of Educational Research 43(2)): R right and
    W wrong of n items, k categories; an item left out is neither.
    """
    earned = Fraction(right) - (Fraction(wrong, categories - 1) if scoring == "corrected" else 0)
    return float(max(earned / items, Fraction(0)))


def score(question: Question, answer: dict[str, str]) -> Score:
    body = question.body
    categories, items = body["categories"], body["items"]
    if set(answer) - {item["id"] for item in items}:
        return Score.invalid("The answer places an item that this question does not have.")
    if set(answer.values()) - set(categories):
        return Score.invalid("The answer uses a category that this question does not have.")
    right = [item["id"] for item in items if answer.get(item["id"]) == item["answer"]]
    earned = credit(len(right), len(answer) - len(right), len(items), len(categories), body.get("scoring", "plain"))
    parts = [Part(item["id"], float(item["id"] in right), item["why"]) for item in items]
    left = len(items) - len(answer)
    reason = f"{len(right)} of {len(items)} items placed correctly{f', {left} not placed' if left else ''}."
    return Score.of(earned, reason, parts)


def samples(question: Question) -> list[Sample]:
    body = question.body
    items, categories, scoring = body["items"], list(body["categories"]), body.get("scoring", "plain")
    n, k = len(items), len(categories)
    right = {item["id"]: item["answer"] for item in items}
    wrong = {item["id"]: next(category for category in categories if category != item["answer"]) for item in items}
    half = n // 2
    mixed = {**wrong, **dict(list(right.items())[:half])}
    partial = dict(list(right.items())[:half])
    # R - W / (k - 1), written out again: a sample's score is known without the function under test
    half_credit = half / n if scoring == "plain" else max(0.0, (half - (n - half) / (k - 1)) / n)
    broken = [
        "bpo",
        [right],
        {items[0]["id"]: 1},
        {items[0]["id"]: [categories[0]]},
        {"no-such-item": categories[0]},
        {items[0]["id"]: "no-such-category"},
        0.5,
        True,
    ]
    return [
        Sample(right, 1.0, "correct"),
        Sample(mixed, half_credit, "partly" if half_credit else "wrong"),
        Sample(partial, half / n, "partly"),
        Sample(wrong, 0.0, "wrong"),
        *(Sample(raw, 0.0, "invalid") for raw in broken),
        Sample(None, 0.0, "unanswered"),
        Sample({}, 0.0, "unanswered"),
    ]


def in_words(public: dict[str, Any], raw: Any) -> tuple[str, ...]:
    if type(raw) is not dict:
        return in_json(raw)
    texts, categories = {item["id"]: item["text"] for item in public["items"]}, public["categories"]
    lines = []
    for item, category in list(raw.items())[:MOST_PARTS]:
        place = categories.get(category, category) if type(category) is str else "".join(in_json(category))
        lines.append(f"{cut(texts.get(item, str(item)))}: {cut(place)}")
    return tuple(lines)


def as_lines(public: dict[str, Any]) -> list[str]:
    labels = [{"id": id_, "text": label} for id_, label in public["categories"].items()]
    return [f"Categories: {', '.join(lettered(labels))}.", *lettered(public["items"])]


def secrets(question: Question) -> Secrets:
    items = question.body["items"]
    return Secrets(
        texts=tuple(item["why"] for item in items),
        right=({item["id"]: item["answer"] for item in items},),
        fields=("answer", "why", "correct"),
        shown=tuple(item["text"] for item in items),
    )
