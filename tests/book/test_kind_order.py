"""`order`: the chance level by enumeration, a start that gives nothing away, authors' mistakes."""

from __future__ import annotations

from itertools import permutations

import pytest
from demo_questions import ROOT, hostile, scores_its_samples, written

from courseware.questions import QuestionError, load_questions, score
from courseware.questions.kinds import order

ONE = (ROOT / "tests/data/kinds/order.yml").read_text("utf8")
RIGHT = ["need", "ask", "weigh", "sign"]


@pytest.fixture
def question(tmp_path):
    return load_questions(written(tmp_path, ONE))[0]


def test_credit_takes_off_what_a_random_order_earns(question):
    # Of the 24 orders of four items, the longest run has 4 once, 3 nine times, 2 thirteen times, 1 once (the reverse):
    # the mean is (4 + 27 + 26 + 1) / 24 = 58 / 24, and a run of 3 earns (3 - 58/24) / (4 - 58/24) = 14 / 38.
    credits = sorted(score(question, list(answer)).credit for answer in permutations(RIGHT))
    assert credits == pytest.approx([0] * 14 + [14 / 38] * 9 + [1])
    found = score(question, ["ask", "weigh", "sign", "need"])
    assert found.reason == "3 of 4 items stand in the right order."
    assert [(part.id, part.credit) for part in found.parts] == [("need", 0), ("ask", 1), ("weigh", 1), ("sign", 1)]


@pytest.mark.parametrize("n", range(order.LEAST, 8))
def test_the_mean_run_is_that_of_all_orders(n):
    def longest(places):  # of every subset: nothing but the definition
        return max(
            bin(mask).count("1")
            for mask in range(1 << n)
            if (chosen := [place for k, place in enumerate(places) if mask >> k & 1]) == sorted(chosen)
        )

    total, orders = order._MEAN_RUN[n]
    if n < 7:
        assert sum(longest(places) for places in permutations(range(n))) == total
    assert sum(len(order.longest_run(list(places))) for places in permutations(range(n))) == total
    assert orders == len(list(permutations(range(n))))


def test_the_start_is_fixed_and_neither_right_nor_reversed(question, tmp_path):
    for n in range(60):
        text = ONE.replace("demo-12", f"demo-{n}").replace(
            ONE[ONE.index("    - {id: sign") : ONE.index("  sources")], ""
        )
        (one,) = load_questions(written(tmp_path, text))
        start = [item["id"] for item in one.public()["items"]]
        assert sorted(start) == sorted(RIGHT[:3]) and start not in (RIGHT[:3], RIGHT[2::-1])
        assert one.public() == one.public()
    assert "why" not in str(question.public())


def test_an_order_with_a_gap_is_not_finished(question):
    assert score(question, RIGHT[:3]).reason == "Not finished. 1 of 4 items is missing."
    assert (
        order.unfinished(question.public(), RIGHT) == ""
        and order.unfinished(question.public(), None) == "4 of 4 items are missing."
    )
    assert order.in_words(question.public(), ["sign", "need"]) == ("1. Sign with one firm", "2. Say what is needed")


def test_samples_score_as_they_say_and_nothing_breaks_it(question):
    scores_its_samples(question)
    for raw in hostile():
        assert score(question, raw).credit == 0
        assert score(question, [*RIGHT[:3], raw]).verdict == "invalid"


MISTAKES = {
    "two items": (ONE[ONE.index("    - {id: weigh") : ONE.index("  sources")], "", 7, "list of 3 to"),
    "nine items": (
        "  sources",
        "".join(f"    - {{id: z{n}, text: T, why: w}}\n" for n in range(5)) + "  sources",
        7,
        "9 items",
    ),
    "ids in order": ("id: need", "id: about", 7, "give the right order away"),
    "no reason": (", why: Weighing needs offers.", "", 10, 'has no "why"'),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told_with_its_line(tmp_path, mistake):
    old, new, line, words = MISTAKES[mistake]
    text = ONE.replace("id: ask", "id: bid").replace("id: weigh", "id: check") if mistake == "ids in order" else ONE
    assert old in text
    with pytest.raises(QuestionError) as caught:
        load_questions(written(tmp_path, text.replace(old, new, 1)))
    assert [error for error in caught.value.errors if words in str(error) and error.line == line], str(caught.value)
