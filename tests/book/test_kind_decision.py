"""`decision`: rankings and conditions worked out by hand, credit that follows from the learner's own weights, authors' mistakes."""

from __future__ import annotations

import pytest
from demo_questions import ROOT, hostile, written

from courseware.questions import QuestionError, load_questions, score
from courseware.questions.kinds import decision

GOOD = (ROOT / "tests/data/kinds/decision.yml").read_text("utf8")


@pytest.fixture
def question(tmp_path):
    return load_questions(written(tmp_path, GOOD))[0]


def test_the_ranking_is_a_weighted_mean(question):
    # 5, 2 and 3 of 10: India 4.5 + 1 + 1.5 = 7; Philippines 3.5 + 1.6 + 0.3 = 5.4; Poland 1.5 + 1.4 + 2.7 = 5.6
    rows = decision.ranking(question.body["options"], {"cost": 5, "talk": 2, "risk": 3})
    assert [(row["id"], pytest.approx(row["score"]), row["rank"]) for row in rows] == [
        ("in", 7, 1),
        ("pl", 5.6, 2),
        ("ph", 5.4, 3),
    ]
    # cost 0, talk 1, risk 1: India 5, Philippines 4.5, Poland 8
    assert [row["id"] for row in decision.ranking(question.body["options"], {"cost": 0, "talk": 1, "risk": 1})] == [
        "pl",
        "in",
        "ph",
    ]


def test_equal_scores_share_a_rank(question):
    # cost 1, talk 1: India 7, Poland 5, Philippines 7.5; cost 3, talk 2: India 7.4, Philippines 7.4
    rows = decision.ranking(question.body["options"], {"cost": 3, "talk": 2, "risk": 0})
    assert [(row["id"], row["rank"]) for row in rows] == [("in", 1), ("ph", 1), ("pl", 3)]


@pytest.mark.parametrize(
    "weights, choice, credit, words",
    [
        ((5, 2, 3), "in", 1, "first by your weights. 3 of 3 conditions hold."),
        ((5, 2, 3), "ph", 0, "Your weights put India first, not Philippines. 3 of 3"),
        ((5, 4, 1), "in", 0.75, "2 of 3 conditions hold."),  # risk 0.1
        ((4, 4, 2), "in", 0.75, "2 of 3 conditions hold."),  # cost not above talk; risk is 0.2, which is enough
        ((0, 5, 5), "pl", 0.5, "1 of 3 conditions hold."),
        ((3, 2, 0), "ph", 0.75, "2 of 3"),  # India and the Philippines are both first
    ],
)
def test_credit_follows_from_the_learners_own_weights(question, weights, choice, credit, words):
    raw = {"weights": dict(zip(("cost", "talk", "risk"), weights, strict=True)), "choice": choice}
    found = score(question, raw)
    assert found.credit == credit and words in found.reason


def test_what_is_missing_is_said(question):
    public, whole = question.public(), {"cost": 5, "talk": 2, "risk": 3}
    assert decision.unfinished(public, None) == "Set the weights."
    assert (
        decision.unfinished(public, {"weights": {"cost": 1, "risk": 2}, "choice": "in"})
        == "Set the weight of: English."
    )
    assert decision.unfinished(public, {"weights": whole, "choice": None}) == "Choose one option."
    assert decision.unfinished(public, {"weights": whole, "choice": "in"}) == ""
    assert score(question, {"weights": whole}).reason == "Not finished. Choose one option."
    zero = score(question, {"weights": dict.fromkeys(whole, 0), "choice": "in"})
    assert (zero.verdict, zero.reason) == ("invalid", "All weights are 0: give at least one criterion a weight.")


def test_samples_score_as_they_say_and_nothing_breaks_it(question):
    for sample in decision.samples(question):
        found = score(question, sample.raw)
        assert (found.verdict, found.credit) == (sample.verdict, pytest.approx(sample.credit)), sample
    assert {"correct", "partly", "wrong", "invalid", "unanswered"} == {
        sample.verdict for sample in decision.samples(question)
    }
    for thing in hostile():
        for raw in (thing, {"weights": thing}, {"choice": thing, "weights": {"cost": thing, "talk": 1, "risk": 1}}):
            assert score(question, raw).credit == 0


def test_a_learner_sees_no_example_and_no_reason(question):
    assert question.public()["conditions"] == [
        "Cost counts more than English.",
        "Disasters count for a fifth at least.",
        "India comes first.",
    ]
    assert not {"why", "example"} & set(question.public()) and "follows from" not in str(question.public())


MISTAKES = {
    "one criterion": ("{cost: Low cost, talk: English, risk: Few disasters}", "{cost: Low cost}", 7, "2 to 6"),
    "a score missing": ("talk: 8, risk: 1", "talk: 8", 10, "a score for each criterion"),
    "a score too high": ("risk: 1}", "risk: 11}", 10, "from 0 to 10, not 11"),
    "two rules": ("more: [cost, talk]", "more: [cost, talk], first: in", 13, "one rule"),
    "an unknown rule": ("more: [cost", "moer: [cost", 13, 'Did you mean "more"?'),
    "an unknown criterion": ("more: [cost, talk]", "more: [cost, tlak]", 13, "two criteria"),
    "a share that is no share": ("least: {risk: 0.2}", "least: {risk: 20}", 14, "from 0 to 1"),
    "an unknown option": ("first: in", "first: id", 15, "unknown option"),
    "an example that fails": (
        "talk: 2, risk: 3}, choice",
        "talk: 6, risk: 3}, choice",
        17,
        "does not earn full credit",
    ),
    "no example": ("  example: {weights: {cost: 5, talk: 2, risk: 3}, choice: in}\n", "", 1, "no example"),
    "nothing to weigh": ("more: [cost, talk]", "least: {cost: 0.3}", 12, "equal weights meet every condition"),
    "no why": ("  why: A choice follows from the weights.\n", "", 1, '"why" is empty'),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told_with_its_line(tmp_path, mistake):
    old, new, line, words = MISTAKES[mistake]
    assert old in GOOD
    with pytest.raises(QuestionError) as caught:
        load_questions(written(tmp_path, GOOD.replace(old, new, 1)))
    assert [error for error in caught.value.errors if words in str(error) and error.line == line], str(caught.value)
