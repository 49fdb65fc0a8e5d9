"""What the hidden lines of a test do to names that the learner knows."""

from __future__ import annotations

import pytest

from autograder.grading.hidden import given_anew, given_lines


@pytest.mark.parametrize(
    ("hidden", "names"),
    [
        ("expected = 5", {"expected"}),
        ("assert f(3) == expected", set()),
        ("for n, expected in {}.items():\n    pass", {"n", "expected"}),
        ("expected[3] = 5", {"expected"}),
        ("expected.extend([3])", {"expected"}),
        ("expected[0].wanted.append(3)", {"expected"}),
        ("expected += 1", {"expected"}),
        ("del expected", {"expected"}),
    ],
)
def test_a_name_that_a_hidden_line_changes_is_known(hidden, names):
    shown = "expected = make(2)\nassert f(2) == expected"
    found = given_anew(f"{shown}\n{hidden}", shown)
    assert found & {"expected", "n"} == names
    assert "f" not in found


def test_a_line_that_was_given_out_counts_where_it_stood():
    assert given_lines("a = 1\nb = 2\nc = 3\na = 1", "a = 1\nc = 3") == {0, 2}
