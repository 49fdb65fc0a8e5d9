"""A judge that hangs: what a learner's value does to it costs that submission its tests, and the class no time."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from autograder.execution.plan import Sheet, Step

SHEET = Sheet(theirs=("size",))
# Five to the learner's own process, to the judge more than it can ever count; and deaf to the interrupt.
TWO_FACED = """
import signal, sys
signal.signal(signal.SIGINT, signal.SIG_IGN)
def size():
    frame = sys._getframe()
    while frame:
        if frame.f_code.co_name == "_answer":
            return 10**14
        frame = frame.f_back
    return 5
"""
COUNT = "total = sum(range(size()))"  # one call of C, which no interrupt ends


@pytest.fixture
def brief(hurried, monkeypatch):
    """Ten seconds for a whole notebook; both processes are warm."""
    short = replace(hurried.config.limits, cell_seconds=1, total_seconds=10)
    monkeypatch.setattr(hurried, "config", replace(hurried.config, limits=short))
    for role in ("learner", "judge"):
        assert hurried.server(role, SHEET).opened == 0
    return hurried


def run(executor, *steps):
    begun = time.monotonic()
    ran = executor.run(SHEET, [Step("cell", "learner", TWO_FACED), *steps], {})
    return ran, time.monotonic() - begun


def test_locked_cells_that_hang_the_judge_end_with_the_first_and_the_rest_is_timeout(brief):
    owns = [Step("own", f"own{n}", COUNT) for n in range(4)]
    ran, seconds = run(brief, *owns, Step("test", "t1", "assert total == 10"), Step("test", "t2", "assert True"))
    assert not any(ran[step.name].verdict for step in owns), "in the learner's process they ran through"
    assert ran["t1"].verdict == ran["t2"].verdict == "timeout" and seconds < 16


def test_tests_that_hang_the_judge_get_one_fresh_judge_and_no_other(brief):
    tests = [Step("test", f"t{n}", text) for n, text in enumerate((COUNT, "assert True", COUNT, "assert True"))]
    longer = replace(brief.config.limits, total_seconds=60)
    brief.config = replace(brief.config, limits=longer)
    ran, seconds = run(brief, *tests)
    assert [ran[step.name].verdict for step in tests] == ["timeout", "", "timeout", "timeout"] and seconds < 20


def test_past_the_total_time_nothing_more_is_sent(brief):
    tests = [Step("test", f"t{n}", "import time\ntime.sleep(0.9)") for n in range(40)]
    ran, seconds = run(brief, *tests)
    assert [ran[f"t{n}"].verdict for n in (0, 39)] == ["", "timeout"] and seconds < 16
