"""The judge: tests run outside the learner's process, and nothing that is done inside it earns a point."""

from __future__ import annotations

import pytest

from autograder.execution.executor import Executor
from autograder.execution.plan import Sheet, Step

SHEET = Sheet(
    cells=(
        "import math\n\ndef close(a, b):\n    return math.isclose(a, b)\n\nlimit = 10",
        "def all_right():\n    return twice(4) == 8",
    ),
    sources=("import json",),
    theirs=("twice", "sum"),
)
TWICE = "def twice(x):\n    return 2 * x"


def judge(executor: Executor, source: str, *tests: str, kind="test", sheet=SHEET, licence=()):
    """What the tests made of a learner's code. `licence` is what the instructor's own solution needed of the wall."""
    own = [Step("own", f"own{n}", text) for n, text in enumerate(sheet.cells)]
    steps = [
        *own,
        Step("cell", "learner", source),
        *(Step(kind, f"test{n}", text, licence=licence) for n, text in enumerate(tests)),
    ]
    ran = executor.run(sheet, steps, {})
    return [ran[f"test{n}"] for n in range(len(tests))]


def passed(ran) -> bool:
    return not (ran.verdict or ran.error or ran.refused)


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
    (ran,) = judge(executor, source, test, licence=("method put",))
    assert passed(ran), ran


CHEATS = {
    "always-equal": (
        (
            "class E:\n    def __eq__(s, o): return True\n    def __bool__(s): return True\n"
            "    def __hash__(s): return 1\ndef twice(x): return E()"
        ),
        "assert twice(3) == 6",
    ),
    "always-equal-left": (
        ("class E:\n    def __eq__(s, o): return True\n    __req__ = __eq__\ndef twice(x): return E()"),
        "assert 6 == twice(3)",
    ),
    "float-subclass": (
        (
            "class F(float):\n    def __eq__(s, o): return True\n    def __sub__(s, o): return 0.0\n"
            "    def __float__(s): return 6.0\ndef twice(x): return F(1)"
        ),
        "assert twice(3) == 6",
    ),
    "str-subclass": (
        ("class S(str):\n    def __eq__(s, o): return True\n    __hash__ = str.__hash__\ndef twice(x): return S('no')"),
        "assert twice(3) == 'yes'",
    ),
    "dict-subclass": (
        (
            "class D(dict):\n    def __missing__(s, k): return 6\n"
            "    def __getitem__(s, k): return 6\n    def get(s, *a): return 6\n"
            "    def items(s): return [('a', 6)]\ndef twice(x): return D(b=1)"
        ),
        "assert twice(3).get('a') == 6",
    ),
    "patched-isclose": (
        "import math\nmath.isclose = lambda *a, **k: True\ndef twice(x): return 0",
        "assert close(twice(3), 6)",
    ),
    "patched-isinstance": (
        "import builtins\ndef twice(x):\n    builtins.isinstance = builtins.all = lambda *a: True\n    return 0",
        "assert isinstance(twice(3), str) and all([False])",
    ),
    "helper-rebound": (
        "def close(a, b): return True\nlimit = 0\ndef twice(x): return 0",
        "assert close(twice(3), 6) or limit == 0",
    ),
    "reduce": (
        "class R:\n    def __reduce__(s): return (print, ('x',))\ndef twice(x): return R()",
        "assert twice(3) == 6",
    ),
    "thread": (
        (
            "import threading, builtins, gc\ndef patch():\n    while True:\n"
            "        builtins.abs = lambda x: 0\n        for f in gc.get_objects():\n"
            "            pass\nthreading.Thread(target=patch, daemon=True).start()\n"
            "def twice(x): return 0"
        ),
        "assert abs(twice(3) - 6) == 0",
    ),
    "frames": (
        (
            "import sys\ndef twice(x):\n    f = sys._getframe()\n    while f:\n"
            "        for v in list(f.f_locals.values()):\n            if v == 6: return 6\n"
            "        f = f.f_back\n    return 0"
        ),
        "expected = 6\nassert twice(3) == expected",
    ),
    "formatter": (
        (
            "get_ipython().display_formatter.formatters['text/plain'].for_type(int, lambda o, p, c: p.text('6'))\ndef twice(x): return 0"
        ),
        "twice(3)",
    ),
    "module-alias": ("import unittest.mock as statistics", "assert statistics.MagicMock().mean([3]) is not None"),
    "own-module": (
        ("import types\nmath2 = types.ModuleType('math2')\nmath2.isclose = lambda *a: True\ndef twice(x): return 0"),
        "assert math2.isclose(twice(3), 6)",
    ),
    "raises-in-test": ("def twice(x): raise AssertionError", "assert twice(3) == 6"),
    "exits-in-function": ("import os\ndef twice(x): os._exit(0)", "try:\n    twice(3)\nexcept Exception:\n    pass"),
    "nan": ("def twice(x): return float('nan')", "assert twice(3) == 6"),
    "deep": ("x = []\nfor _ in range(5000): x = [x]\ndef twice(n): return x", "assert twice(3) == 6"),
    "huge-integer": ("def twice(n): return 1 << 30_000_000", "assert twice(3) == 6"),
    "huge-list": ("def twice(n): return [0] * 3_000_000", "assert twice(3) == 6"),
    "forged-handle": (
        (
            "import sys\nclass H:\n    pass\ndef twice(x):\n    h = H(); h.__dict__['$'] = 'handle'\n    return {'$': 'plotly', 'v': '{}'}"
        ),
        "assert twice(3) == 6",
    ),
    "mutates-arguments": ("def twice(v):\n    v.clear()\n    return 0", "v = [3, 3]\nassert twice(v) == math.fsum(v)"),
    "undefined": ("pass", "assert sum([1, 2]) == 3"),
    "silent": ("pass", "assert twice(3) == 6"),
}


@pytest.mark.parametrize("name", CHEATS)
def test_forgeries_earn_nothing(request, name):
    # that one stops its own kernel
    executor = request.getfixturevalue("hurried" if name == "patched-isinstance" else "executor")
    source, test = CHEATS[name]
    (ran,) = judge(executor, source, test)
    assert not passed(ran) or ran.value == 0, ran


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
        ("assert answer == 5", "compare"),
        ("assert 5 == answer", "compare"),
        ("assert answer < 5", "compare"),
        ("assert (answer - 5) == 0", "arithmetic"),
        ("assert abs(5 - answer) < 1e-9", "arithmetic"),
        ("assert 5 in answer", "contains"),
        ("assert answer.equals(5)", "method equals"),
    ],
)
def test_a_decision_is_handed_over_only_where_the_solution_needed_it(executor, test, licence):
    (ran,) = judge(executor, LIAR, f"try:\n    {test}\nexcept BaseException:\n    pass")
    assert ran.refused, "it is noted, whatever the test catches"
    (ran,) = judge(executor, LIAR, test, licence=(licence, "a instance"))
    assert passed(ran) and licence in ran.used


def test_a_failure_with_an_object_where_data_was_is_told(executor):
    ran = judge(executor, "class A: pass\nanswer = A()", "assert answer == 5", "assert isinstance(answer, int)")
    assert [(one.error, len(one.doubts)) for one in ran] == [("AssertionError", 1)] * 2


def test_functions_of_the_tests_are_called_from_the_box_and_back(executor):
    source = "def apply(f, x):\n    return f(x)\nasync def later(x):\n    return 2 * x\ndef inc(x):\n    return x + 1"
    tests = (
        "assert apply(lambda x: x + 1, 1) == 2 and apply(math.sqrt, 9) == 3 and apply(str, 5) == '5'",
        "assert apply(lambda x: inc(x) + 1, 1) == 3, 'a function of theirs within one of the test'",
        "try:\n    apply(lambda x: 1 / x, 0)\nexcept ZeroDivisionError:\n    pass\nelse:\n    assert False",
        "assert await later(2) == 4",
    )
    ran = judge(executor, source, *tests)
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


FORGED = """
import json, os, stat, struct
def send(*frames):
    for n in range(3, 64):
        try:
            if stat.S_ISSOCK(os.fstat(n).st_mode):
                for frame in frames:
                    data = frame if isinstance(frame, bytes) else json.dumps(frame).encode()
                    os.write(n, struct.pack("<I", len(data)) + data)
        except OSError:
            pass
"""


@pytest.mark.parametrize(
    "frames",
    [
        '{"t": "verdict", "content": {"value": None}}, {"t": "reply", "content": {"status": "ok"}}',
        '{"t": "reply", "content": {"status": "ok", "ename": {}}}, {"t": "answer", "content": {"value": {"$": "plotly", "v": "{}"}}}',
        '{"t": "reply", "content": [1]}, {"t": "answer", "content": [1]}, {"t": "answer", "content": {"value": {"$": "array", "v": 1}}}',
        '{"t": "stream", "content": {"name": [], "text": {}}}, {"t": "error", "content": {"traceback": [1, None]}}',
        'b"", b"{", b"[" * 100_000, b"7" * 5000',
        '{"t": "display_data", "content": {"data": {"image/png": 7, "text/plain": ["x"]}}}, {"t": 7, "content": 1}, {"t": "fatal"}',
    ],
)
def test_frames_forged_on_the_boxs_own_channel_earn_nothing_and_break_nothing(executor, frames):
    source = f"{FORGED}send({frames})\ndef twice(x):\n    send({frames})\n    return 0"
    first, second = judge(executor, source, "assert twice(3) == 6", "assert twice(3) == 6")
    assert not passed(first) and not passed(second)
    calls = ({"function": "twice", "args": [3]},)
    outcomes = executor.run(Sheet(), [Step("cell", "c", source), Step("calls", "q", calls=calls)], {})["q"].outcomes
    assert outcomes[0].get("value") != 6
    assert passed(judge(executor, TWICE, "assert twice(3) == 6")[0]), "the next learner is not touched"


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
