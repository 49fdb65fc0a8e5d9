"""Whatever is done inside the learner's process, the judge gives no point for it."""

from __future__ import annotations

import pytest
from judged import TWICE, judge, passed

from autograder.execution.plan import Sheet, Step

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
