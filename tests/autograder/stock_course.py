"""An ordinary nbgrader assignment with visible and hidden tests, and learners who did it honestly or not."""

from __future__ import annotations

import json

from tiny_course import code, info, text

SQUARES = """def squares(n):
    \"\"\"The squares from 1 to n.\"\"\"
    ### BEGIN SOLUTION
    if n < 1:
        raise ValueError("n must be at least 1")
    return [i ** 2 for i in range(1, n + 1)]
    ### END SOLUTION
"""
TEST_SQUARES = """assert squares(1) == [1]
assert squares(2) == [1, 4]
### BEGIN HIDDEN TESTS
assert squares(11) == [1, 4, 9, 16, 25, 36, 49, 64, 81, 100, 121]
### END HIDDEN TESTS"""
TEST_ERROR = """try:
    squares(0)
except ValueError:
    pass
else:
    raise AssertionError("did not raise")"""
PARTS = """points = 0
if squares(2) == [1, 4]:
    points += 0.5
if close(mean, 2.5):
    points += 1.5
points"""


def cells():
    return [
        code(
            "import math\n\ndef close(a, b):\n    return math.isclose(a, b, rel_tol=1e-9)",
            "setup",
            info("setup", locked=True),
        ),
        code("import json\ntable = json.load(open('data.json'))", "load", None),
        text("# Squares", "title"),
        code(SQUARES, "squares", info("squares", solution=True)),
        code(
            "mean = None\n### BEGIN SOLUTION\nmean = sum(table) / len(table)\n### END SOLUTION",
            "mean",
            info("mean", solution=True),
        ),
        code(TEST_SQUARES, "test-squares", info("test-squares", grade=True, locked=True, points=3)),
        code(TEST_ERROR, "test-error", info("test-error", grade=True, locked=True, points=1)),
        code(PARTS, "test-parts", info("test-parts", grade=True, locked=True, points=2)),
        text("Why?", "why", info("why", "markdown", grade=True, solution=True, points=2)),
    ]


RIGHT = {
    "squares": "def squares(n):\n    if n < 1:\n        raise ValueError(n)\n    return [i * i for i in range(1, n + 1)]",
    "mean": "mean = sum(table) / len(table)",
}


def write(**sources):
    """edit(folder): the learner's text in the cells named; "why" is markdown."""

    def edit(folder):
        path = folder / "plain.ipynb"
        document = json.loads(path.read_bytes())
        for cell in document["cells"]:
            if cell["id"] in sources:
                cell["source"] = sources[cell["id"]]
        path.write_text(json.dumps(document))

    return edit
