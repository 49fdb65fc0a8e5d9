"""Where the box ended an honest learner's code, or had not what it looked for, that is said: which limit, and its figure."""

from __future__ import annotations

from dataclasses import replace

import psutil
import pytest

from autograder.execution.executor import Executor
from autograder.execution.limits import Limits
from autograder.execution.memory import holds
from autograder.execution.plan import Config, Sheet, Step

PS = Sheet(folder="ps", theirs=("x", "f"), files=(("data.csv", b"a\n1\n"),))
NETWORK = "The code tried the network, and there is none while it is graded"


def run(executor, *cells, test="assert x == 1", sheet=PS, files=None):
    """What became of each cell and of the test below them."""
    steps = [Step("cell", str(n), source) for n, source in enumerate(cells)]
    ran = list(executor.run(sheet, [*steps, Step("test", "t", test)], files or {}).values())
    return ran


def shown(ran) -> str:
    return "".join(str(output.get("text", output.get("traceback"))) for output in ran.outputs)


@pytest.mark.parametrize(
    "source",
    [
        "import urllib.request\nurllib.request.urlopen('http://example.com/')\nx = 1",
        "import urllib.request\ntry:\n    urllib.request.urlopen('http://example.com/')\nexcept OSError:\n    x = 2",
        "import requests\nrequests.get('https://example.com/')\nx = 1",
        "import pandas as pd\npd.read_csv('https://example.com/data.csv')\nx = 1",
        "import socket\nsocket.create_connection(('192.0.2.1', 80))\nx = 1",
        "import socket\nsocket.socket().connect(('192.0.2.1', 80))\nx = 1",
        "!pip install no-such-package\nx = 2",
        "%pip install no-such-package\nx = 2",
    ],
)
def test_a_cell_that_tried_the_network_is_told_so(executor, source):
    cell, test = run(executor, source)
    assert cell.why.startswith(NETWORK) and NETWORK in shown(cell), "the learner sees it below the cell"
    assert test.error and test.why.startswith(NETWORK), "and by the test that then fails"


def test_a_function_that_tries_it_when_it_is_tested(executor):
    source = "import urllib.request\ndef f():\n    return urllib.request.urlopen('http://example.com/')\nx = 1"
    cell, test = run(executor, source, test="assert f() == 1")
    assert not cell.why and test.error and test.why.startswith(NETWORK)


def test_code_that_tries_nothing_is_told_nothing(executor):
    cells = run(executor, "import pandas, urllib.request\nx = 1", "1 / 0", "open('missing.csv')")
    assert [one.why for one in cells] == [""] * 4


def test_memory(executor):
    cell, below, test = run(executor, "x = bytearray(10**9)", "y = 1")
    why = "The code asked for more than the 300 MB of memory that it may use."
    assert (cell.verdict, cell.why, test.why, below.why) == ("out of memory", why, why, "") and why in shown(cell)


def test_memory_of_many_processes(executor):
    crowd = "import os, time\nfor _ in range(8):\n    if os.fork() == 0:\n        kept = bytearray(range(256)) * (100 << 12)\n"
    cell, test = run(executor, crowd + "        time.sleep(60)\ntime.sleep(60)")
    assert cell.why == test.why == "The code asked for more than the 300 MB of memory that it may use."


def test_time_of_a_cell(hurried):
    cell, test = run(hurried, "while True: pass")
    assert cell.verdict == "timeout" and cell.why == test.why and cell.why in shown(cell)
    assert cell.why == "The code took longer than the 1.5 s that a cell may take. Look for a loop that never ends."


def test_time_of_a_call(hurried):
    calls = ({"function": "f", "args": []},)
    source = "def f():\n    while True: pass"
    ran = hurried.run(PS, [Step("cell", "c", source), Step("calls", "q", calls=calls)], {})["q"]
    assert ran.outcomes == ({"verdict": "timeout"},) and "longer than the 1.5 s that a call may take" in ran.why


def test_time_of_a_notebook(hurried, monkeypatch):
    short = replace(hurried.config.limits, cell_seconds=2, total_seconds=3)
    monkeypatch.setattr(hurried, "config", replace(hurried.config, limits=short))
    ran = run(hurried, *["import time\ntime.sleep(1.6)"] * 4)
    assert ran[-1].verdict == "timeout" and "longer than the 3 s that all its cells may take" in ran[-1].why


def test_time_of_the_processor():
    with Executor(Config(Limits(cpu_seconds=2, cell_seconds=20))) as brief:
        cell, test = run(brief, "while True: pass")
    assert (
        cell.verdict == test.verdict == "timeout" and "more than the 2 s that it may have of the processor" in cell.why
    )


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("print('x' * 20_000_000)", "more than the 2 MB that a cell may"),
        ("open('big', 'wb').write(bytes(50_000_000))", "longer than the 8 MB"),
        ("for n in range(10): open(str(n), 'wb').write(bytes(6_000_000))", "larger than the 16 MB"),
        ("kept = []\nwhile True: kept.append(open('/dev/null'))", "more than the 128 files"),
        (
            "import threading, time\nwhile True: threading.Thread(target=time.sleep, args=(9,)).start()",
            "more than the 32 processes",
        ),
        ("open('/content/drive/data.csv')", "a file outside the notebook's folder"),
        (r"open('C:\\Users\\ana\\data.csv')", "a file outside the notebook's folder"),
        ("open('../other/data.csv')", "a file outside the notebook's folder"),
        ("import numpy as np\nnp.loadtxt('/home/ana/data.csv')", "a file outside the notebook's folder"),
    ],
)
def test_other_limits_and_places(executor, source, why):
    cell, test = run(executor, source)
    assert why in cell.why and cell.why in shown(cell) and cell.why in test.why


def test_paths_that_learners_use(executor):
    source = """
import os, subprocess, sys
text = {open(path).read() for path in ("data.csv", "../ps/data.csv", os.getcwd() + "/data.csv", os.path.abspath("data.csv"))}
assert text == {"a\\n1\\n"} and os.path.basename(os.getcwd()) == "ps" and os.listdir("..") == ["ps"]
x = subprocess.run([sys.executable, "-c", "import numpy; print(6 * 7)"], capture_output=True, text=True).stdout
open("../ps/made.txt", "w").write("made")
"""
    test = (
        "import os\nassert x == '42\\n' and open('../ps/data.csv').read() == 'a\\n1\\n' and os.getcwd().endswith('/ps')"
    )
    cell, judged = run(executor, source, test=f"{test}\nassert open('made.txt').read() == 'made'")
    assert not cell.error, shown(cell)
    assert not judged.error and not judged.verdict, judged


def test_an_honest_array_of_800_megabytes_has_room(ordinary_executor):
    cell, test = run(ordinary_executor, "import numpy as np\nbig = np.ones(100_000_000)\nx = big.mean()")
    assert not cell.verdict and not test.error, test


def test_a_class_takes_no_more_memory_than_the_machine_has():
    most = Limits().memory_mb
    assert holds(10**7) == 1, "one at a time at least"
    assert 1 <= holds(most) <= max(1, psutil.virtual_memory().total // (2 * most << 20)) and holds(1) > holds(most)
