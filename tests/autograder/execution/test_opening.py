"""The cells before a learner's first are run once for a class where that cannot be seen, and as any others where it could."""

from __future__ import annotations

import pytest

from autograder.execution.executor import Executor
from autograder.execution.plan import Config, Sheet, Step

SETUP = "import math\nvalues = [1, 2, 3]\nprint('ready', sum(values))"
SHOW = "class Point:\n    def __init__(self):\n        super().__init__()\npoint, later = Point(), lambda x: x + values[0]\nlen(values)"


@pytest.fixture(scope="module")
def alone():
    """An executor whose notebooks are nobody else's."""
    with Executor() as running:
        yield running


def sheet(*opening: str, files=()) -> Sheet:
    return Sheet(sources=opening, opening=opening, files=files)


def run(executor: Executor, sheet: Sheet, *sources: str, first=None, files=None, seed=None):
    """What became of each cell, the first ones included."""
    cells = [*(sheet.opening if first is None else first), *sources]
    steps = [Step("cell", str(n), source) for n, source in enumerate(cells)]
    return list(executor.run(sheet, steps, files or {}, seed).values())


def shared(executor: Executor, sheet: Sheet, *sources: str, **more) -> bool:
    """Does a submission after several others begin behind the first cells?"""
    for _ in range(3):
        run(executor, sheet, *sources, **more)
    steps = [Step("cell", str(n), source) for n, source in enumerate(sheet.opening)]
    seed = more.get("seed", executor.config.seed)
    session = executor._opening(sheet).session(steps, more.get("files", {}), seed)
    if session is not None:
        session.close()
    return session is not None


def test_outputs_and_results_are_those_of_a_submission_that_runs_all(alone):
    first = sheet(SETUP, SHOW, "1/0")
    cells = ("print(values, later(1), type(point).__name__, math.pi)", "_2 + 1", "__")
    found = [run(alone, first, *cells) for _ in range(5)]
    assert shared(alone, first) and found[0] == found[-1]
    assert [ran.error for ran in found[0]][:3] == ["", "", "ZeroDivisionError"] and found[0][3].error == ""


def test_first_cells_that_were_changed_run_as_they_are(alone):
    first = sheet("limit = 10", "double = limit * 2")
    assert shared(alone, first)
    changed = run(alone, first, "print(double)", first=("limit = 11", "double = limit * 2"))
    added = run(alone, first, "print(double)", first=("double = 0", "limit = 10", "double = limit * 3"))
    lost = run(alone, first, "print(double)", first=("double = 7",))
    assert [ran[-1].outputs[0]["text"] for ran in (changed, added, lost)] == ["22\n", "30\n", "7\n"]


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("import time\nstart = time.time()", "a clock"),
        ("from datetime import datetime\nprint(datetime.now().year)", "they show something else"),
        ("import datetime\nlate = datetime.date.today().weekday() > 4", "a clock"),
        ("import time\nprint(time.strftime('%H'))", "they show something else"),
        ("import pandas as pd\nyear = pd.Timestamp.now().year", "a clock"),
        ("import logging\ndone = logging.makeLogRecord({}).created", "they leave something else"),
        ("import numpy as np\nday = np.datetime64('today')", "they may ask a clock"),
        ("import subprocess\nday = subprocess.run(['date', '+%F'], capture_output=True).stdout", "other programs"),
        ("import os\nold = int(os.path.getmtime('given.txt') // 86400)", "they leave something else"),
        ("import random\nrandom.seed()\nx = random.random() < 0.5\nrandom.seed(1)", "randomness"),
        ("import secrets\nlucky = secrets.randbelow(2)", "randomness"),
        ("import uuid\nname = uuid.uuid4()", "randomness"),
        ("import numpy as np\ndraw = np.random.default_rng().integers(2)", "randomness"),
        ("text = open('mine.txt', 'rb').read()", "they show something else"),
        ("import os\nthere = os.path.exists('mine.txt')", "they leave something else"),
        (
            "try:\n    size = len(open('mine.txt', 'rb').read()) and 0\nexcept OSError:\n    size = 0",
            "a learner's file",
        ),
        ("import glob\nprint(glob.glob('*.txt'))", "they show something else"),
        ("import threading, time\nthreading.Thread(target=time.sleep, args=(60,), daemon=True).start()", "threads"),
        ("import subprocess\nhelper = subprocess.Popen(['sleep', '60'])", "processes"),
        ("import asyncio\ntask = asyncio.ensure_future(asyncio.sleep(60))", "tasks"),
        ("open('made.txt', 'w').write('x')", "written files"),
        ("lines = open('given.txt')", "open files"),
        ("import mmap\nboard = mmap.mmap(-1, 4096)", "shared memory"),
        ("numbers = (n for n in range(9))", "what they leave cannot be compared"),
        ("import os\nos.chdir('/')", "another folder"),
        ("import signal\nsignal.alarm(60)", "an alarm"),
    ],
)
def test_what_depends_on_more_than_its_text_is_run_by_each(alone, cell, why):
    given = sheet(cell, files=(("given.txt", b"given"),))
    assert not shared(alone, given, files={"mine.txt": b"mine"})
    opening = alone._opening(given)
    assert why in (opening.why or opening._tried[frozenset({"mine.txt"})])


def test_files_and_random_numbers_that_are_the_same_for_all_are_no_obstacle(alone):
    cells = "text = open('given.txt').read()\nimport numpy as np\nsample = np.random.default_rng(5).normal(size=3)"
    given = sheet(cells, files=(("given.txt", b"given"),))
    assert shared(alone, given, files={"timestamp.txt": b"2024", "mine.txt": b"mine"})
    found = run(
        alone, given, "print(text, open('given.txt').read(), open('mine.txt').read())", files={"mine.txt": b"m"}
    )
    assert found[-1].outputs[0]["text"] == "given given m\n"


def test_another_seed_is_another_run(alone):
    """Cells that draw from the run's seed are shared by the submissions of that seed alone; others by all, each with its own."""
    draws = sheet("import random, numpy\nx = random.random(), numpy.random.rand()")
    cell = "import random, numpy\nprint(x, random.random(), numpy.random.rand())"
    first = run(alone, draws, cell)[-1]
    assert shared(alone, draws) and run(alone, draws, cell)[-1] == first
    assert not shared(alone, draws, seed=1) and run(alone, draws, cell, seed=1)[-1] != first
    other = sheet("import random, numpy")
    cell = "print(random.random(), numpy.random.rand())"
    first, second = run(alone, other, cell)[-1], run(alone, other, cell, seed=1)[-1]
    assert shared(alone, other, seed=1) and first != second
    assert run(alone, other, cell)[-1] == first and run(alone, other, cell, seed=1)[-1] == second


def test_one_submission_cannot_change_what_another_begins_with(alone):
    first = sheet("table = {'a': [1]}\nimport sys, os\nplace = list(sys.path)")
    assert shared(alone, first)
    spoil = "table['a'].append(2); sys.path.append('x'); os.environ['LEFT'] = '1'; open('/tmp/left', 'w').write('x')"
    look = "print(table, sys.path == place, os.environ.get('LEFT'), os.path.exists('/tmp/left'), os.listdir('.'))"
    before = run(alone, first, look)[-1].outputs[0]["text"]
    run(alone, first, spoil)
    assert run(alone, first, look)[-1].outputs[0]["text"] == before == "{'a': [1]} True None False []\n"


def test_nothing_hidden_lies_in_it(alone):
    """The memory of a submission that begins behind the first cells holds their text, and no other submission's nor a test's."""
    first = sheet("given = 'in the first cells'")
    assert shared(alone, first)
    steps = [Step("cell", "g", first.opening[0]), Step("cell", "c", "mine = 'of one' + ' learner'")]
    alone.run(first, [*steps, Step("test", "t", "assert mine == 'of one learner' != 'hid' 'den away'")], {})
    search = (
        "import re\nfound = []\nfor line in open('/proc/self/maps'):\n    span, rights, *_ = line.split()\n"
        "    a, b = (int(x, 16) for x in span.split('-'))\n    if rights.startswith('rw') and b - a < 1 << 28:\n"
        "        memory = open('/proc/self/mem', 'rb'); memory.seek(a)\n        try:\n            data = memory.read(b - a)\n"
        "        except OSError:\n            continue\n"
        "        found += re.findall(rb'in the first cel[l]s|of one learne[r]|hidden awa[y]|mine == .of on[e]', data)\n"
        "print(sorted(set(found)))"
    )
    assert run(alone, first, search)[-1].outputs[0]["text"] == "[b'in the first cells']\n"


def test_without_a_box_every_submission_runs_all(monkeypatch):
    monkeypatch.setenv("BWRAP", "no-such-program")
    with Executor(Config(trust_learner_code=True)) as trusted:
        first = sheet("import os\nprint(os.getpid())")
        found = {run(trusted, first)[0].outputs[0]["text"] for _ in range(4)}
    assert len(found) == 4
