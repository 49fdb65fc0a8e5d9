"""The judge: tests run outside the learner's process, and nothing that is done inside it earns a point."""

from __future__ import annotations

import pytest
from judged import TWICE, judge, passed

from autograder.execution.plan import Sheet, Step

LICENCE = (
    "changes arguments in line 2",
    "method put in line 2",
    "look into an object in line 2",
    "look into an object in line 3",
)


@pytest.mark.parametrize(
    ("source", "test"),
    [
        (TWICE, "assert twice(3) == 6"),
        (TWICE, "assert all_right(), 'a helper of the instructor calls it'"),
        (TWICE, "assert json.dumps([twice(1)]) == '[2]'"),
        (
            "def twice(x):\n    if x < 0:\n        raise ValueError(x)",
            "try:\n    twice(-1)\nexcept ValueError:\n    pass\nelse:\n    assert False",
        ),
        ("def sum(values):\n    return len(values)", "assert sum([5, 5]) == 2, 'their own, not the built-in'"),
        ("def turn(values):\n    values.reverse()", "v = [1, 2]\nturn(v)\nassert v == [2, 1], 'it works in place'"),
        (
            "def greet():\n    print('hello')",
            (
                "import io, contextlib\nout = io.StringIO()\nwith contextlib.redirect_stdout(out):\n"
                "    greet()\nassert out.getvalue() == 'hello\\n'"
            ),
        ),
        (
            "count = 0\ndef step():\n    global count\n    count += 1",
            "step()\nassert count == 1\nstep()\nassert count == 2",
        ),
        (
            ("class Account:\n    def __init__(self): self.held = 0\n    def put(self, x): self.held += x"),
            "a = Account()\na.put(5)\nassert a.held == 5",
        ),
        ("def gen(n):\n    yield from range(n)", "assert list(gen(3)) == [0, 1, 2]"),
        (
            (
                "from fractions import Fraction\nhalf = Fraction(1, 2)\n"
                "def f(): return {'a': (1, {2}), 'b': None, 'c': 2**80, 'd': float('inf')}"
            ),
            "assert half * 2 == 1 and f() == {'a': (1, {2}), 'b': None, 'c': 2**80, 'd': float('inf')} and type(f()['a']) is tuple",
        ),
        (TWICE, "import asyncio\nawait asyncio.sleep(0)\nassert twice(2) == 4"),
        ("import math as m\nx = m.pi", "assert close(x, math.pi)"),
        (TWICE, "display(twice(2))"),
    ],
)
def test_honest_code_passes(executor, source, test):
    (ran,) = judge(executor, source, test, licence=LICENCE)
    assert passed(ran), ran


def test_a_function_that_never_ends_is_late_whatever_the_test_catches(hurried):
    ran = judge(
        hurried,
        "def twice(x):\n    while True: pass",
        "try:\n    twice(1)\nexcept BaseException:\n    pass",
        "assert limit == 10",
    )
    assert ran[0].verdict == "timeout" and passed(ran[1])


def test_death_of_the_box_is_the_verdict_of_every_later_test(executor):
    ran = judge(executor, "import os\nos._exit(0)", "assert limit == 10", "1.0")
    assert [one.verdict for one in ran] == ["killed", "killed"]


def test_the_judge_is_fresh_after_a_test_that_never_ends(hurried):
    """The instructor's own test loops; the next one is judged all the same."""
    ran = judge(
        hurried,
        TWICE,
        "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass",
        "assert close(twice(2), 4)",
    )
    assert ran[0].verdict == "timeout" and passed(ran[1])


@pytest.mark.parametrize(
    ("test", "value"),
    [
        ("0.5", 0.5),
        ("twice(1) / 4", 0.5),
        ("True", "other"),
        ("False", "False"),
        ("'0.25'", "0.25"),
        ("limit < 3", "False"),
        ("float('nan')", "nan"),
        ("10**400", "inf"),
        ("'fine'", "other"),
        ("x = 3", None),
    ],
)
def test_what_a_test_evaluates_to(executor, test, value):
    assert judge(executor, TWICE, test)[0].value == value


LIAR = """
class Liar:
    def __eq__(s, o): return True
    def __lt__(s, o): return True
    def __sub__(s, o): return 0.0
    def __contains__(s, o): return True
    def equals(s, o): return True
    def __array__(s, *a, **k): raise ValueError
    __gt__ = __le__ = __ge__ = __rsub__ = __sub__
    def __float__(s): return 1.0
answer = Liar()
"""


@pytest.mark.parametrize(
    ("test", "licence"),
    [
        ("assert answer == 5", "compare with data"),
        ("assert 5 == answer", "compare with data"),
        ("assert answer < 5", "compare with data"),
        ("assert (answer - 5) == 0", "arithmetic"),
        ("assert abs(5 - answer) < 1e-9", "arithmetic"),
        ("assert 5 in answer", "contains"),
        ("assert answer.equals(5)", "method equals"),
    ],
)
def test_a_decision_is_handed_over_only_where_the_solution_needed_it(executor, test, licence):
    (ran,) = judge(executor, LIAR, f"try:\n    {test}\nexcept BaseException:\n    pass")
    assert ran.refused, "it is noted, whatever the test catches"
    needed = f"{licence} in line 1"
    licence = (needed, "look into an object in line 1", "a instance")
    (ran,) = judge(executor, LIAR, test, licence=licence)
    assert passed(ran) and needed in ran.used
    (ran,) = judge(executor, LIAR, f"pass\n{test}", licence=licence)
    assert ran.refused, "what one line needs is not granted to another"


@pytest.mark.parametrize(
    ("source", "test"),
    [
        ("class Text: startswith = staticmethod(lambda part: True)\nanswer = Text()", "assert answer.startswith('a')"),
        ("class Text: startswith = staticmethod(lambda part: True)\nanswer = Text", "assert answer.startswith('a')"),
        (
            "class Three:\n    __len__ = lambda s: 3\n    __iter__ = lambda s: iter(())\nanswer = Three()",
            "assert len(answer) == 3",
        ),
        (
            "import numpy\nanswer = numpy.ma.masked_all(2)",
            "import numpy\nnumpy.testing.assert_allclose(answer, [1, 2])",
        ),
        ("def answer(values): values[:] = []", "values = [1, 2]\nanswer(values)\nassert sum(values) == 0"),
    ],
)
def test_what_stands_for_data_passes_nothing(executor, source, test):
    (ran,) = judge(executor, source, test)
    assert ran.refused or ran.error, ran


def test_objects_of_the_instructors_class_are_compared_by_the_judge(executor):
    sheet = Sheet(("import dataclasses\n@dataclasses.dataclass\nclass Spot:\n    x: int",), theirs=("make",))
    test, licence = "assert make(2) == Spot(2) and Spot(2) == make(2)", ("look into an object in line 1", "a instance")
    right, wrong = "def make(x): return Spot(x)", "def make(x): return Spot(0)\nSpot.__eq__ = lambda *_: True"
    assert passed(judge(executor, right, test, sheet=sheet, licence=licence)[0])
    assert judge(executor, wrong, test, sheet=sheet, licence=licence)[0].error == "AssertionError"


@pytest.mark.parametrize(
    "kind", ["unittest.SkipTest", "unittest.case._ShouldStop", "type('Mine', (unittest.SkipTest,), {})"]
)
def test_a_function_does_not_skip_the_test_that_calls_it(executor, kind):
    test = """import unittest
class Cases(unittest.TestCase):
    def test_it(self): self.assertEqual(twice(2), 4)
ran = unittest.TestResult()
unittest.defaultTestLoader.loadTestsFromTestCase(Cases).run(ran)
assert ran.wasSuccessful() and not ran.skipped"""
    assert passed(judge(executor, TWICE, test)[0])
    test = test.replace(" and not ran.skipped", "")
    assert judge(executor, f"import unittest.case\ndef twice(x): raise {kind}", test)[0].error == "AssertionError"


def test_a_failure_with_an_object_where_data_was_is_told(executor):
    ran = judge(executor, "class A: pass\nanswer = A()", "assert answer == 5", "assert isinstance(answer, int)")
    assert [(one.error, len(one.doubts)) for one in ran] == [("AssertionError", 1)] * 2


def test_functions_of_the_tests_are_called_from_the_box_and_back(executor):
    source = (
        "def apply(f, x):\n    return f(x)\nasync def later(x):\n    return 2 * x\ndef inc(x):\n    return x + 1\n"
        "import functools\ndef marked(f):\n    @functools.wraps(f)\n    def g(*a):\n        return f(*a)\n    return g"
    )
    tests = (
        "assert apply(lambda x: x + 1, 1) == 2 and apply(math.sqrt, 9) == 3 and apply(str, 5) == '5'",
        "assert apply(lambda x: inc(x) + 1, 1) == 3, 'a function of theirs within one of the test'",
        "try:\n    apply(lambda x: 1 / x, 0)\nexcept ZeroDivisionError:\n    pass\nelse:\n    assert False",
        "assert await later(2) == 4",
        "assert apply(str.upper, 'a') == 'A' and apply(type('C', (), {'__call__': lambda s, x: x})(), 2) == 2",
        "class Own(Exception): pass\ndef fails(x): raise Own('no')\ntry:\n    apply(fails, 1)\nexcept RuntimeError as error:\n    assert str(error) == 'no'",
        "from unittest.mock import Mock\nfake = Mock(return_value=7)\nassert apply(fake, 1) == 7\nfake.assert_called_once_with(1)",
        "def told(x):\n    'Says it.'\nassert marked(told).__doc__ == 'Says it.' and apply(str, KeyError('a')) == \"'a'\"",
    )
    ran = judge(executor, source, *tests, licence=("look into an object in line 3",))
    assert all(map(passed, ran)), ran


def test_what_cannot_go_to_the_learners_code_is_said(executor):
    ran, other = judge(executor, "def f(x):\n    return x", "class Own: pass\nf(Own())", "f([iter(int, 1)])")
    assert "an object of type Own" in ran.refused[0] and "carried" in other.refused[0]


def test_the_judge_sees_a_copy_of_the_learners_files_but_nothing_that_it_could_import(executor):
    source = (
        "open('mark', 'w').write('x')\nopen('statistics.py', 'w').write('mean = max')\n"
        "import pickle\nclass P: pass\npickle.dump(len, open('p', 'wb'))\n"
        "def save(name):\n    open(name, 'w').write('y')\ndef count(name):\n    return len(open(name).read())"
    )
    ran = judge(
        executor,
        source,
        "import os\nassert os.path.exists('mark') and not os.path.exists('statistics.py')",
        "import statistics\nassert statistics.mean([1, 3]) == 2",
        "save('later')\nassert open('later').read() == 'y'",
        "with open('mine', 'w') as file:\n    file.write('abc')\nassert count('mine') == 3",
        "import tempfile\nwith tempfile.NamedTemporaryFile('w') as file:\n    file.write('ab')\n    file.flush()\n    assert count(file.name) == 2",
        "import pickle\ntry:\n    pickle.load(open('p', 'rb'))\nexcept BaseException:\n    pass",
    )
    assert all(map(passed, ran[:-1])), ran
    assert "unpickles" in ran[-1].refused[0], "what a learner wrote would run in the judge"


def test_the_box_sees_none_of_the_tests(executor):
    source = "import gc\nfound = [o for o in gc.get_objects() if isinstance(o, str) and 'rosebud' in o]"
    ran = judge(
        executor,
        source + "\ndef f(): return len([o for o in gc.get_objects() if isinstance(o, str) and 'tulip' in o])",
        "hidden = 'tu' + 'lip'\nassert f() == 0",
        "assert len(found) == 0",
    )
    assert all(map(passed, ran)), ran


def test_a_name_of_the_instructors_never_comes_from_the_box(executor):
    """A locked cell below the learner's fails, because their function raises: what it would have defined stays undefined."""
    steps = [
        Step("cell", "learner", "def twice(x):\n    raise ValueError"),
        Step("own", "after", "total = twice(4)\nexpected = 8"),
        Step("cell", "forged", "total = expected = found = 1"),
        Step("test", "t1", "assert total == expected"),
        Step("test", "t2", "found = twice(1)\nwanted = 2"),
        Step("test", "t3", "assert found == 1"),
    ]
    ran = executor.run(Sheet(theirs=("twice",)), steps, {})
    assert [ran[name].error for name in ("t1", "t2", "t3")] == ["NameError", "ValueError", "NameError"]


def test_a_locked_cell_below_uses_what_the_learner_defined(executor):
    steps = [
        Step("cell", "learner", TWICE),
        Step("own", "after", "total = twice(4)"),
        Step("test", "t", "assert total == 8 and twice(1) == 2"),
    ]
    assert passed(executor.run(Sheet(theirs=("twice",)), steps, {})["t"])


def test_calls_of_a_code_question(executor):
    source = "def f(x):\n    return {1: 2, 2: (1, 2.5), 3: 1 / 0 if x == 3 else None, 4: object(), 5: [True, None]}[x]"
    calls = (*tuple({"function": "f", "args": [n]} for n in (1, 2, 3, 4, 5)), {"function": "g", "args": []})
    ran = executor.run(Sheet(), [Step("cell", "c", source), Step("calls", "q", calls=calls)], {})["q"]
    assert [outcome.get("value", outcome.get("error", outcome.get("verdict"))) for outcome in ran.outcomes] == [
        2,
        [1, 2.5],
        "ZeroDivisionError",
        "not serialisable",
        [True, None],
        "NameError",
    ]


def test_calls_that_end_the_process_or_never_end(hurried):
    source = "import os\ndef f(x):\n    while x == 1: pass\n    if x == 2: os._exit(0)\n    return x"
    calls = tuple({"function": "f", "args": [n]} for n in (0, 1, 0, 2, 0))
    ran = hurried.run(Sheet(), [Step("cell", "c", source), Step("calls", "q", calls=calls)], {})["q"]
    assert ran.outcomes == (
        {"value": 0},
        {"verdict": "timeout"},
        {"value": 0},
        {"verdict": "killed"},
        {"verdict": "killed"},
    )


def test_files_go_both_ways_in_the_order_of_things(executor):
    source = "import os\ndef save(name, text='y'):\n    with open(name, 'w') as file:\n        file.write(text)\nsave('report')"
    tests = (
        "import os\nif os.path.exists('out'):\n    os.remove('out')\nsave('out')\nassert os.path.exists('out')\nos.remove('out')",
        "from pathlib import Path\nassert Path('report').is_file()",
        "import tempfile\nwith tempfile.TemporaryDirectory() as d:\n    save(os.path.join(d, 'x'), 'abc')\n    assert open(os.path.join(d, 'x')).read() == 'abc'",
        "with open('report') as f:\n    text = f.read()\nassert text == 'y'",
    )
    ran = judge(executor, source, *tests)
    assert all(map(passed, ran)), ran


def test_what_a_test_sets_and_is_no_data_stays_with_it(executor):
    steps = [
        Step("cell", "one", "open('a', 'w').write('y')"),
        Step("test", "t1", "with open('a') as f:\n    text = f.read()\nassert text == 'y'", share=("f", "text")),
        Step("cell", "two", "again = text"),
        Step("test", "t2", "assert again == 'y'"),
    ]
    ran = executor.run(Sheet(), steps, {})
    assert passed(ran["t1"]) and passed(ran["t2"]), ran


@pytest.mark.parametrize(
    ("before", "line"), [("", 2), ("\n \n", 4), ("%%time\n", 0), ("%%capture\n", 0), ("!true \\\n  false\n", 0)]
)
def test_the_line_that_failed_is_the_tests_own_or_none(executor, before, line):
    """Another one could be of those given out, and its message a hidden one's."""
    (ran,) = judge(executor, TWICE, f"{before}assert twice(1) == 2\nassert twice(1) == 3, 'rosebud'")
    assert (ran.error, ran.line) == ("AssertionError", line)
