"""`written`: prose that a person grades; words are counted, and no text breaks anything."""

from __future__ import annotations

import pytest
from demo_questions import ROOT, hostile, written

from courseware.questions import QuestionError, load_questions, score
from courseware.questions.kinds import written as kind

GOOD = (ROOT / "tests/data/kinds/written.yml").read_text("utf8")


@pytest.fixture
def question(tmp_path):
    return load_questions(written(tmp_path, GOOD))[0]


def test_the_learner_sees_the_rubric_and_not_the_model(question):
    public = question.public()
    assert public["words"] == {"least": 5, "most": 8} and public["rubric"][1] == {
        "text": "Gives two reasons",
        "points": 2,
    }
    assert "Manila" not in str(public)


def test_a_person_grades_and_nothing_is_nothing(question):
    for sample in kind.samples(question):
        assert (score(question, sample.raw).verdict, score(question, sample.raw).credit) == (sample.verdict, 0)
    assert {sample.verdict for sample in kind.samples(question)} == {"by hand", "invalid", "unanswered"}
    for raw in hostile():
        assert score(question, raw).verdict in ("invalid", "unanswered", "by hand") and score(question, raw).credit == 0


@pytest.mark.parametrize(
    "text, count",
    [
        ("one", 1),
        ("one two", 2),
        (" one\n\ntwo\u00a0three ", 3),
        ("round-the-clock, 24/7 – yes", 4),
        ("", 0),
        ("\ufeff", 0),
    ],
)
def test_words_are_what_stands_between_blanks(text, count):
    assert kind.word_count(text) == count


def test_too_few_or_too_many_words_are_not_finished_and_not_invalid(question):
    public = question.public()
    assert (
        kind.unfinished(public, "In Manila") == "2 words of 5 to 8."
        and kind.unfinished(public, None) == "0 words of 5 to 8."
    )
    assert kind.unfinished(public, question.body["model"]) == ""
    assert kind.unfinished(public, "a " * 9) == "9 words of 5 to 8."
    assert score(question, "In").verdict == "by hand", "a person decides what a short text is worth"


MISTAKES = {
    "no words": ("{least: 5, most: 8}", "60", 7, "least and the most"),
    "least above most": ("{least: 5, most: 8}", "{least: 9, most: 8}", 7, "least and the most"),
    "a model too long": ("most: 8", "most: 6", 11, "has 7 words, and 5 to 6"),
    "no model": ("  model: In Manila, for cost and for talk.\n", "", 1, '"model" is empty'),
    "points that do not add up": ("points: 2}", "points: 3}", 8, "gives 4 points, the question 3"),
    "a line without points": (", points: 2}", "}", 10, "no points above 0"),
    "an unknown field": ("points: 2}", "points: 2, why: so}", 10, 'unknown field "why"'),
    "no rubric": ("text: Names a place, points: 1", "text: , points: 1", 9, "is empty"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told_with_its_line(tmp_path, mistake):
    old, new, line, words = MISTAKES[mistake]
    assert old in GOOD
    with pytest.raises(QuestionError) as caught:
        load_questions(written(tmp_path, GOOD.replace(old, new, 1)))
    assert [error for error in caught.value.errors if words in str(error) and error.line == line], str(caught.value)
