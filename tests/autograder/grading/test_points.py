"""What a test's last value means for its points: as in nbgrader, but for what it takes for full marks without a check."""

from __future__ import annotations

import nbformat
import pytest
from nbformat import v4
from nbgrader.utils import determine_grade
from tiny_course import code, info

from autograder.execution.executor import Executor
from autograder.grading.grade import Paper, grade
from autograder.grading.submission import Submission

GIVEN = "import math\nimport numpy as np\nimport pandas as pd\nfrom fractions import Fraction\ndef weigh(x): return np.float64(x)"
ANSWER = """def save(n): return n * 1.104
def tail(n): return np.float64(n)
def left(n): return -n
def price(n):
    import decimal
    return decimal.Decimal(n)
frame = pd.DataFrame({"a": [1.0, 0.5]})
"""
# name: (the test, worth 2 points, what stock nbgrader gives, what ours gives; None: a person)
SAME = "the same"
TESTS = {
    "false": ("assert abs(save(10) - 11) < .1\nsave(10) == 11.05", 2, SAME),
    "false-numpy": ("assert tail(3) == 3\ntail(3) == 4", 2, SAME),
    "false-pandas": ("assert len(frame) == 2\nframe['a'].mean() > 3", 2, SAME),
    "false-raised": ("if save(1) < 1:\n    raise ValueError\nsave(1) > 2 or save(1) > 3", 2, SAME),
    "false-with-magic": ("%xmode Plain\nassert save(1) > 1\nsave(1) > 2", 2, SAME),
    "true": ("save(1) > 1", 2, SAME),
    "shown-numpy": ("assert tail(0.5) == 0.5\ntail(0.5)", 2, SAME),
    "shown-above": ("np.testing.assert_allclose(tail(5), 5)\ntail(5)", 2, SAME),
    "shown-pandas": ("assert len(frame) == 2\nframe['a'].mean()", 2, SAME),
    "shown-frame": ("assert len(frame) == 2\nframe", 2, SAME),
    "shown-result": ("found = tail(0.25)\nassert found == 0.25\nfound", 2, SAME),
    "shown-negative": ("assert left(1) == -1\nleft(1)", 2, SAME),
    "shown-decimal": ("assert price(1) == 1\nprice(1)", 2, SAME),
    "shown-text": ("assert save(0) == 0\n'0'", 2, 0),
    "shown-zero": ("assert save(0) == 0\nsave(0)", 0, SAME),
    "part": ("points = 0\nif save(1) > 1:\n    points += 0.5\npoints", 0.5, SAME),
    "part-whole": ("sum([save(1) > 1, save(1) > 2])", 1, SAME),
    # nbgrader gives full marks to these whatever the answer: nothing in them can fail
    "false-alone": ("save(10) == 11.05", 2, 0),
    "false-numpy-alone": ("wanted = 4\ntail(3) == wanted", 2, 0),
    "part-numpy": ("assert save(1)\npoints = 0\nif tail(1) == 1:\n    points += weigh(0.5)\npoints", 2, 0.5),
    "part-numpy-of-ours": ("assert save(1)\nweigh(0.5)", 2, 0.5),
    "part-sum": ("assert save(1)\nsum([tail(1) == 1, tail(1) == 2])", 2, 1),
    "part-fraction": ("Fraction(1, 2)", 2, 0.5),
    "negative": ("-1", 2, 0),
    "nan": ("points = tail(float('nan'))\npoints * 2", 2, 0),
}  # fmt: skip


def notebook():
    nb = v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}})
    nb.cells = [code(GIVEN, "given", info("given", locked=True)), code(ANSWER, "answer", info("answer", solution=True))]
    nb.cells += [
        code(test, name, info(name, grade=True, locked=True, points=2)) for name, (test, _, _) in TESTS.items()
    ]
    return nb


@pytest.fixture(scope="module")
def stock():
    from nbclient import NotebookClient

    executed = NotebookClient(notebook(), allow_errors=True).execute()
    return {cell["id"]: determine_grade(cell)[0] for cell in executed.cells[2:]}


@pytest.fixture(scope="module")
def verdicts(executor: Executor):
    nb = notebook()
    tests = {name: test for name, (test, _, _) in TESTS.items()}
    paper = Paper("a", "n", nbformat.from_dict(nb), dict.fromkeys(tests, 2.0), {}, {}, tests)
    result = grade(paper, Submission(nbformat.writes(nb).encode(), "", None, ""), executor)
    return {cell.grade_id: cell for cell in result.cells}


@pytest.mark.parametrize("name", TESTS)
def test_the_last_value(stock, verdicts, name):
    _, theirs, ours = TESTS[name]
    assert stock[name] == theirs
    assert verdicts[name].score == (theirs if ours == SAME else ours), verdicts[name]


def test_a_number_above_the_points_below_checks_that_passed_is_a_persons(executor):
    """nbgrader loses the whole submission."""
    tests = {"above": "assert save(10) > 11\nsave(10)", "sum": "points = 3\npoints"}
    nb = notebook()
    nb.cells[2:] = [code(test, name, info(name, grade=True, locked=True, points=2)) for name, test in tests.items()]
    for cell in nb.cells[2:]:
        with pytest.raises(ValueError, match="greater than maximum"):
            cell.outputs = [v4.new_output("execute_result", {"text/plain": "3"})]
            determine_grade(cell)
        cell.outputs = []
    paper = Paper("a", "n", nb, dict.fromkeys(tests, 2.0), {}, {}, tests)
    result = grade(paper, Submission(nbformat.writes(nb).encode(), "", None, ""), executor)
    assert [(cell.verdict, cell.score) for cell in result.cells] == [("by hand", None), ("error", 0)]
    assert "a person decides" in result.cells[0].reason.lower() and len(result.flags) == 2


def test_honest_work_below_an_exit_keeps_its_points_and_is_told(executor):
    nb = notebook()
    tests = {"double": "assert double(2) == 4\nexit()", "again": "assert double(3) == 6"}
    nb.cells[1:] = [
        code("print('a draft')\nexit()", "own"),
        code("def double(x):\n    if x > 2: quit()\n    return 2 * x", "answer", info("answer", solution=True)),
        *[code(test, name, info(name, grade=True, locked=True, points=2)) for name, test in tests.items()],
    ]
    paper = Paper("a", "n", nb, dict.fromkeys(tests, 2.0), {}, {}, tests)
    result = grade(paper, Submission(nbformat.writes(nb).encode(), "", None, ""), executor)
    assert result.score == 4 and result.verdict == "graded"
    assert any("exit()" in remark for remark in result.remarks)
