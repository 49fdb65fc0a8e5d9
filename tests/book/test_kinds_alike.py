"""What holds for every kind of question: whatever is given as an answer, there is a score and a reason, never an exception."""

from __future__ import annotations

import copy

import pytest
from demo_questions import hostile, names_in, scores_its_samples
from one_question import ROOT

from courseware.questions import KINDS, OPEN, VERDICTS, NotAnAnswer, load_questions, score

FUNCTIONS = ("check", "public", "parse", "unfinished", "score", "samples", "in_words", "as_lines", "secrets")


def demo(kind):
    return load_questions(ROOT / f"tests/data/kinds/{kind}.yml")[0]


def spoiled(raw):
    """`raw` with each of its parts replaced by what does not belong there, one at a time."""
    if isinstance(raw, (dict, list)):
        for key in list(raw) if isinstance(raw, dict) else range(len(raw)):
            for thing in hostile():
                other = copy.copy(raw)
                other[key] = thing
                yield other
            if isinstance(raw[key], (dict, list)):
                for inner in spoiled(raw[key]):
                    other = copy.copy(raw)
                    other[key] = inner
                    yield other
    yield [raw] * 10_000
    yield {str(n): raw for n in range(10_000)}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_kind_has_its_functions_its_demonstration_and_its_controls(kind):
    assert all(callable(getattr(KINDS[kind], name)) for name in FUNCTIONS) and KINDS[kind].FIELDS
    assert (ROOT / f"book/courseware/widgets/kinds/{kind}.js").is_file()
    question = demo(kind)
    scores_its_samples(question)
    secrets = KINDS[kind].secrets(question)
    assert not set(secrets.fields) & names_in(question.public())
    lines = KINDS[kind].as_lines(question.public())
    assert lines and all(isinstance(line, str) and line for line in lines)
    assert not [text for text in secrets.texts if text in f"{question.public()} {lines}"]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_no_answer_breaks_a_kind_or_earns_by_being_odd(kind):
    question = demo(kind)
    public = question.public()
    whole = next(sample.raw for sample in KINDS[kind].samples(question) if sample.verdict in ("correct", *OPEN))
    assert all(score(question, raw).credit == 0 for raw in hostile())
    for raw in (*hostile(), *spoiled(whole)):
        found = score(question, raw)
        assert found.verdict in (*VERDICTS, *OPEN) and 0 <= found.credit <= 1 and 5 < len(found.reason) < 300, (
            raw,
            found,
        )
        words = KINDS[kind].in_words(public, raw)
        assert all(isinstance(line, str) for line in words) and sum(map(len, words)) < 1_000_000
        try:
            answer = KINDS[kind].parse(raw)
        except NotAnAnswer as reason:
            assert 5 < len(str(reason)) < 300
        else:
            assert isinstance(KINDS[kind].unfinished(public, answer), str)
