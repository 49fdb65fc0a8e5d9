"""The verdict of a test cell, from what became of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ..execution.plan import Ran
from ..verdicts import A_PERSON, BY_HAND, CORRECT, ERROR, KILLED, NOT_RUN, PARTLY, STOPPED, TIMEOUT, WRONG, CellVerdict
from . import display
from .hidden import given_lines
from .points import credit, instructors_names, shows
from .way import PERSON

MESSAGE_NOT_SHOWN = "its message is not shown: hidden tests ran before it"
SLACK = 1e-9  # what a sum of parts may miss the whole by


def test_verdict(
    paper, name: str, ran: Ran | None, text: str, shown: str, told: bool, given: tuple[str, bool] = ("", False)
) -> tuple[CellVerdict, str]:
    """The verdict of a test cell, and a flag ("" for none). Where it is not full, it says what of that was the box's.

    `text` is what ran, `shown` what the learner was given of it; `told` says that hidden tests ran before. `given` is as
    given.trouble() has it.
    """
    verdict, flag = _verdict(paper, name, ran, text, shown, told)
    words, for_a_person = given
    if words and verdict.verdict in (WRONG, ERROR, PARTLY, BY_HAND):
        if for_a_person and verdict.score is not None:
            reason = f"{A_PERSON} {words}. {verdict.reason}".strip()
            verdict = replace(verdict, score=None, verdict=BY_HAND, reason=reason)
        else:
            verdict = replace(verdict, reason=f"{verdict.reason} Above it {words}.".strip())
    if ran is None or not ran.why or verdict.score == verdict.points:
        return verdict, flag
    reason = verdict.reason if ran.why in verdict.reason else f"{verdict.reason} {ran.why}".strip()
    if verdict.score is not None and verdict.verdict not in (
        TIMEOUT,
        KILLED,
    ):  # with more room it might have been right
        return replace(
            verdict, score=None, verdict=BY_HAND, reason=f"{A_PERSON} of what the box allows: {reason}"
        ), flag
    return replace(verdict, reason=reason), flag


def _verdict(paper, name: str, ran: Ran | None, text: str, shown: str, told: bool) -> tuple[CellVerdict, str]:
    points = paper.points.get(name, 0.0)

    def verdict(score: float | None, word: str, reason: str = "") -> CellVerdict:
        return CellVerdict(name, points, score, word, reason)

    if ran is None:
        return verdict(None, NOT_RUN, STOPPED[NOT_RUN]), ""
    if ran.verdict and ran.verdict in STOPPED:
        flag = f"the test {name} gave no result" if ran.error == "no result" else ""
        return verdict(0.0, ran.verdict, ran.why or STOPPED[ran.verdict]), flag
    result, flag = _result(paper, ran, verdict, text, shown, told)
    way = paper.ways.get(name)
    if way is not None and way.way == PERSON and result.score != points:
        return verdict(None, BY_HAND, f"{A_PERSON} {display.cut(way.why)}."), flag
    if ran.refused or (ran.doubts and result.score != points):  # never a silent zero at the wall
        secret = told or text != shown  # the name of a learner's class could tell what hidden tests gave it
        why = "; ".join(one.partition(" (")[0] if secret else one for one in ran.refused or ran.doubts)
        return verdict(None, BY_HAND, f"{A_PERSON} the test could not be judged by itself: {display.cut(why)}."), flag
    return result, flag


def _result(
    paper, ran: Ran, verdict: Callable[..., CellVerdict], text: str, shown: str, told: bool
) -> tuple[CellVerdict, str]:
    """What a test that was run through, or failed, says by itself."""
    points = paper.points.get(verdict(0.0, WRONG).grade_id, 0.0)
    if ran.error:
        word = WRONG if ran.error == "AssertionError" else ERROR
        return verdict(0.0, word, _failed(ran, text, shown, told)), ""

    def ours() -> set[str]:
        return instructors_names(paper.base)

    earned = None if ran.value in (None, "other") else credit(ran.value, text, ours)
    if earned is None:
        return verdict(points, CORRECT, "All tests of this cell passed."), ""
    if isinstance(earned, float) and 0 <= earned <= points + SLACK:
        score = min(earned, points)
        return verdict(score, CORRECT if score == points else PARTLY if score else WRONG), ""
    flag = f"the test {verdict(0.0, WRONG).grade_id} gave {ran.value}"
    if shows(text, ours):
        reason = f"The checks of this test passed, but its last line gives a number above its {points:g} points."
        return verdict(None, BY_HAND, f"{reason} A person decides."), flag
    return verdict(0.0, ERROR, "The test gave no number of points that counts."), flag


def _failed(ran: Ran, text: str, shown: str, told: bool) -> str:
    """What a learner may know of a failed test: the line that was given out, and nothing of a hidden one.

    The line's message too, but for one that the learner's code could fill with what hidden tests gave it before.
    """
    lines, at = text.splitlines(), ran.line - 1
    given = given_lines(text, shown)
    if at in given:
        said = f"{ran.error}: {ran.text}" if ran.text else ran.error
        if told or not given.issuperset(range(at)):
            # the class of another error is the learner's to choose, so it could tell what hidden tests gave
            said = f"{ran.error if ran.error == 'AssertionError' else 'an error'}; {MESSAGE_NOT_SHOWN}"
        said = display.cut(said)
        return f"This test failed: {display.cut(lines[at].strip())} ({said})"
    if ran.error != "AssertionError":
        return "A test stopped with an error."
    return "A hidden test failed." if text != shown else "A test failed."
