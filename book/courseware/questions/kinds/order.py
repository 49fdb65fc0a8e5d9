"""`order`: the learner puts items in order. The answer is the list of all their ids, the first one first."""

from __future__ import annotations

from fractions import Fraction
from hashlib import sha256
from itertools import count
from typing import Any

from ..model import Part, Problem, Question, Sample, Score, Secrets
from ._fields import check_entries, clean_ids, ids_in_words, lettered

FIELDS = ("items",)
TYPED = '["c", "a", "b"]'
LEAST, MOST = 3, 8
# n! times the mean length of the longest increasing run of a random order of n items (OEIS A003316), and n!
_MEAN_RUN = {3: (12, 6), 4: (58, 24), 5: (335, 120), 6: (2261, 720), 7: (17465, 5040), 8: (152008, 40320)}


def check(question: Question) -> list[Problem]:
    items = question.body.get("items")
    problems = list(check_entries(items, "items", ("id", "text", "why"), least=LEAST))
    if isinstance(items, list) and len(items) > MOST:
        problems.append(
            Problem(("items",), f"{len(items)} items are more than one can keep in mind.", f"Give {LEAST} to {MOST}.")
        )
    if isinstance(items, list) and not problems:
        ids = [item["id"] for item in items]
        if sorted(ids) in (ids, ids[::-1]):
            wrong = "the ids in the order of the alphabet give the right order away."
            problems.append(Problem(("items",), wrong, "Give the items other ids, or name them after what they say."))
    return problems


def public(question: Question) -> dict[str, Any]:
    """The items shuffled by the question's id: the same for all learners, and neither the right order nor its reverse."""
    items = [{"id": item["id"], "text": item["text"]} for item in question.body["items"]]
    orders = (
        sorted(items, key=lambda item: sha256(f"{question.id}/{salt}/{item['id']}".encode()).digest())
        for salt in count()
    )
    return {"items": next(order for order in orders if order not in (items, items[::-1]))}


def parse(raw: Any) -> list[str] | None:
    return clean_ids(raw, "an item")


def unfinished(public: dict[str, Any], answer: list[str] | None) -> str:
    left = len({item["id"] for item in public["items"]} - set(answer or ()))
    return f"{left} of {len(public['items'])} items {'is' if left == 1 else 'are'} missing." if left else ""


def longest_run(places: list[int]) -> list[int]:
    """The longest run of items, by their index, that stand in the right order to each other; `places` are their right places.

    Of several, the one that ends first (kinds/order.js finds the same).
    """
    runs: list[list[int]] = []
    for n, place in enumerate(places):
        before = [runs[k] for k in range(n) if places[k] < place]
        runs.append([*max(before, key=len, default=[]), n])
    return max(runs, key=len, default=[])


def score(question: Question, answer: list[str]) -> Score:
    """The longest run L in the right order, with what a random order of n items gives on average (E) taken off: (L - E) / (n - E)."""
    items = question.body["items"]
    right = [item["id"] for item in items]
    if set(answer) - set(right):
        return Score.invalid("The answer names an item that this question does not have.")
    if len(answer) < len(right):
        return Score.of(0.0, f"Not finished. {unfinished(public(question), answer)}", [])
    run = longest_run([right.index(id_) for id_ in answer])
    mean = Fraction(*_MEAN_RUN[len(items)])
    earned = max((len(run) - mean) / (len(items) - mean), Fraction(0))
    stand = {answer[n] for n in run}
    parts = [Part(item["id"], float(item["id"] in stand), item["why"]) for item in items]
    return Score.of(float(earned), f"{len(run)} of {len(items)} items stand in the right order.", parts)


def samples(question: Question) -> list[Sample]:
    right = [item["id"] for item in question.body["items"]]
    n = len(right)
    # the first item put last: a run of n - 1. E as decimals, written out again: a sample's score is known without the function under test
    mean = {
        3: 2,
        4: 2.4166666666666667,
        5: 2.7916666666666667,
        6: 3.1402777777777778,
        7: 3.4652777777777778,
        8: 3.770039682539683,
    }[n]
    moved = (n - 1 - mean) / (n - mean)
    nothing: list[Any] = [None, "", []]
    broken: list[Any] = [
        right[0],
        dict.fromkeys(right, 1),
        [*right, right[0]],
        [*right[1:], "no-such-item"],
        [1, 2, 3],
        [right],
        3,
        True,
    ]
    return [
        Sample(right, 1.0, "correct"),
        Sample([*right[1:], right[0]], moved, "partly" if moved else "wrong"),
        Sample(right[::-1], 0.0, "wrong"),
        Sample(right[:-1], 0.0, "wrong"),
        *(Sample(raw, 0.0, "invalid") for raw in broken),
        *(Sample(raw, 0.0, "unanswered") for raw in nothing),
    ]


def in_words(public: dict[str, Any], raw: Any) -> tuple[str, ...]:
    return tuple(f"{n}. {line}" for n, line in enumerate(ids_in_words(public["items"], raw), 1))


def as_lines(public: dict[str, Any]) -> list[str]:
    return lettered(public["items"])


def secrets(question: Question) -> Secrets:
    items = question.body["items"]
    return Secrets(
        texts=tuple(item["why"] for item in items),
        right=([item["id"] for item in items],),
        fields=("why", "answer", "correct"),
        shown=tuple(item["text"] for item in items),
    )
