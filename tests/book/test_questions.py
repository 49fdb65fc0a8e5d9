"""Questions: every question scores its own samples, no answer breaks the scoring, a release reads back."""

from __future__ import annotations

import json

import pytest
from demo_questions import FILES, GOOD, ROOT, hostile, names_in, scores_its_samples, written

from courseware.questions import (
    KINDS,
    VERDICTS,
    QuestionError,
    asked,
    check_folder,
    dump_release,
    load_questions,
    load_release,
    score,
)

QUESTIONS = [question for path in FILES for question in load_questions(path)]


@pytest.fixture
def demo(tmp_path):
    return {question.id: question for question in load_questions(written(tmp_path, GOOD))}


def test_the_questions_of_the_book_have_no_mistake():
    practised = {question.kind for question in QUESTIONS if question.use == "practice"}
    assert practised >= {"choice", "choices", "classify", "order", "number", "decision", "written", "code"}
    assert check_folder(ROOT / "book") == []


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_every_question_scores_its_own_samples(question):
    scores_its_samples(question)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_what_a_learner_may_see_holds_no_key_and_no_reason(question):
    public, secrets = question.public(), KINDS[question.kind].secrets(question)
    seen = json.dumps([public, KINDS[question.kind].as_lines(public)], ensure_ascii=False)
    assert not {*secrets.fields, "sources"} & names_in(public)
    assert secrets.texts and not [text for text in secrets.texts if json.dumps(text, ensure_ascii=False)[1:-1] in seen]
    assert all(score(question, right).verdict in ("correct", "not run") for right in secrets.right)


# ---- scoring


@pytest.mark.parametrize("id_", ["demo-01", "demo-02"])
def test_no_answer_breaks_the_scoring_or_earns_credit(demo, id_):
    for raw in hostile():
        result = score(demo[id_], raw)
        assert result.credit == 0 and result.verdict in ("invalid", "unanswered") and 5 < len(result.reason) < 200


def test_verdicts_are_the_shared_words(demo):
    given = {
        score(demo["demo-02"], raw).verdict
        for raw in ({"a": "bpo", "b": "kpo", "c": "bpo"}, {"a": "bpo"}, {"a": "kpo"}, None, 7)
    }
    assert given == set(VERDICTS)


def test_a_choice_gives_the_reason_of_the_chosen_option(demo):
    result = score(demo["demo-01"], "a")
    assert (result.credit, result.verdict, result.reason) == (0, "wrong", "Not correct.")
    assert [(part.id, part.credit, part.feedback) for part in result.parts] == [("a", 0, "A rule decides it.")]


def test_items_left_out_count_as_not_right(demo):
    result = score(demo["demo-02"], {"a": "bpo", "b": "bpo"})
    assert result.credit == pytest.approx(1 / 3) and result.reason == "1 of 3 items placed correctly, 1 not placed."
    assert [(part.id, part.credit) for part in result.parts] == [("a", 1), ("b", 0), ("c", 0)]


def test_corrected_scoring_takes_off_what_guessing_earns(tmp_path):
    question = load_questions(written(tmp_path, GOOD.replace("  categories:", "  scoring: corrected\n  categories:")))[
        1
    ]
    answers = [{"a": a, "b": b, "c": c} for a in ("bpo", "kpo") for b in ("bpo", "kpo") for c in ("bpo", "kpo")]
    earned = sorted(score(question, answer).credit for answer in answers)
    # (R - W) / 3 for two categories: 1, three times 1/3, and nothing below 0
    assert earned == pytest.approx([0, 0, 0, 0, 1 / 3, 1 / 3, 1 / 3, 1])
    assert score(question, {"a": "bpo"}).credit == pytest.approx(1 / 3)


# ---- release


@pytest.mark.parametrize(
    "source, id_",
    [
        ('ask("differences-07")', "differences-07"),
        ("  ask('a1')  # here\n", "a1"),
        ('# one\n\nask( "a-1" )\n# two', "a-1"),
        ('ask("a"); print(1)', None),
        ('x = ask("a")', None),
        ('ask("a")\nask("b")', None),
        ("ask(name)", None),
        ("", None),
        ('ask("A!")', None),
        ("mask('a')", None),
        ("ask('a\")", None),
    ],
)
def test_only_a_cell_that_is_exactly_a_question_is_one(source, id_):
    assert asked(source) == id_


def test_a_release_is_the_same_bytes_and_reads_back(demo, tmp_path):
    data = dump_release("demo", demo.values())
    assert data == dump_release("demo", load_questions(tmp_path / "questions.yml"))
    path = tmp_path / "questions.json"
    path.write_bytes(data)
    release = load_release(path)
    assert release.assignment == "demo" and release.questions == {
        id_: question.public() for id_, question in demo.items()
    }
    assert b"why" not in data and b'correct"' not in data
    with pytest.raises(QuestionError, match="demo-01 twice"):
        dump_release("demo", [demo["demo-01"], demo["demo-01"]])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b'{"schema": 2}',
        b'{"schema": 1}',
        b'{"schema": 1, "assignment": "a", "questions": [{"id": "x", "kind": "poem"}]}',
        b"[" * 100_000,
    ],
)
def test_a_damaged_release_says_so(tmp_path, data):
    path = tmp_path / "questions.json"
    path.write_bytes(data)
    with pytest.raises(QuestionError, match="questions.json"):
        load_release(path)
