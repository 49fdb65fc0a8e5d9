"""What the tests of the judge share: an instructor's cells, and a learner's code judged beside them."""

from __future__ import annotations

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
