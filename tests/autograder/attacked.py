"""The assignment that the attacks of the corpus are made on: a test of each kind, and a question of each kind."""

from __future__ import annotations

from attacked_kinds import KINDS, SETUP, Kind
from tiny_course import BANK, Tiny, code, info, text

ASSIGNMENT = "attacked"
INSIDE = "test-inside"  # the test that runs in the learner's process: what is gained there is counted apart
MORE = """\
- id: tiny-some
  use: graded
  kind: choices
  objective: know the rivers
  points: 2
  prompt: Which rivers flow through France?
  options:
    - {id: a, text: Seine, correct: true, why: It flows through Paris and Rouen}
    - {id: b, text: Thames, why: It flows through London and Oxford}
    - {id: c, text: Loire, correct: true, why: It flows through Nantes and Tours}
    - {id: d, text: Volga, why: It flows through Kazan and Samara}
  sources: []
- id: tiny-code
  use: graded
  kind: code
  objective: write a function
  points: 2
  prompt: Write a function that gives three times its argument.
  function: triple
  starter: |
    def triple(x):
        raise NotImplementedError()
  examples:
    - {args: [1], gives: 3}
    - {args: [2], gives: 6}
  tests:
    - {args: [7], gives: 21, why: the examples were learnt by heart}
    - {args: [-2.5], gives: -7.5, why: only whole numbers above 0 were thought of}
  solution: |
    def triple(x):
        return 3 * x
  samples:
    - {source: "def triple(x): return abs(3 * x)", credit: 0.5}
  sources: []
"""
DOUBLE = '''def double(x):
    """Two times x."""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION
'''
TEST_DOUBLE = """assert double(2) == 4
### BEGIN HIDDEN TESTS
# hidden rose
assert close(double(21.25), 42.5), double(21.25)
assert isinstance(double(3), (int, float)) and abs(double(3) - 6) == 0
### END HIDDEN TESTS"""
TEST_PARTS = """score = 0.0
if close(mean, 2.5):
    score += 1
score += double(0.5) == 1
score"""
TEST_INSIDE = "import inspect\nassert inspect.getsource(whole) and whole(7) == 7"
SURVIVOR = "course-survivor"  # the name that attacks give to processes which they want to outlive the run


def cells() -> list:
    """The assignment: tests with hidden parts, partial credit by a number, a test in the learner's process, declared questions, code, a cell for a person, and the kinds of attacked_kinds."""
    return [
        code(
            "import math\nfrom courseware import ask, progress\n\ndef close(a, b):\n    return math.isclose(a, b)",
            "setup",
            info("setup", locked=True),
        ),
        code(SETUP, "more", info("more", locked=True)),
        code("notes = 'explore here'", "explore"),
        code(DOUBLE, "double", info("double", solution=True)),
        code(TEST_DOUBLE, "test-double", info("test-double", grade=True, locked=True, points=3)),
        code("mean = None\n### BEGIN SOLUTION\nmean = 2.5\n### END SOLUTION", "mean", info("mean", solution=True)),
        code(TEST_PARTS, "test-parts", info("test-parts", grade=True, locked=True, points=2)),
        code(
            "def whole(x):\n    ### BEGIN SOLUTION\n    return round(x)\n    ### END SOLUTION",
            "whole",
            info("whole", solution=True),
        ),
        code(
            TEST_INSIDE,
            "test-inside",
            info("test-inside", grade=True, locked=True, points=1),
            autograder={"in_process": True},
        ),
        *(cell for kind in KINDS for cell in (_solution(kind), _test(kind))),
        *(code(f'ask("{id_}")', id_) for id_ in ("tiny-01", "tiny-02", "tiny-some", "tiny-code")),
        text("Why?", "why", info("why", "markdown", grade=True, solution=True, points=1)),
        code("progress()", "finish", info("finish", locked=True)),
    ]


def _solution(kind: Kind):
    return code(kind.source, kind.name, info(kind.name, solution=True))


def _test(kind: Kind):
    name = f"test-{kind.name}"
    return code(kind.test, name, info(name, grade=True, locked=True, points=kind.points))


def prepare(tiny: Tiny) -> Tiny:
    """Give the tiny course the assignment that is attacked."""
    (tiny.folder / "questions/tiny.yml").write_text(BANK + MORE, encoding="utf8")
    # before the release, which keeps how the tests are judged under these
    tiny.course.config.Grading.update({"cell_seconds": 4.0, "memory_mb": 300})
    tiny.source(cells(), ASSIGNMENT)
    tiny.generate(ASSIGNMENT)
    return tiny
