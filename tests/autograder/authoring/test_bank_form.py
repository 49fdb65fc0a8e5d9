"""No question can be answered from its form: length, place, category, number of right options, words, order.

Computed over the graded bank: no key stands in this file.
"""

import random
import re
from collections import Counter
from itertools import combinations

import pytest
from bank_items import choices, entries, right, rights, words

from courseware.questions import score


def test_length_gives_nothing_away(graded):
    found = choices(graded)
    longest = shortest = 0
    for question in found:
        sizes = [len(option["text"]) for option in question.body["options"]]
        mine = sizes[right(question)]
        assert max(sizes) <= 1.5 * min(sizes), question.id
        longest += mine == max(sizes)
        shortest += mine == min(sizes)
    share = 1 / 4 if found[0].use == "graded" else 1 / 3
    assert longest <= len(found) * share and shortest <= len(found) / 3, (longest, shortest, len(found))
    for question in graded:
        if question.kind in ("choices", "order"):
            sizes = [len(entry["text"]) for entry in entries(question)]
            assert question.kind == "order" or max(sizes) <= 1.5 * min(sizes), question.id
            assert question.kind == "choices" or sizes not in (sorted(sizes), sorted(sizes, reverse=True)), question.id


def test_no_place_is_favoured(files):
    for path, questions in files.items():
        places = Counter(right(question) for question in questions if question.kind == "choice")
        total = sum(places.values())
        if total >= 4:
            assert max(places.values()) <= total / 2, (path, places)
        if path.startswith("autograder/"):
            assert max(places.values()) - min(places[n] for n in range(4)) <= 1, (path, places)
            order = [right(question) for question in questions if question.kind == "choice"]
            assert not any(a == b == c for a, b, c in zip(order, order[1:], order[2:])), (path, order)


def test_no_category_is_favoured(graded):
    uneven = 0
    for question in graded:
        if question.kind == "classify":
            used = Counter(item["answer"] for item in question.body["items"])
            assert set(used) == set(question.body["categories"]), question.id
            most, least = max(used.values()), min(used.values())
            assert most <= 2 * least if question.use == "graded" else most - least <= 2, question.id
            uneven += most > least
            for item in question.body["items"]:  # an item that repeats the words of one category's label
                hints = {
                    id_ for id_, label in question.body["categories"].items() if words(label) & words(item["text"])
                }
                assert question.use == "practice" or hints != {item["answer"]}, (question.id, item["id"])
    assert uneven  # who knows that all categories are equally full has the last items for nothing


def test_how_many_to_choose_is_not_always_the_same(graded):
    """Of the options of `choices` neither a fixed number nor a fixed share is right."""
    found = [question for question in graded if question.kind == "choices"]
    if len(found) >= 4:
        assert len({len(rights(question)) for question in found}) > 1
        assert len({(len(rights(question)), len(question.body["options"])) for question in found}) > 1
        assert max(Counter(n for question in found for n in rights(question)).values()) <= len(found) * 3 / 4


def guessers():
    """Ways to choose by form alone: question -> the weight of each option."""

    def by(measure, pick):
        def guess(question):
            values = [measure(question, option["text"]) for option in question.body["options"]]
            return [float(value == pick(values)) for value in values]

        return guess

    def shared(question, text):
        return len(words(text) & words(question.prompt))

    def like_the_others(question, text):
        return sum(len(words(text) & words(other["text"])) for other in question.body["options"])

    def hedged(_question, text):
        return len(re.findall(r"\b(may|can|could|might|some|often|depends|most|about|both|also|yet)\b", text.lower()))

    def absolute(_question, text):
        return len(re.findall(r"\b(all|always|never|only|must|no|none|every|any|alone|cannot)\b", text.lower()))

    ways = {
        "longest": by(lambda q, text: len(text), max),
        "shortest": by(lambda q, text: len(text), min),
        "shares most words with the prompt": by(shared, max),
        "shares fewest": by(shared, min),
        "most like the other options": by(like_the_others, max),
        "least like them": by(like_the_others, min),
        "most careful words": by(hedged, max),
        "fewest absolute words": by(absolute, min),
    }
    for place in range(4):
        ways[f"place {place + 1}"] = lambda question, place=place: [
            float(n == place) for n in range(len(question.body["options"]))
        ]
    return ways


@pytest.mark.parametrize("way", guessers())
def test_a_test_wise_guesser_gains_nothing(graded, way):
    """A guesser by form who picks one option stays near chance: at most 10 points above it for each single way."""
    for found in (choices(graded), choices(graded, "choice", "choices")):
        gained = chance = 0.0
        for question in found:
            weights, good = guessers()[way](question), rights(question)
            gained += sum(weights[n] for n in good) / sum(weights) / len(good) if sum(weights) else 1 / len(weights)
            chance += 1 / len(weights)
        assert (gained - chance) / len(found) <= 0.10, (
            f"{way}: {gained / len(found):.2f} against chance {chance / len(found):.2f}"
        )


@pytest.mark.parametrize("way", guessers())
def test_who_picks_several_options_by_form_gains_nothing(graded, way):
    """Even a guesser who knows how many are right: the options that score highest by form, against that number drawn at random."""
    found, gained = choices(graded, "choices"), 0.0
    for question in found:
        options = [option["id"] for option in question.body["options"]]
        many = sum(bool(option.get("correct")) for option in question.body["options"])
        weights = guessers()[way](question)
        ranked = sorted(zip(weights, options), key=lambda pair: -pair[0])
        sure = [id_ for weight, id_ in ranked if weight > 0][:many]
        rest = [id_ for id_ in options if id_ not in sure]
        blind = [score(question, list(picked)).credit for picked in combinations(options, many)]
        told = [score(question, [*sure, *more]).credit for more in combinations(rest, many - len(sure))]
        gained += sum(told) / len(told) - sum(blind) / len(blind)
    assert gained / len(found) <= 0.10, gained / len(found)


ORDERS = {
    "shortest first": lambda item: len(item["text"]),
    "longest first": lambda item: -len(item["text"]),
    "smallest number first": lambda item: float((re.findall(r"\d+", item["text"]) or ["0"])[0]),
    "largest number first": lambda item: -float((re.findall(r"\d+", item["text"]) or ["0"])[0]),
    "by alphabet": lambda item: item["text"],
    "by id": lambda item: item["id"],
}


@pytest.mark.parametrize("way", ORDERS)
def test_who_puts_in_order_by_form_gains_nothing(graded, way):
    found, gained, draw = choices(graded, "order"), 0.0, random.Random(1)
    for question in found:
        items = question.body["items"]
        ids = [item["id"] for item in items]
        blind = [score(question, draw.sample(ids, len(ids))).credit for _ in range(200)]
        by_form = [item["id"] for item in sorted(draw.sample(items, len(items)), key=ORDERS[way])]
        gained += score(question, by_form).credit - sum(blind) / len(blind)
    assert gained / len(found) <= 0.10, gained / len(found)
