"""What is said of a test before anybody hands in, and how its way is chosen."""

from __future__ import annotations

import json

import ordinary_paper as made
import pytest

from autograder.grading.calibration import calibrate
from autograder.grading.reaching import reaches
from autograder.grading.transplant import NotANotebook

F = "def f(x):\n    return 2 * x"


def ways(executor, test, solution=F, metadata=None, before="", **names):
    paper, source = made.paper(test, solution, metadata, before)
    return calibrate(paper, source, executor)["test"]


@pytest.mark.parametrize(
    ("test", "way", "why"),
    [
        ("assert f(2) == 4", "outside", "passes it outside"),
        (
            "import inspect\nassert 'return' in inspect.getsource(f)",
            "inside",
            "outside the instructor's own solution fails it",
        ),
        (
            "from unittest.mock import patch\nwith patch('builtins.sum') as used:\n    f(1)\nused.assert_not_called()",
            "inside",
            "patches",
        ),
        ("assert f(2) == 5", "person", "the instructor's own solution fails it"),
    ],
)
def test_the_way_of_a_test(executor, test, way, why):
    found = ways(executor, test)
    assert found.way == way and why in found.why


@pytest.mark.parametrize(("chosen", "way"), [(True, "inside"), (False, "outside")])
def test_the_metadata_of_its_cell_overrules(executor, chosen, way):
    assert ways(executor, "assert f(2) == 4", metadata={"in_process": chosen}).way == way


@pytest.mark.parametrize(
    ("test", "solution", "says"),
    [
        ("assert f(2) == 5", F, "your own solution fails test: in line 1, assert f(2) == 5: AssertionError"),
        ("assert True", F, "the untouched notebook passes test: it gives points for nothing"),
        ("import random\nassert random.random() < 0.5 or f(1) != 2", F, ""),
        ("assert np.isclose(f(2), 4)", f"import numpy as np\n{F}", "test needs np, which only your solution brings"),
        ("assert f(2) == 4", "", "its source notebook has no solution in it"),
        ("assert f(1) > 0.8", "import random\ndef f(x):\n    return random.random()", "own solution fails test"),
    ],
)
def test_what_is_to_be_mended_is_said(executor, test, solution, says):
    found = ways(executor, test, solution)
    assert any(says in words for words in found.says) or not says, found


def test_a_test_that_never_ends_is_said_and_tried_once(hurried):
    assert any("took too long" in words for words in ways(hurried, "while True:\n    f(1)").says)


def test_a_flaky_test_is_said(executor):
    said = ways(
        executor,
        "import random\nassert f(2) == 4 and random.Random(random.random()).random() != 0.5 and random.random() > 0.8",
    )
    assert any("fails test" in words for words in said.says)


def test_a_source_that_cannot_be_read(executor):
    with pytest.raises(NotANotebook):
        calibrate(made.paper("assert f(2) == 4", F)[0], b"{", executor)


def test_data_of_a_locked_cell_that_the_solution_changes_is_the_learners(executor):
    paper, source = made.paper("assert rows == [1, 2, 9]", "rows.append(9)", before="rows = [1, 2]")
    found = calibrate(paper, source, executor)
    assert found["test"].way == "outside" and "theirs rows" in found["test"].licence
    assert made.score(paper, found, "rows.append(9)", executor) == 1
    assert made.score(paper, found, "rows.extend([9, 9])", executor) == 0


def test_data_of_a_locked_cell_that_the_solution_leaves_alone_is_not(executor):
    paper, source = made.paper("assert mean == sum(rows) / 2", "mean = 1.5", before="rows = [1, 2]")
    found = calibrate(paper, source, executor)
    assert found["test"].way == "outside" and made.score(paper, found, "mean = 1.5", executor) == 1
    # with the learner's rows it passes, with those that were given it does not
    assert made.score(paper, found, "rows[:] = [0, 0]\nmean = 0", executor) is None
    assert made.score(paper, found, "rows[:] = [0, 0]\nmean = 7", executor) == 0


@pytest.mark.parametrize(
    ("before", "solution", "wrong", "test"),
    [
        ("v = [3, 1, 2]", "s = sorted(v)", "v.sort()\ns = v", "assert s == [1, 2, 3] and v == [3, 1, 2]"),
        ("v = {'a': 1}", "s = {**v, 'b': 2}", "v['b'] = 2\ns = v", "assert s['b'] == 2 and v == {'a': 1}"),
        ("v = {1, 2}", "s = v | {3}", "v.add(3)\ns = v", "assert s == {1, 2, 3} and len(v) == 2"),
        (
            "import numpy as np\nv = np.array([3, 1, 2])",
            "s = np.sort(v)",
            "v.sort()\ns = v",
            "assert s[0] == 1 and v[0] == 3",
        ),
        (
            "import pandas as pd\nv = pd.DataFrame({'a': [1, 2]})",
            "s = v.assign(b=v.a * 2)",
            "v['b'] = v.a * 2\ns = v",
            "assert list(s.b) == [2, 4] and list(v.columns) == ['a']",
        ),
        ("v = [1]", "s = 2", "s = 2\ndel v", "assert s == 2 and v == [1]"),
    ],
)
def test_data_that_were_given_and_must_not_be_changed(ordinary_executor, before, solution, wrong, test):
    paper, source = made.paper(test, solution, before=before)
    found = calibrate(paper, source, ordinary_executor)
    assert found["test"].way == "outside"
    assert [made.score(paper, found, answer, ordinary_executor) for answer in (solution, wrong)] == [1, 0]


@pytest.mark.parametrize(
    ("made_with", "attribute"),
    [
        ("def __init__(self, n): self._n = n\n    n = property(lambda self: self._n)", "n"),
        ("__slots__ = ('n',)\n    def __init__(self, n): self.n = n", "n"),
        ("def __getattr__(self, name): return 3 if name == 'code' else object.__getattribute__(self, name)", "code"),
    ],
)
def test_what_a_learners_exception_works_out(executor, made_with, attribute):
    solution = f"class E(Exception):\n    {made_with}\ndef f(x):\n    raise E(x)"
    plain = "class E(Exception):\n    pass\ndef f(x):\n    e = E(x)\n    e.n = e.code = x\n    raise e"
    test = f"try:\n    f(3)\nexcept E as e:\n    assert e.{attribute} == 3"
    for ours, theirs in ((solution, plain), (plain, solution)):
        paper, source = made.paper(test, ours)
        found = calibrate(paper, source, executor)
        wrong = plain.replace("= x", "= 4")
        assert found["test"].way == "outside"
        scores = [made.score(paper, found, answer, executor) for answer in (ours, theirs, wrong)]
        assert scores == [1, 1, 0] or scores == [1, None, 0], scores


def test_the_first_cell_that_raised_is_named(executor):
    paper, source = made.paper("assert x + y == 7", "y = 4", before="import no_such_package\nx = 3")
    says = calibrate(paper, source, executor)["test"].says
    assert any(
        "begins with `import no_such_package` raised ModuleNotFoundError: mend that first" in one for one in says
    )


def test_what_stands_in_the_solution_is_not_in_what_the_learner_reads(executor):
    paper, source = made.paper(
        "import inspect\nassert 'rosebud' in inspect.getsource(f)", "def f(x):\n    return 'rosebud'"
    )
    found = calibrate(paper, source, executor)
    assert "rosebud" not in json.dumps([found["test"].way, found["test"].licence])


@pytest.mark.parametrize(
    ("test", "reaching"),
    [
        ("import time\ntime.sleep = lambda s: None\nf()", True),
        ("import sys, io\nsys.stdout = io.StringIO()", False),
        ("from unittest import mock\nwith mock.patch('builtins.open'):\n    f()", True),
        ("assert eval(answer) == 5", True),
        ("assert eval('answer') == 5", False),
        ("c = Circle(2)\nc.r = 3", False),
        ("def (", False),
    ],
)
def test_tests_that_reach_into_the_process(test, reaching):
    assert bool(reaches(test)) is reaching
