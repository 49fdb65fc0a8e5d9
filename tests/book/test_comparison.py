"""The comparison of the two sources: every row of the table, in groups that a reader understands."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from outsourcing import comparison, evidence
from outsourcing.widgets import Comparison

ROWS = {row["id"]: row for row in evidence.rows("comparison_dimensions")}
DIMENSIONS = {row.id: row for row in comparison.dimensions()}


def test_all_dimensions_in_the_tables_order():
    assert list(DIMENSIONS) == list(ROWS)
    assert len(DIMENSIONS) == 25


def test_each_group_has_its_rows():
    assert Counter(row.group for row in DIMENSIONS.values()) == {
        "agree": 6,
        "partly": 3,
        "disagree": 4,
        "only_s0": 4,
        "only_s1": 6,
        "silent": 2,
    }
    assert DIMENSIONS["D01"].group == "disagree"
    assert DIMENSIONS["D16"].reading == "The job blog contradicts itself"


def test_groups_fit_the_cells():
    for row in DIMENSIONS.values():
        s0, s1 = row.s0_bpo or row.s0_kpo, row.s1_bpo or row.s1_kpo
        if row.group == "only_s0":
            assert s0 and not s1, row.id
        elif row.group == "only_s1":
            assert s1, row.id
        elif row.group in ("agree", "disagree", "partly"):
            assert s0 and s1, row.id
        else:
            assert not s1, row.id


def test_cells_are_the_tables_or_nothing():
    for id, row in DIMENSIONS.items():
        for seed, source in (("seed0", "s0"), ("seed1", "s1")):
            for kind in ("bpo", "kpo"):
                text, cell = ROWS[id][f"{seed}_{kind}"], getattr(row, f"{source}_{kind}")
                assert (
                    cell == text
                    or (cell == "" and text in ("", "none", "(not stated)"))
                    or (text == "same" and cell.startswith("the same: "))
                ), (id, seed, kind)


def test_select():
    rows = comparison.dimensions()
    assert [row.id for row in comparison.select(rows, ["D01", "D02", "D24"], "silent")] == ["D24"]
    assert comparison.select(rows, []) == []
    assert comparison.select(rows) == rows
    with pytest.raises(ValueError, match="use 'all' or one of 'agree'"):
        comparison.select(rows, where="maybe")
    with pytest.raises(ValueError, match="no dimension D99: the ids run from D01 to D25"):
        comparison.select(rows, ["D01", "D99"])


def test_an_agreement_word_without_a_group_is_refused(monkeypatch):
    monkeypatch.delitem(comparison.READINGS, "partial")
    with pytest.raises(ValueError, match="D07: unknown agreement 'partial'. Use one of: agree,"):
        comparison.dimensions()


def test_first_view_compares_the_work_on_points_where_both_sides_are_known():
    widget = Comparison()
    assert len(widget.rows()) == 6 and not widget.sources
    assert all(row.work_bpo and row.work_kpo for row in widget.rows())
    widget.where = "agree"
    assert {row.group for row in widget.rows()} == {"agree"}


def test_the_two_sources_have_names_and_no_row_ids():
    for row in DIMENSIONS.values():
        shown = " ".join([row.reading, row.note, row.check, row.work_bpo, row.work_kpo])
        assert not re.search(r"\bS[01]\b|\bD\d\d\b", shown), row.id
    assert "the vendor's guide keeps BPO wider" in DIMENSIONS["D16"].note
