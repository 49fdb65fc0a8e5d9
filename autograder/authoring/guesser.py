"""A test-wise guesser: answers every question from its form, without knowing the subject.

Where it earns more than chance, a question's form gives its key away: by the longest option, by words of the prompt, by the
middle of the values. It sees what a learner sees and is scored as a learner is.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from statistics import mean, median
from typing import Any

from courseware.questions import Question, score

from .form import NUMBER, ONE, PLACED, SEQUENCE, SOME, Form, form, words

ALLOWED = 0.10  # credit above chance, as the mean over the bank
DRAWS = 200
_CAREFUL = re.compile(r"\b(may|can|could|might|some|often|depends|most|about|both|also|yet)\b")
_ABSOLUTE = re.compile(r"\b(all|always|never|only|must|no|none|every|any|alone|cannot)\b")
_FIGURE = re.compile(r"\d[\d,]*(?:\.\d+)?")


def _shared(text: str, prompt: str) -> int:
    return len(words(text) & words(prompt))


def _alike(text: str, others: list[str]) -> int:
    return sum(len(words(text) & words(other)) for other in others)


# What is measured of one text: (text, the other texts, prompt) -> number. The guesser takes the highest.
MEASURES: dict[str, Callable[[str, list[str], str], float]] = {
    "longest": lambda text, others, prompt: len(text),
    "shortest": lambda text, others, prompt: -len(text),
    "most specific": lambda text, others, prompt: (
        4 * len(_FIGURE.findall(text)) + mean([len(word) for word in text.split()])
    ),
    "shares most words with the prompt": lambda text, others, prompt: _shared(text, prompt),
    "shares fewest words with the prompt": lambda text, others, prompt: -_shared(text, prompt),
    "most like the others": lambda text, others, prompt: _alike(text, others),
    "least like the others": lambda text, others, prompt: -_alike(text, others),
    "most careful words": lambda text, others, prompt: len(_CAREFUL.findall(text.lower())),
    "fewest absolute words": lambda text, others, prompt: -len(_ABSOLUTE.findall(text.lower())),
}
MIDDLE, FREQUENT = "middle value", "most frequent category"
PLACES = tuple(f"place {n}" for n in range(1, 5))
WAYS = (*MEASURES, MIDDLE, FREQUENT, *PLACES)


def guesses(question: Form, way: str) -> list[Any]:
    """The raw answers that this way of guessing leads to: several where it is undecided, none where it says nothing."""
    ids = list(question.labels if question.shape == PLACED else question.entries)
    if way in PLACES:
        place = PLACES.index(way)
        picked = [ids[place]] if place < len(ids) else []
        return _as_answers(question, picked) if question.shape in (ONE, SOME, PLACED) else []
    if way == MIDDLE:
        return _middle(question)
    if way == FREQUENT:  # of the labels, the one whose words the items use most
        used = {id_: _alike(label, list(question.entries.values())) for id_, label in question.labels.items()}
        return (
            _as_answers(question, [id_ for id_ in used if used[id_] == max(used.values())])
            if question.shape == PLACED
            else []
        )
    value = {}
    for id_, text in question.entries.items():
        others = [other for key, other in question.entries.items() if key != id_]
        value[id_] = MEASURES[way](text, others, question.prompt)
    match question.shape:
        case "one":
            return [id_ for id_ in value if value[id_] == max(value.values())]
        case "some":
            chosen = [id_ for id_ in value if value[id_] > median(value.values())]
            return [chosen] if chosen else []
        case "sequence" if len(set(value.values())) == len(value):
            return [sorted(value, key=lambda id_: -value[id_])]
        case "placed" if way == "shares most words with the prompt":  # an item under the label whose words it repeats
            return [
                {
                    id_: max(ids, key=lambda label: _shared(question.labels[label], text))
                    for id_, text in question.entries.items()
                }
            ]
    return []


def _as_answers(question: Form, ids: list[str]) -> list[Any]:
    match question.shape:
        case "one":
            return ids
        case "some":
            return [[id_] for id_ in ids]
    return [dict.fromkeys(question.entries, id_) for id_ in ids]


def _middle(question: Form) -> list[Any]:
    if question.shape == NUMBER:
        figures = sorted(float(found.replace(",", "")) for found in _FIGURE.findall(question.prompt))
        return [figures[len(figures) // 2]] if figures else []
    figures = {id_: _FIGURE.search(text) for id_, text in question.entries.items()}
    if question.shape != ONE or not all(figures.values()):
        return []
    ranked = sorted(figures, key=lambda id_: float(figures[id_][0].replace(",", "")))
    return ranked[(len(ranked) - 1) // 2 : len(ranked) // 2 + 1]


def blind(question: Form, draw: random.Random) -> Any:
    """A random answer; None for a shape that cannot be guessed."""
    ids = list(question.entries)
    match question.shape:
        case "one":
            return draw.choice(ids)
        case "some":
            return [id_ for id_ in ids if draw.random() < 0.5] or [draw.choice(ids)]
        case "sequence":
            return draw.sample(ids, len(ids))
        case "placed":
            return {id_: draw.choice(list(question.labels)) for id_ in ids}
    return None


def chance(question: Form) -> float:
    """The credit that random answers earn on average, estimated from DRAWS of them with a fixed seed."""
    draw = random.Random(question.question.id)
    return mean(score(question.question, blind(question, draw)).credit for _ in range(DRAWS))


def gains(questions: list[Question]) -> dict[str, tuple[float, float]]:
    """For each way of guessing, its mean credit and that of chance. A question on which a way says nothing counts at chance."""
    forms = [
        found for question in questions if (found := form(question)).shape in (ONE, SOME, SEQUENCE, PLACED, NUMBER)
    ]
    by_chance = [chance(found) for found in forms]
    result = {}
    for way in WAYS:
        credit = []
        for found, expected in zip(forms, by_chance, strict=True):
            answers = guesses(found, way)
            credit.append(mean(score(found.question, answer).credit for answer in answers) if answers else expected)
        result[way] = (mean(credit), mean(by_chance))
    return result
