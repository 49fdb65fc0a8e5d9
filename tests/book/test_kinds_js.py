"""What the reader's browser computes of an answer is what Python computes: the widget's own modules, evaluated in Chromium."""

from __future__ import annotations

import random
from itertools import combinations, permutations

import pytest
from one_question import ROOT
from test_kind_number import READ, REFUSED

from courseware.questions import NotAnAnswer, load_questions, score
from courseware.questions.kinds import decision, number, order, written
from courseware.widgets.base import module
from courseware.widgets.question import DRAWING


@pytest.fixture(scope="module")
def in_browser(browser):
    """in_browser(expression, argument) evaluates an expression in which `cw` has the functions of the kinds."""
    page = browser.new_page()
    source = module(*DRAWING) + "\nexport { KINDS, readNumber, judgeNumber, longestRun, uid };"
    page.evaluate(
        """async (source) => {
        globalThis.cw = await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
        globalThis.results = (question, key, answers) => {
          const view = cw.KINDS[question.kind].build({ question, name: "x", changed() {} });
          return answers.map((answer) => { view.show(answer); return { ...view.result(key), back: view.answer() }; });
        };
    }""",
        source,
    )
    yield lambda expression, argument=None: page.evaluate(f"(given) => {expression}", argument)
    page.close()


def demo(kind):
    return load_questions(ROOT / f"tests/data/kinds/{kind}.yml")[0]


def test_typed_numbers_are_read_alike(in_browser):
    texts = [*READ, *REFUSED]
    found = in_browser('given.map((text) => cw.readNumber(text, "billion USD"))', texts)
    for text, theirs in zip(texts, found, strict=True):
        try:
            assert theirs == {"value": pytest.approx(number.read(number.parse(text), "billion USD"))}, text
        except NotAnAnswer as reason:
            assert theirs == {"problem": str(reason)}


def test_numbers_are_judged_alike(in_browser):
    question = demo("number")
    values = [525.7, 526.2, 526.21, 525.2, 525.19, 559.3, 483.8, 483.2, 400, 5257, 52.57, 525700, 0, -525.7]
    for tolerance in (0.5, "1 %", "0.1%", 0):
        question.body["tolerance"] = tolerance
        found = in_browser("given[1].map((one) => cw.judgeNumber(one, given[0]))", [question.body, values])
        for value, theirs in zip(values, found, strict=True):
            ours = score(question, value)
            told = number.HINT if theirs["close"] else theirs["why"]
            assert (float(theirs["right"]), told) == (ours.credit, ours.parts[0].feedback), (tolerance, value)


def test_orders_are_counted_alike(in_browser):
    places = [list(answer) for answer in permutations(range(5))]
    assert in_browser("given.map(cw.longestRun)", places) == [order.longest_run(answer) for answer in places]


def answers(kind):
    question = demo(kind)
    if kind == "order":
        return question, [list(one) for one in permutations(item["id"] for item in question.body["items"])]
    ids = [option["id"] for option in question.body["options"]]
    return question, [list(one) for n in range(1, len(ids) + 1) for one in combinations(ids, n)]


@pytest.mark.parametrize("kind", ["order", "choices"])
def test_every_answer_is_right_or_wrong_in_the_same_words(in_browser, kind):
    question, given = answers(kind)
    found = in_browser("results(...given)", [question.public(), question.body, given])
    for answer, theirs in zip(given, found, strict=True):
        ours = score(question, answer)
        assert (theirs["right"], theirs["text"]) == (ours.credit == 1, ours.reason) and theirs["back"] == answer


def test_rankings_and_conditions_are_those_of_the_scoring(in_browser):
    body, draw = demo("decision").body, random.Random(4)
    more = [{"text": "x", "most": {"cost": 0.4, "talk": 0.6}}, {"text": "y", "least": {"cost": 0.25}}]
    body = {**body, "conditions": [*body["conditions"], *more]}
    cases = [{name: draw.randint(0, 10) for name in body["criteria"]} for _ in range(300)]
    cases = [weights for weights in cases if any(weights.values())] + [
        dict.fromkeys(body["criteria"], 5),
        {"cost": 3, "talk": 2, "risk": 0},
    ]
    both = "[cw.KINDS.decision.rank(given[0].options, weights), cw.KINDS.decision.held(given[0], weights)]"
    theirs = in_browser(f"given[1].map((weights) => {both})", [body, cases])
    for weights, (ranks, held) in zip(cases, theirs, strict=True):
        assert held == decision.held(body, weights), weights
        ours = {row["id"]: row for row in decision.ranking(body["options"], weights)}
        assert {row["id"]: row["rank"] for row in ranks} == {id_: row["rank"] for id_, row in ours.items()}, weights
        assert [row["score"] for row in ranks] == pytest.approx([ours[row["id"]]["score"] for row in ranks])


def test_words_are_counted_alike(in_browser):
    blanks = " \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2003\u200a\u2028\u2029\u202f\u205f\u3000\ufeff\u200b\u00ad\u180e"
    texts = ["", "one", *(f"a{blank}b" for blank in blanks), blanks, "24/7 – round-the-clock, naïve 😀 日本 語"]
    assert in_browser("given.map((text) => cw.KINDS.written.words(text))", texts) == [
        written.word_count(text) for text in texts
    ]
