"""A question that asks for a function is answered without the course's library, in which that function may lie."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tiny_course import answers_json, code, info

import outsourcing.market
from autograder.execution import shown
from autograder.execution.plan import Sheet, Step
from autograder.grading.grade import Paper, grade
from autograder.grading.submission import Submission
from courseware.questions import load_bank

ROOT = Path(__file__).parents[3]
TOLD = "outsourcing is not there when this question is graded: write the function yourself."
UNAIDED = Sheet(unaided=True, theirs=("cagr",))
CALLS = Step("calls", "q", calls=({"function": "cagr", "args": [100, 121, 2]},))
OWN = "def cagr(start, end, steps):\n    return (end / start) ** (1 / steps) - 1"
CHEATS = {
    "import": "from outsourcing.market import cagr",
    "all": "from outsourcing.market import *",
    "as": "import outsourcing as o\nimport outsourcing.market\ncagr = o.market.cagr",
    "importlib": "import importlib\ncagr = importlib.import_module('outsourcing.market').cagr",
    "lambda": "import outsourcing.market\ncagr = lambda *a: outsourcing.market.cagr(*a)",
    "partial": "import functools, outsourcing.market\ncagr = functools.partial(outsourcing.market.cagr)",
    "late": "def cagr(*a):\n    import outsourcing.market\n    return outsourcing.market.cagr(*a)",
}
BY_HAND = {
    "text": f"exec(open({outsourcing.market.__file__!r}).read())",
    "walk": (
        "import glob, sys\nfound = glob.glob(sys.prefix + '/../**/outsourcing/market.py', recursive=True)\n"
        "exec(open(found[0]).read())"
    ),
    "memory": "import gc\ncagr = next(o for o in gc.get_objects() if getattr(o, '__name__', '') == 'cagr')",
    "modules": "import sys\ncagr = sys.modules['outsourcing.market'].cagr",
    "other-process": (
        "import json, subprocess, sys\ndef cagr(*a):\n"
        "    program = f'import outsourcing.market as m; print(m.cagr(*{a}))'\n"
        "    return json.loads(subprocess.run([sys.executable, '-c', program], capture_output=True, text=True).stdout)"
    ),
    "uncovered": (
        "import ctypes, os\nfolder = os.path.dirname(PLACE).encode()\n"
        "assert ctypes.CDLL(None).umount2(folder, 2) == 0\n"
        "from outsourcing.market import cagr"
    ).replace("PLACE", repr(outsourcing.market.__file__)),
}


def run(executor, source, *more, sheet=UNAIDED):
    return executor.run(sheet, [Step("cell", "#0", source), *more, CALLS], {})


@pytest.mark.parametrize("name", [*CHEATS, *BY_HAND])
def test_the_librarys_function_is_no_answer(executor, name):
    ran = run(executor, CHEATS.get(name) or BY_HAND[name])["q"]
    assert "error" in ran.outcomes[0] and (TOLD in ran.why) == (name in CHEATS), ran


def test_their_own_function_is(executor):
    ran = run(executor, f"import courseware, numpy\nfrom courseware import ask\n{OWN}")["q"]
    assert ran.outcomes[0]["value"] == pytest.approx(0.1) and not ran.why


def test_what_else_the_notebook_holds_has_the_library(executor):
    """A figure's cell, and a test: in a run of their own. The answer is that of the other."""
    figure = Step("cell", "#1", "from outsourcing.location import CLIENTS\nprint(len(CLIENTS) > 1)")
    for more in (
        (),
        (Step("test", "t", "from outsourcing.market import cagr as ours\nassert cagr(1, 4, 2) == ours(1, 4, 2)"),),
    ):
        ran = run(executor, CHEATS["import"], figure, *more)
        assert not ran["#0"].error and ran["#1"].outputs[0]["text"] == "True\n"
        assert ran["q"].outcomes == ({"error": "NameError"},) and ran["q"].why == TOLD
        assert all(not ran[step.name].error for step in more)
        ran = run(executor, OWN, figure, *more)
        assert "value" in ran["q"].outcomes[0] and not ran["q"].why and ran["#1"].outputs[0]["text"] == "True\n"


def test_without_such_a_question_it_is_there(executor):
    assert "value" in run(executor, CHEATS["import"], sheet=Sheet())["q"].outcomes[0]


def test_the_library_is_what_the_course_installs_but_for_what_asks_its_questions():
    assert list(shown.library(())) == ["outsourcing"]


def test_the_question_of_the_course(executor):
    """market-07 of the bank: the verdict tells why."""
    bank = load_bank(ROOT / "autograder/questions")
    (asked,) = (one for one in bank.values() if one.kind == "code" and one.body["function"] == "cagr")
    own, locked = f"{asked.id}-code", {"grade": True, "locked": True, "points": asked.points}
    cells = [
        code(asked.body["starter"], own, info(own, solution=True)),
        code(f'ask("{asked.id}")', asked.id, info(asked.id, **locked)),
    ]
    base = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
    paper = Paper("m", "m", base, {asked.id: asked.points}, {asked.id: asked.id}, {asked.id: asked})
    for source, full in ((CHEATS["import"], False), (CHEATS["lambda"], False), (asked.body["solution"], True)):
        work = json.loads(json.dumps(base))
        work["cells"][0]["source"] = source
        result = grade(
            paper, Submission(json.dumps(work).encode(), "", json.dumps(answers_json({})).encode(), ""), executor
        )
        assert (result.score == asked.points) is full and (TOLD in result.cells[0].reason) is not full, result.cells
        assert full or result.score == 0
