"""What notebooks do beside computing: magics, figures, several processes. In the learner's process and in the judge's."""

from __future__ import annotations

import json

import pytest

from autograder.execution import fonts
from autograder.execution.executor import Executor
from autograder.execution.limits import Limits
from autograder.execution.plan import Config, Sheet, Step

MAGICS = [
    "%matplotlib inline",
    "%matplotlib notebook",
    "%matplotlib widget",
    "%matplotlib no-such-gui",
    "%matplotlib qt",
    "%matplotlib",
    "%matplotlib --list",
    "%pylab inline",
    "%gui tk",
    "%config InlineBackend.figure_format = 'retina'",
    "%config InlineBackend.figure_formats = ['svg']",
    "%config IPCompleter.greedy = True",
    "%load_ext autoreload\n%autoreload 2",
    "stored = 1\n%store stored",
    "breakpoint()",
    "import faulthandler\nfaulthandler.enable()",
    "import getpass\ngetpass.getuser()",
]


@pytest.fixture(scope="module")
def executor():
    """One with room for packages such as scipy."""
    with Executor(Config(Limits(memory_mb=1536, tmp_mb=16, file_mb=8))) as running:
        assert running.level == "boxed", running.reason
        yield running


def run(executor, *steps, sheet=None):
    return executor.run(sheet or Sheet(), list(steps), {})


def pictures(ran) -> int:
    return sum("image/png" in output.get("data", {}) for output in ran.outputs)


def said(ran) -> str:
    return "".join(output.get("text", output.get("evalue", "")) for output in ran.outputs)


def test_magics_raise_nothing_and_what_stands_below_runs(executor):
    cells = [Step("cell", str(n), f"{magic}\nbelow_{n} = {n}") for n, magic in enumerate(MAGICS)]
    ran = run(executor, *cells, Step("cell", "end", f"print([below_{', below_'.join(map(str, range(len(MAGICS))))}])"))
    assert {magic: ran[str(n)].error for n, magic in enumerate(MAGICS) if ran[str(n)].error} == {}
    assert said(ran["end"]) == f"{list(range(len(MAGICS)))}\n"


@pytest.mark.parametrize("kind", ["own", "test"])
def test_magics_in_the_judge(executor, kind):
    """First in a locked cell, above the learner's and below, and in a test itself."""
    sheet = Sheet(cells=("%matplotlib inline\nimport math\ndef near(a, b):\n    return math.isclose(a, b)",))
    below = "\n".join(MAGICS) + "\nlimit = 10"
    steps = [Step("own", "above", sheet.cells[0]), Step("cell", "learner", "x = 5.0"), Step("own", "below", below)]
    test = "assert near(x, 5) and limit == 10"
    ran = run(executor, *steps, Step("test", "t", test if kind == "own" else f"{below}\n{test}"), sheet=sheet)
    assert not ran["t"].error and not ran["t"].verdict, ran["t"]
    assert not ran["above"].error and not ran["below"].error


@pytest.mark.parametrize(
    "magic",
    ["%matplotlib inline", "%matplotlib notebook", "%config InlineBackend.figure_format = 'svg'", "", "%matplotlib"],
)
def test_figures_are_pictures(executor, magic):
    source = f"{magic}\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])"
    ran = run(executor, Step("cell", "a", source), Step("cell", "b", "plt.plot([3, 4])\nplt.show()"))
    assert (pictures(ran["a"]), pictures(ran["b"])) == (1, 1), "each cell shows its own, once"


def test_packages_of_ordinary_courses(executor):
    source = """
import altair, scipy.stats, sympy, pandas as pd, seaborn as sns
sns.set_theme()
frame = pd.DataFrame({"a": [1, 2], "b": [3, 4]})
axes = sns.barplot(frame, x="a", y="b")
chart = altair.Chart(frame).mark_bar().encode(x="a:Q", y="b:Q")
chart
"""
    more = "sympy.init_printing()\nprint(sympy.symbols('x') ** 2, scipy.stats.norm.cdf(0), len(axes.patches))\nchart"
    ran = run(executor, Step("cell", "a", source), Step("cell", "b", more))
    assert not ran["a"].error and pictures(ran["a"]) == 1
    assert said(ran["b"]) == "x**2 0.5 2\n" and not ran["b"].error


def test_the_list_of_fonts_is_made_once_and_every_box_has_it(executor):
    kept = fonts.known()
    (name,) = kept
    assert name.startswith(".cache/matplotlib/fontlist-") and json.loads(kept[name])["ttflist"]
    source = """
import logging, os, warnings
warnings.simplefilter("error")
logging.basicConfig(level=logging.WARNING)
place = os.path.expanduser("~/NAME")
before = os.stat(place).st_mtime_ns
import matplotlib.font_manager
print(os.stat(place).st_mtime_ns == before, os.access(matplotlib.get_cachedir(), os.W_OK))
""".replace("NAME", name)
    (ran,) = run(executor, Step("cell", "a", source)).values()
    assert said(ran) == "True True\n", "it was read and not made again, and nothing was said"


POOLS = """
import concurrent.futures, multiprocessing as m, os
def square(x):
    return x * x
with m.get_context("fork").Pool() as pool:
    print(pool.map(square, range(3)))
with concurrent.futures.ProcessPoolExecutor(2) as pool:
    print(list(pool.map(square, range(3))))
with concurrent.futures.ThreadPoolExecutor(4) as pool:
    print(list(pool.map(square, range(3))))
queue = m.Queue()
process = m.Process(target=lambda: queue.put("from another"))
process.start()
print(queue.get(timeout=9))
process.join()
value, lock = m.Value("i", 3), m.Lock()
with lock:
    value.value += 1
one, other = m.Pipe()
one.send(value.value)
print(other.recv())
"""
SPAWNED = """
open("tools.py", "w").write("def square(x):\\n    return x * x")
import tools
from multiprocessing import get_context, shared_memory
with get_context("spawn").Pool(2) as pool:
    print(pool.map(tools.square, range(3)))
shared = shared_memory.SharedMemory(create=True, size=1000)
shared.close()
shared.unlink()
"""


def test_several_processes(executor):
    ran = run(executor, Step("cell", "fork", POOLS), Step("cell", "spawn", SPAWNED))
    assert said(ran["fork"]) == "[0, 1, 4]\n" * 3 + "from another\n4\n", ran["fork"]
    assert said(ran["spawn"]) == "[0, 1, 4]\n", ran["spawn"]


def test_shared_memory_is_a_submissions_own_and_bounded(executor):
    filled = "n = 0\nwhile True:\n    open(f'/dev/shm/{n}', 'wb').write(bytes(1 << 20))\n    n += 1"
    first = run(executor, Step("cell", "a", filled), Step("cell", "b", "print(n)"))
    second = run(executor, Step("cell", "a", "import os\nprint(os.listdir('/dev/shm'))"))
    assert first["a"].error == "OSError" and int(said(first["b"])) == executor.config.limits.tmp_mb
    assert said(second["a"]) == "[]\n"
