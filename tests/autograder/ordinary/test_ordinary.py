"""Ordinary styles of nbgrader tests: no honest answer loses a point in silence, no wrong one gains what nbgrader would not give."""

from __future__ import annotations

import ordinary
import pytest

CASES = {case.name: case for case in [*ordinary.tests(), *ordinary.setups()]}
# One of each kind runs in `make test`; all of them in `make test-all`.
SOME = """pd_resample_freq np_seed fn_lambda_arg gen_next iter_class doc_present mock_min_docs raises_own_class cls_mul cls_dataclass_eq
cls_given_tree_mut not_mutating file_fn_read sympy_eq cell_magic_capture toplevel_await inline_locked_first locked_df_add_column
test_sets_then_learner_uses test_overwrites_learner_list""".split()
MATRIX = [pytest.param(name, marks=() if name in SOME else pytest.mark.matrix) for name in CASES]


@pytest.fixture(scope="module")
def outcomes(ordinary_executor):
    """case name -> its outcome, worked out once."""
    found: dict[str, ordinary.Outcome] = {}

    def outcome(name: str) -> ordinary.Outcome:
        if name not in found:
            found[name] = ordinary.judged(CASES[name], ordinary_executor)
        return found[name]

    return outcome


@pytest.mark.parametrize("name", MATRIX)
def test_no_honest_answer_is_lost_in_silence(outcomes, name):
    one = outcomes(name)
    assert not ordinary.is_lost(one.honest, one.case.full), one.honest
    assert one.second is None or not ordinary.is_lost(one.second, one.case.second_full), one.second


@pytest.mark.parametrize("name", MATRIX)
def test_no_wrong_and_no_untouched_work_gains(outcomes, name):
    one = outcomes(name)
    most = {"wrong": 0.0, "stub": one.case.stub_full}
    for what, cells in (("wrong", one.wrong), ("stub", one.stub)):
        assert cells is None or all((cell.score or 0) <= most[what] for cell in cells), (what, cells)


@pytest.mark.matrix
def test_nearly_all_is_full_without_a_person_and_most_outside(outcomes):
    found = [outcomes(name) for name in CASES]
    works = [
        (one.case, cells, full)
        for one in found
        for cells, full in ((one.honest, one.case.full), (one.second, one.case.second_full))
        if cells
    ]
    full = [case.name for case, cells, full in works if ordinary.is_full(cells, full)]
    assert len(full) >= 0.95 * len(works), sorted({case.name for case, _, _ in works} - set(full))
    inside = [one.case.name for one in found if one.inside]
    assert len(inside) <= len(found) / 3, inside
    assert not [name for name in inside if CASES[name].outside_before]


def test_the_table_is_printed_by_one_command(capsys, monkeypatch):
    monkeypatch.setattr("sys.argv", ["ordinary", "doc_present"])
    assert ordinary.main() == 0
    assert "doc_present                   outside  full    full    0       0" in capsys.readouterr().out
