"""`choices`: credit worked out by hand, choosing all earns nothing, authors' mistakes."""

from __future__ import annotations

from itertools import combinations

import pytest
from demo_questions import GOOD, ROOT, hostile, scores_its_samples, written

from courseware.questions import QuestionError, load_questions, score

ONE = (ROOT / "tests/data/kinds/choices.yml").read_text("utf8")


@pytest.fixture
def question(tmp_path):
    return load_questions(written(tmp_path, ONE))[0]


@pytest.mark.parametrize(
    "answer, credit, reason",
    [
        (["age", "pay", "size"], 1, "3 of 3 right options chosen, and 0 wrong."),
        (["pay", "age"], 2 / 3, "2 of 3 right options chosen, and 0 wrong."),
        (["pay", "age", "joy"], 2 / 3 - 1 / 2, "2 of 3 right options chosen, and 1 wrong."),
        (["pay", "love"], 0, "1 of 3 right options chosen, and 1 wrong."),  # 1/3 - 1/2 is below 0
        (["pay", "age", "size", "love", "joy"], 0, "3 of 3 right options chosen, and 2 wrong."),
        (["love"], 0, "0 of 3 right options chosen, and 1 wrong."),
    ],
)
def test_wrong_options_take_off_what_right_ones_earn(question, answer, credit, reason):
    found = score(question, answer)
    assert found.credit == pytest.approx(credit) and found.reason == reason
    assert {part.id: part.credit for part in found.parts} == {
        id_: float((id_ in answer) == (id_ in ("pay", "age", "size"))) for id_ in ("pay", "love", "age", "joy", "size")
    }


def test_picking_at_random_earns_little(question):
    """All 31 answers: the three right options add 1/3 each and the two wrong ones take 1/2 off, never below 0."""
    ids = ["pay", "age", "size", "love", "joy"]
    sets = [list(chosen) for n in range(1, 6) for chosen in combinations(ids, n)]
    # without a wrong one: 3 * 1/3 + 3 * 2/3 + 1 = 4; with one (two ways): 3 * 1/6 + 1/2 = 1 each; with both: nothing
    assert len(sets) == 31 and sum(score(question, chosen).credit for chosen in sets) == pytest.approx(4 + 2 * 1)


def test_samples_score_as_they_say_and_nothing_breaks_it(question):
    scores_its_samples(question)
    for raw in hostile():
        assert score(question, raw).credit == 0
        assert score(question, [raw]).verdict == "invalid"


MISTAKES = {
    "none right": ("correct: true, ", "", 7, "no option is correct"),
    "all right": (" love of the work, why", " love of the work, correct: true, why", 7, "every option is correct"),
    "no truth value": ("joy of the team, why", "joy of the team, correct: perhaps, why", 11, "must be true or false"),
    "no reason": (", why: Nobody counts joy.", "", 11, 'has no "why"'),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told_with_its_line(tmp_path, mistake):
    old, new, line, words = MISTAKES[mistake]
    text = ONE.replace("joy of the team, why", "joy of the team, correct: true, why") if mistake == "all right" else ONE
    with pytest.raises(QuestionError) as caught:
        load_questions(
            written(tmp_path, text.replace(old, new) if mistake == "none right" else text.replace(old, new, 1))
        )
    assert [error for error in caught.value.errors if words in str(error) and error.line == line], str(caught.value)


def test_two_right_options_of_a_choice_name_the_kind_for_them(tmp_path):
    with pytest.raises(QuestionError, match="of the kind choices"):
        load_questions(written(tmp_path, GOOD.replace("password, why", "password, correct: true, why")))
