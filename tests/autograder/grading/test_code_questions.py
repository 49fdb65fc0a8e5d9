"""A declared code question from the submission's bytes to its verdict, with and without a box."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from tiny_course import answers_json, code, info

from autograder.execution.executor import Executor
from autograder.grading.grade import Paper, grade
from autograder.grading.submission import Submission
from autograder.verdicts import receipt
from courseware.questions import load_questions

BANK = """\
- id: tiny-code
  use: graded
  kind: code
  objective: write a function
  points: 4
  prompt: Write the function.
  function: double
  starter: |
    def double(x):
        ...
  examples: [{args: [1], gives: 2}]
  tests:
    - {args: [3], gives: 6, why: A number is doubled.}
    - {args: [-1], gives: -2, why: Numbers below zero too.}
    - {args: ["a"], raises: TypeError, why: A text is refused.}
    - {args: [0.1], gives: 0.2, why: Fractions too.}
  solution: |
    def double(x):
        if isinstance(x, str):
            raise TypeError("no text")
        return 2 * x
  samples: [{source: "def double(x):\\n    return 2 * abs(x)", credit: 0.75}]
  sources: []
- id: tiny-01
  use: graded
  kind: choice
  objective: know the capital
  points: 2
  prompt: What is the capital of France?
  options:
    - {id: a, text: Paris, correct: true, why: It has been so since the tenth century}
    - {id: b, text: Lyon, why: Lyon is the third city}
  sources: []
"""
STARTER = "def double(x):\n    ...\n"


@pytest.fixture(scope="module")
def paper(tmp_path_factory):
    file = tmp_path_factory.mktemp("bank") / "tiny.yml"
    file.write_text(BANK)
    questions = {question.id: question for question in load_questions(file)}
    grade_cell = {"grade": True, "locked": True}
    cells = [
        code("from courseware import ask", "start", info("start", locked=True)),
        code(STARTER, "tiny-code-code", info("tiny-code-code", solution=True)),
        code('ask("tiny-code")', "tiny-code", info("tiny-code", points=4, **grade_cell)),
        code('ask("tiny-01")', "tiny-01", info("tiny-01", points=2, **grade_cell)),
    ]
    base = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
    return Paper(
        "quiz",
        "quiz",
        base,
        {"tiny-code": 4.0, "tiny-01": 2.0},
        {"tiny-code": "tiny-code", "tiny-01": "tiny-01"},
        questions,
    )


def handed_in(paper, source=STARTER, kept=None, added=()):
    document = json.loads(json.dumps(paper.base))
    document["cells"][1]["source"] = source
    document["cells"][1:1] = [code(text, f"added{n}") for n, text in enumerate(added)]
    answers = {"tiny-01": "a", **({"tiny-code": kept} if kept is not None else {})}
    return Submission(json.dumps(document).encode(), "", json.dumps(answers_json(answers)).encode(), "")


RIGHT = 'def double(x):\n    if isinstance(x, str):\n        raise TypeError("no text")\n    return x + x\n'
WORK = {
    "right": ({"source": RIGHT}, 4, "correct"),
    "half": ({"source": "def double(x):\n    return 2 * abs(x)"}, 3, "partly"),
    "helper": (
        {"source": RIGHT.replace("x + x", "twice(x)"), "added": ["def twice(x):\n    return 2 * x"]},
        4,
        "correct",
    ),
    "kept-only": ({"kept": RIGHT}, 4, "correct"),
    "cell-counts": ({"source": "def double(x):\n    return None", "kept": RIGHT}, 0, "wrong"),
    "starter": ({}, 0, "unanswered"),
    "syntax": ({"source": "def double(x:\n"}, 0, "wrong"),
    "never-ends": (
        {"source": "def double(x):\n    while x == 3: pass\n    return 2 * x if x != 'a' else 1 / 0"},
        2,
        "partly",
    ),
    "ends-process": ({"source": "import os\ndef double(x):\n    os._exit(0)"}, 0, "wrong"),
    "always-equal": (
        {"source": "class E(float):\n    def __eq__(s, o): return True\ndef double(x):\n    return E(7)"},
        0,
        "wrong",
    ),
}


@pytest.mark.parametrize("name", WORK)
def test_code_earns_what_its_calls_give(paper, hurried, name):
    what, score, verdict = WORK[name]
    result = grade(paper, handed_in(paper, **what), hurried)
    found = {cell.grade_id: cell for cell in result.cells}
    assert (found["tiny-code"].score, found["tiny-code"].verdict) == (score, verdict), found["tiny-code"]
    assert found["tiny-01"].score == 2
    assert result.run.get("level") == "boxed" or name == "starter"


def test_grading_again_gives_the_same_receipt(paper, executor):
    submission = handed_in(paper, RIGHT)
    first, second = (
        receipt("ada", "quiz", "quiz", submission.digest, grade(paper, submission, executor)) for _ in range(2)
    )
    assert (
        json.dumps(first) == json.dumps(second)
        and first["run"]["limits"]["memory_mb"] == 300
        and first["run"]["seed"] == 0
    )


def test_a_second_run_finds_answers_that_hang_on_luck(paper, executor):
    """random.Random(0).random() is 0.84, random.Random(1).random() 0.13: lucky in the first run only."""
    lucky = "import random\nluck = random.random() > 0.5\n" + RIGHT.replace("x + x", "x + x if luck else 0")
    base = json.loads(json.dumps(paper.base))
    base["cells"][2]["metadata"]["autograder"] = {"second_run": True}
    twice = replace(paper, base=base)
    for given, source, score, told in ((paper, lucky, 4, False), (twice, lucky, 1, True), (twice, RIGHT, 4, False)):
        result = grade(given, handed_in(paper, source), executor)
        found = {cell.grade_id: cell for cell in result.cells}["tiny-code"]
        assert found.score == score and ("not the same each time" in found.reason) == told, found
        assert result.run.get("second_run") == (["tiny-code"] if given is twice else None)


def test_hidden_inputs_are_told_to_nobody(paper, executor):
    """A function that shouts its inputs: nothing of them is in the graded notebook."""
    result = grade(
        paper,
        handed_in(paper, "def double(x):\n    print('s' + 'aw', x)\n    raise ValueError('s' + f'aw {x!r}')"),
        executor,
    )
    assert "saw" not in json.dumps([cell.get("outputs") for cell in result.notebook["cells"]])


def test_hidden_inputs_kept_for_a_later_cell_are_not_shown(paper, executor):
    submission = handed_in(paper, "kept = []\nprint('before')\ndef double(x):\n    kept.append(['s' + 'aw', x])")
    document = json.loads(submission.notebook)
    document["cells"].append(code("print(kept)", "later"))
    result = grade(paper, replace(submission, notebook=json.dumps(document).encode()), executor)
    shown = json.dumps([cell.get("outputs") for cell in result.notebook["cells"]])
    assert "saw" not in shown and "hidden tests ran above" in shown and "before" in shown


def test_without_a_box_the_code_waits_and_the_rest_is_graded(paper, monkeypatch):
    monkeypatch.setenv("BWRAP", "no-such-program")
    with Executor() as alone:
        for executor in (None, alone):
            result = grade(paper, handed_in(paper, RIGHT), executor)
            found = {cell.grade_id: cell for cell in result.cells}
            assert (found["tiny-code"].score, found["tiny-code"].verdict) == (None, "not run") and found[
                "tiny-01"
            ].score == 2
            assert any("Code is not run" in remark for remark in result.remarks)
        assert any("--trust-learner-code" in remark for remark in result.remarks)


def test_an_assignment_scored_from_data_starts_no_process(paper, monkeypatch):
    base = {**paper.base, "cells": [cell for cell in paper.base["cells"] if not cell["id"].startswith("tiny-code")]}
    with Executor() as executor:
        monkeypatch.setattr(executor, "run", None)
        result = grade(
            Paper("quiz", "quiz", base, {"tiny-01": 2.0}, {"tiny-01": "tiny-01"}, paper.questions),
            handed_in(paper),
            executor,
        )
    assert result.score == 2 and result.run == {}


def test_a_test_in_the_learners_process_is_named(paper, executor):
    test = code("assert double(2) == 4", "t", info("t", grade=True, locked=True, points=1))
    test["metadata"]["autograder"] = {"in_process": True}
    base = {**paper.base, "cells": [*paper.base["cells"], test]}
    sheet = Paper(
        "quiz",
        "quiz",
        base,
        {**paper.points, "t": 1.0},
        paper.asks,
        paper.questions,
        {"t": "assert double(2) == 4 and double"},
    )
    result = grade(sheet, handed_in(paper, RIGHT), executor)
    assert (
        result.cells[-1].score == 1
        and result.run["in_process"] == ["t"]
        and any("own process" in remark for remark in result.remarks)
    )
