"""The decisions that the reader's browser computes are the library's: the location matrix's own module, evaluated in Chromium."""

from __future__ import annotations

import random
from dataclasses import asdict

import pytest

from outsourcing import location, scoring
from outsourcing.widgets import LocationMatrix

BETTER = {criterion.id: criterion.better for criterion in location.WEIGHED}


@pytest.fixture(scope="module")
def in_browser(browser):
    """in_browser(expression, argument) evaluates an expression in which `matrix` is the location matrix's module."""
    page = browser.new_page()
    page.evaluate(
        """async (source) => {
        globalThis.matrix = await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
    }""",
        str(LocationMatrix._esm),
    )
    yield lambda expression, argument=None: page.evaluate(f"(given) => {expression}", argument)
    page.close()


def cases():
    """Weights over every kind of criteria, in each way with blanks: drawn once, the same in every run."""
    draw, table = random.Random(23), location.matrix(list(BETTER))
    for how in scoring.MISSING:
        for _ in range(12):
            names = draw.sample(list(BETTER), draw.randint(1, len(BETTER)))
            weights = {name: draw.choice([0, 5, 20, 33.3, 100]) for name in names}
            weights[names[0]] += 1
            if how == "drop" and not any(location.coverage(table)[name] == 10 and weights[name] for name in names):
                continue
            yield table, {name: BETTER[name] for name in names}, weights, how


def test_whole_decisions_are_equal(in_browser):
    given = list(cases())
    theirs = in_browser(
        "given.map(([table, better, weights, how]) => matrix.decide(table, better, weights, how))", given
    )
    assert len(given) > 30
    for case, found in zip(given, theirs):
        ours = scoring.decide(*case)
        assert (found["filled"]["dropped"], found["filled"]["excluded"]) == (ours.filled.dropped, ours.filled.excluded)
        assert found["shares"] == pytest.approx(ours.shares)
        assert [row["option"] for row in found["ranking"]] == [row.option for row in ours.ranking]
        for row, mine in zip(found["ranking"], ours.ranking):
            assert [row["low"], row["high"]] == pytest.approx([mine.low, mine.high]) and [
                row["best"],
                row["worst"],
            ] == [mine.best_rank, mine.worst_rank]
        assert (found["rooms"] is None) is (ours.rooms is None)
        for row, mine in zip(found["rooms"] or [], ours.rooms or []):
            numbers = {
                key: pytest.approx(value) if isinstance(value, float) else value for key, value in asdict(mine).items()
            }
            assert row == numbers


def test_who_can_win_is_equal(in_browser):
    for table, better, _weights, how in list(cases())[::4]:
        filled = scoring.fill(scoring.scale(table, better), how)
        given = {"low": filled.low, "high": filled.high}
        for hopeful in (True, False):
            theirs = in_browser(
                "Object.keys(given[0].low).map((option) => matrix.canWin(given[0], option, given[1]))", [given, hopeful]
            )
            ours = [scoring.can_win(filled, option, hopeful) for option in filled.low]
            assert [one["margin"] for one in theirs] == pytest.approx([one.margin for one in ours], abs=1e-9)
            for one in theirs:
                assert sum(one["shares"].values()) == pytest.approx(1) and min(one["shares"].values()) >= 0


def test_nothing_to_compare_is_no_error_in_the_page(in_browser):
    table = location.matrix(list(BETTER))
    assert in_browser("matrix.decide(...given)", [table, BETTER, {}, "drop"]) is None
    assert in_browser("matrix.decide(...given)", [table, BETTER, {"ef_epi_2024": 0}, "drop"]) is None
    assert in_browser("matrix.decide(...given)", [table, BETTER, {"gsli_rank_2023": 10}, "drop"]) is None
