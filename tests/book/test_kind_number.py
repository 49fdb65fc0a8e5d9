"""`number`: what people type is read or refused with a reason; tolerances, known mistakes, authors' mistakes."""

from __future__ import annotations

import pytest
from demo_questions import ROOT, hostile, scores_its_samples, written

from courseware.questions import NotAnAnswer, QuestionError, load_questions, score
from courseware.questions.kinds import number

ONE = (ROOT / "tests/data/kinds/number.yml").read_text("utf8")
READ = {
    "1234.5": 1234.5,
    "1 234,5": 1234.5,
    "1,234.5": 1234.5,
    "1.234,5": 1234.5,
    "12,5": 12.5,
    "-3": -3,
    "\u22123": -3,
    "- 3": -3,
    "+7": 7,
    "1e3": 1000,
    "1,5E-3": 0.0015,
    "1.234": 1.234,
    "0,123": 0.123,
    "1234,567": 1234.567,
    "1,234,567": 1234567,
    "1.234.567,8": 1234567.8,
    "1\u00a0234\u202f567": 1234567,
    "1 234 567.25": 1234567.25,
    ".5": 0.5,
    ",5": 0.5,
    "5.": 5,
    " 12 ": 12,
    "12 billion USD": 12,
    "12 Billion  usd": 12,
    "007": 7,
}
REFUSED = {
    "1,234": "two ways: write 1234 or 1.234",
    "-1,234": "two ways: write -1234 or -1.234",
    "12 million USD": "Write the number alone, in billion USD.",
    "12 %": "Write the number alone",
    "abc": "“abc” is no number",
    "1 2 3": "is no number",
    "1,23,456": "is no number",
    "1.2.3": "is no number",
    "1,234.567,8": "is no number",
    "--3": "is no number",
    "nan": "is no number",
    "inf": "is no number",
    "\u221e": "is no number",
    "\u0661\u0662": "is no number",
    "1e999": "too large",
    "billion USD": "is no number",
    "2 to 3": "Write the number alone",
}


@pytest.fixture
def question(tmp_path):
    return load_questions(written(tmp_path, ONE))[0]


def of_unit(tmp_path, unit, answer="12", tolerance="0.5"):
    text = ONE.split("  mistakes:")[0] + "  sources: []\n"
    text = (
        text.replace("unit: billion USD", f"unit: {unit}")
        .replace("525.7", answer)
        .replace("tolerance: 0.5", f"tolerance: {tolerance}")
    )
    return load_questions(written(tmp_path, text))[0]


@pytest.mark.parametrize("text", READ)
def test_numbers_are_read_as_people_write_them(text):
    assert number.read(number.parse(text), "billion USD") == READ[text]


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_number_or_two_numbers_is_refused_with_a_reason(question, text):
    with pytest.raises(NotAnAnswer) as caught:
        number.read(number.parse(text), "billion USD")
    assert REFUSED[text] in str(caught.value)
    assert score(question, text).verdict == "invalid" and number.unfinished(
        question.public(), number.parse(text)
    ) == str(caught.value)


def test_a_percent_sign_belongs_to_a_unit_of_percent(tmp_path):
    one = of_unit(tmp_path, '"% a year"')
    assert [score(one, text).credit for text in ("12 %", "12%", "12 % a year", "12")] == [1, 1, 1, 1]
    assert score(one, "0.12").parts[0].feedback == "Close: the digits are right. Check the unit."


def test_the_tolerance_has_its_edge_inside(question, tmp_path):
    for text, credit in {"525.7": 1, "526.2": 1, "525.2": 1, "526.21": 0, "525.19": 0}.items():
        assert score(question, text).credit == credit, text
    share = of_unit(tmp_path, "''", "-200", '"1 %"')  # 2 of 200
    assert [score(share, given).credit for given in (-198, "-202", -202.01, "197.9", 200)] == [1, 1, 0, 0, 0]


def test_a_known_mistake_is_named_and_the_answer_is_not(question):
    assert [part.feedback for part in score(question, 559).parts] == ["Nine years of growth instead of eight."]
    wrong = score(question, "400")
    assert (wrong.credit, wrong.reason, wrong.parts[0].feedback) == (0, "Not correct.", "")
    assert score(question, 525700).parts[0].feedback == "Close: the digits are right. Check the unit."
    assert score(question, "525,7").parts[0].feedback == "320 times 1.064 to the power of 8."


def test_samples_score_as_they_say_and_nothing_breaks_it(question):
    scores_its_samples(question)
    for raw in hostile():
        assert score(question, raw).credit == 0
    assert question.public()["unit"] == "billion USD" and set(question.public()) & set(number.FIELDS) == {"unit"}
    assert number.in_words(question.public(), "526") == ("526 billion USD",)


MISTAKES = {
    "an answer as text": ("answer: 525.7", 'answer: "525.7"', 8, "must be a number"),
    "an endless answer": ("answer: 525.7", "answer: .inf", 8, "must be a number"),
    "no answer": ("  answer: 525.7\n", "", 1, "must be a number, not None"),
    "no unit": ("  unit: billion USD\n", "", 1, '"unit" is no short text'),
    "no tolerance": ("  tolerance: 0.5\n", "", 1, "must be a number or a percentage"),
    "a tolerance below 0": ("tolerance: 0.5", "tolerance: -1", 9, "must be a number or a percentage"),
    "a tolerance in words": ("tolerance: 0.5", "tolerance: small", 9, "must be a number or a percentage"),
    "a share of nothing": ("answer: 525.7\n  tolerance: 0.5", 'answer: 0\n  tolerance: "1 %"', 9, "allows nothing"),
    "no why": ("  why: 320 times 1.064 to the power of 8.\n", "", 1, '"why" is empty'),
    "a mistake that is right": ("value: 559.3", "value: 526", 12, "it is right"),
    "a mistake without a value": ("value: 559.3, ", "", 12, "must be a number"),
    "an unknown field": ("value: 559.3, why", "value: 559.3, reason: x, why", 12, "unknown field"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told_with_its_line(tmp_path, mistake):
    old, new, line, words = MISTAKES[mistake]
    assert old in ONE
    with pytest.raises(QuestionError) as caught:
        load_questions(written(tmp_path, ONE.replace(old, new, 1)))
    assert [error for error in caught.value.errors if words in str(error) and error.line == line], str(caught.value)
