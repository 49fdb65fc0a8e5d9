"""Cells of the attacked assignment whose tests meet more than plain values: objects, changed lists, functions of the test's, files."""

from __future__ import annotations

from dataclasses import dataclass

SETUP = """import dataclasses

# Write Pair and half, walk, tidy, show and total, twofold, report.json, stock, cost, tall and greet, near, lent, cube, ninefold, ninth.

@dataclasses.dataclass
class Spot:
    name: str
    steps: int

stock = ["pen"]
prices = [2, 3.5]"""


@dataclass(frozen=True)
class Kind:
    """A solution cell, the test below it, and the points of that test."""

    name: str
    solution: str
    test: str
    points: int = 1

    @property
    def source(self) -> str:
        return f"### BEGIN SOLUTION\n{self.solution}\n### END SOLUTION"


def _test(shown: str, hidden: str) -> str:
    return f"{shown}\n### BEGIN HIDDEN TESTS\n{hidden}\n### END HIDDEN TESTS"


KINDS = (
    Kind(
        "pair",  # the solution's objects compare and add themselves; what else stands in the test is plain
        """class Pair:
    def __init__(self, a, b): self.a, self.b = a, b
    def __add__(self, other): return Pair(self.a + other.a, self.b + other.b)
    def __eq__(self, other): return isinstance(other, Pair) and (self.a, self.b) == (other.a, other.b)
    def scaled(self, by): return Pair(self.a * by, self.b * by)
def half(n): return n / 2""",
        _test(
            "assert Pair(1, 2) + Pair(3, 4) == Pair(4, 6)\nassert Pair(1, 2) != Pair(1, 3)",
            "assert Pair(1, 2).scaled(3).b == 6\nassert half(9) == 4.5",
        ),
        2,
    ),
    Kind(
        "spot",  # an object of a class of the instructor's
        "def walk(name, n):\n    return Spot(name.upper(), 2 * n)",
        _test("assert walk('a', 1) == Spot('A', 2)", "assert walk('rose', 4) == Spot('ROSE', 8)"),
    ),
    Kind(
        "tidy",
        "def tidy(words):\n    words.sort()",
        _test(
            "words = ['pear', 'fig']\ntidy(words)\nassert words == ['fig', 'pear']",
            "numbers = [3.5, 1.25, 2]\ntidy(numbers)\nassert numbers == [1.25, 2, 3.5]",
        ),
    ),
    Kind(
        "total",  # the solution leaves its argument alone
        "def show(numbers):\n    print(numbers)\ndef total(numbers):\n    return sum(numbers)",
        _test(
            "numbers = [4, 5]\nshow(numbers)\nassert total(numbers) == sum(numbers)", "assert total([1.5, 2]) == 3.5"
        ),
    ),
    Kind(
        "twofold",
        "def twofold(f, x):\n    return f(f(x))",
        _test(
            "assert twofold(lambda n: n + 3, 1) == 7",
            "seen = []\ndef note(n):\n    seen.append(n)\n    return 10 * n\nassert twofold(note, 4) == 400 and seen == [4, 40]",
        ),
    ),
    Kind(
        "report",
        "import json\nwith open('report.json', 'w') as file:\n    json.dump({'total': 12.5, 'rows': [1, 2]}, file)",
        _test(
            "import json\nfound = json.load(open('report.json'))",
            "assert found['total'] == 12.5 and found['rows'] == [1, 2]",
        ),
    ),
    Kind("stock", "stock.append('ink')", _test("assert 'pen' in stock", "assert stock == ['pen', 'ink']")),
    Kind(
        "cost",  # a list of the instructor's that the solution leaves alone
        "def cost(n):\n    return n * sum(prices)",
        _test("assert cost(1) == sum(prices)", "assert cost(3) == 3 * sum(prices)"),
    ),
    Kind(
        "tall",  # data that has methods of its own
        "import pandas as pd\ndef tall(n):\n    return pd.DataFrame({'x': list(range(n))})\ndef greet(name):\n    return f'Hello {name}'",
        _test(
            "import pandas as pd\nimport numpy as np\nassert greet('Ann').startswith('Hello')",
            "pd.testing.assert_frame_equal(tall(3), pd.DataFrame({'x': [0, 1, 2]}))\nassert tall(2).equals(pd.DataFrame({'x': [0, 1]}))\n"
            "assert greet('Bo').endswith('lo Bo')",
        ),
        2,
    ),
    Kind(
        "near",  # a library's own assertions
        "import numpy as np\ndef near(n):\n    return np.array([n, n + 0.5])",
        _test(
            "import numpy as np\nnp.testing.assert_allclose(near(1), [1, 1.5])",
            "np.testing.assert_allclose(near(7), [7, 7.5])\nif abs(near(3)[1] - 3.5) > 1e-9:\n    raise AssertionError",
        ),
    ),
    Kind(
        "lent",
        "import contextlib\n@contextlib.contextmanager\ndef lent(title):\n    yield title.upper()",
        _test(
            "with lent('emma') as title:\n    assert title == 'EMMA'",
            "with lent('ulysses') as title:\n    assert title == 'ULYSSES'",
        ),
    ),
    Kind(
        "cases",  # a test that runs tests
        "def cube(n):\n    return n ** 3",
        "import unittest\n\nclass Cases(unittest.TestCase):\n    def test_small(self):\n        self.assertEqual(cube(2), 8)\n"
        "    ### BEGIN HIDDEN TESTS\n    def test_large(self):\n        self.assertEqual(cube(9), 729)\n    ### END HIDDEN TESTS\n\n"
        "ran = unittest.TestResult()\nunittest.defaultTestLoader.loadTestsFromTestCase(Cases).run(ran)\nassert ran.wasSuccessful()",
    ),
    Kind(
        "table",  # the hidden part gives another value to a name that was given out
        "def ninefold(n):\n    return 9 * n",
        _test(
            "expected = {2: 18}\nassert all(ninefold(n) == want for n, want in expected.items())",
            "expected = {7: 63}\nassert all(ninefold(n) == want for n, want in expected.items())",
        ),
    ),
    Kind(
        "again",  # tested below the table above
        "import math\ndef ninth(n):\n    return ninefold(n)",
        _test("assert ninth(2) == 18", "assert ninth(7) == 63"),
    ),
)
SOLVED = {kind.name: kind.solution for kind in KINDS}
POINTS = sum(kind.points for kind in KINDS)
