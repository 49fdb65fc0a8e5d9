"""`code`: what is called, how outcomes that nobody trusts are scored, and what the learner is told."""

from __future__ import annotations

import json
import math
from fractions import Fraction

import pytest
from demo_questions import ROOT, hostile, written

from courseware.questions import QuestionError, load_questions, score
from courseware.questions.kinds import code
from courseware.questions.kinds._data import plain, same

GOOD = (ROOT / "tests/data/kinds/code.yml").read_text("utf8")
RIGHT = [{"value": 0.2000000001}, {"value": -0.5}, {"error": "ValueError", "text": "start"}, {"value": 0.0}]


@pytest.fixture
def question(tmp_path):
    return load_questions(written(tmp_path, GOOD))[0]


def test_the_hidden_calls_are_plain_data(question):
    calls = code.calls(question)
    assert calls[0] == {"function": "cagr", "args": [200, 288, 2]} and len(calls) == 4
    assert json.loads(json.dumps(calls)) == calls


def test_a_learner_sees_the_examples_and_no_hidden_value(question):
    shown = json.dumps(question.public())
    assert [(one["call"], one["expected"]) for one in question.public()["examples"]] == [
        ("cagr(100, 121, 2)", "0.1"),
        ("cagr(0, 121, 2)", "raises ValueError"),
    ]
    assert not [hidden for hidden in ("288", "shrink", "(1 / years)", "credit", "tests") if hidden in shown]


def test_credit_is_the_share_of_hidden_checks(question):
    assert code.score_outcomes(question, RIGHT).reason == "All 4 hidden checks passed."
    assert code.score_outcomes(question, RIGHT).credit == 1
    two = code.score_outcomes(question, [RIGHT[0], {"value": "−0.5"}, {"value": 0}, RIGHT[3]])
    assert (two.credit, two.verdict) == (0.5, "partly")
    assert (
        two.reason
        == "2 of 4 hidden checks passed. One that failed: A market may shrink. It gave a text where a number belongs."
    )
    late = code.score_outcomes(question, [{"verdict": "timeout"}] * 4)
    assert (late.credit, late.verdict) == (0, "wrong") and late.reason.endswith("It took too long.")


def test_the_learners_own_error_cannot_carry_the_hidden_inputs_out(question):
    """A learner may raise an error whose text, or whose very name, holds the arguments."""
    for error in ({"error": "ValueError", "text": "200 288 2"}, {"error": "Args_200_288_2", "text": "200"}):
        reason = code.score_outcomes(question, [error, {"value": [200, 288, 2]}, *RIGHT[2:]]).reason
        assert "200" not in reason and "288" not in reason and "It stopped with" in reason
    value = code.score_outcomes(question, [RIGHT[0], {"value": [50, 25, 1]}, *RIGHT[2:]]).reason
    assert "50" not in value and "It gave a list where a number belongs." in value


def test_no_outcome_breaks_the_scoring_or_earns_credit(question):
    for thing in hostile():
        fields = [{"value": thing}, {"error": thing}, {"verdict": thing}, {"error": thing, "value": thing}]
        for outcomes in (
            thing,
            [thing] * 4,
            [thing] * 100_000 if thing is None else [thing],
            *([field] * 4 for field in fields),
        ):
            # 0 is what the last check expects: no credit is then one check's
            found = code.score_outcomes(question, outcomes)
            assert found.credit <= 0.25 and found.verdict in ("wrong", "partly") and len(found.reason) < 200
    assert code.score_outcomes(question, [{"value": math.nan}] * 4).credit == 0


@pytest.mark.parametrize(
    "expected, given, equal",
    [
        (0.1, 0.1 + 1e-9, True),
        (0.1, 0.1001, False),
        (2, 2.0, True),
        (2, 2.0000001, True),
        (10**6, 10**6 + 1, False),  # two whole numbers: exactly
        (0.0, 1e-14, True),
        (0.0, 1e-7, False),
        (1, True, False),
        (True, 1, False),
        (True, True, True),
        (None, None, True),
        (None, 0, False),
        ("a", "a", True),
        (0.5, "0.5", False),
        (0.5, math.nan, False),
        (0.5, math.inf, False),
        (0.5, 10**400, False),
        ([1, [2.0]], [1, [2]], True),
        ([1, 2], [2, 1], False),
        ([1], [1, 1], False),
        ({"a": 1}, {"a": 1.0}, True),
        ({"a": 1}, {"a": 1, "b": 2}, False),
        ([1], {"0": 1}, False),
    ],
)
def test_data_are_compared_exactly_but_for_the_last_digits(expected, given, equal):
    assert same(expected, given, 1e-6) is equal


def test_what_a_function_gives_is_made_plain_or_refused():
    class Float(float):
        """As numpy's float64."""

    assert plain((1, Float(0.5), {"a": Fraction(1, 2)}, True, None, "x")) == [1, 0.5, {"a": 0.5}, True, None, "x"]
    assert type(plain(Float(3))) is float and type(plain(True)) is bool
    ring: list = []
    ring.append(ring)
    for thing in ({1, 2}, b"a", {1: 2}, object(), ring, list(range(2000)), lambda: 0):
        with pytest.raises(TypeError):
            plain(thing)


def test_a_source_is_an_answer_and_waits_to_be_run(question):
    assert score(question, question.body["solution"]).verdict == "not run"
    assert "box" in score(question, question.body["solution"]).reason
    untouched = "# my notes\n\n" + question.body["starter"] + "  \n"
    assert score(question, untouched).verdict == "unanswered"
    public = question.public()
    assert code.unfinished(public, untouched) == "Write the function cagr."
    assert code.unfinished(public, "rate = 1") == "The name cagr is not defined in the cell."
    assert (
        code.unfinished(public, "cagr = lambda a, b, c: 0") == code.unfinished(public, question.body["solution"]) == ""
    )


def test_samples_say_which_of_them_have_to_be_run(question):
    samples = code.samples(question)
    assert [(sample.credit, sample.verdict) for sample in samples if sample.run] == [(1, "correct"), (0.5, "partly")]
    for sample in samples:
        found = score(question, sample.raw)
        assert (found.verdict, found.credit) == (("not run", 0) if sample.run else (sample.verdict, sample.credit))


MISTAKES = {
    "no name": ("function: cagr", "function: the rate", 7, "no name of a function"),
    "another name": ("function: cagr", "function: rate", 8, "does not define rate"),
    "no Python": ("return (end / start)", "return (end / start", 19, "is no Python"),
    "args no list": ("{args: [100, 121, 2], gives: 0.1}", "{args: 100, gives: 0.1}", 12, 'no list "args"'),
    "nothing expected": ("gives: 0.1}", "give: 0.1}", 12, 'Did you mean "gives"?'),
    "both": ("gives: 0.1}", "gives: 0.1, raises: ValueError}", 12, "either"),
    "an unknown error": ("raises: ValueError}", "raises: WrongError}", 13, "no error of Python's own"),
    "a test that is an example": ("args: [50, 25, 1]", "args: [100, 121, 2]", 16, "is an example too"),
    "a reason that tells a value": (
        "A market may shrink.",
        "From 50 to 25 the market shrinks.",
        16,
        "tells the value 25",
    ),
    "no reason": (", why: A market may shrink.", "", 16, '"why" of test 2'),
    "no data": ("args: [50, 25, 1]", "args: [2024-01-01, 25, 1]", 16, "no plain data"),
    "no number": ("gives: -0.5", "gives: .nan", 16, "NaN or infinity"),
    "a loose tolerance": ("  solution:", "  tolerance: 1e-6\n  solution:", 19, "1.0e-6"),
    "a sample that is right": ("credit: 0.5", "credit: 1", 25, "below 1"),
    "no samples": ("  samples:", "  simples:", 24, 'Did you mean "samples"?'),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told_with_its_line_and_cure(tmp_path, mistake):
    old, new, line, words = MISTAKES[mistake]
    assert old in GOOD
    with pytest.raises(QuestionError) as caught:
        load_questions(written(tmp_path, GOOD.replace(old, new, 1)))
    assert [error for error in caught.value.errors if words in str(error) and error.line == line], str(caught.value)
