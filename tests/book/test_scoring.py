"""Weighted decisions: published scores, an order that can be checked by hand, blanks, how far a weight may move, and who can win."""

from __future__ import annotations

import itertools
import math
import random

import pytest

from outsourcing import location, scoring
from outsourcing.widgets import LocationMatrix

BETTER = {criterion.id: criterion.better for criterion in location.WEIGHED}
FULL = ["ef_epi_2024", "gdp_per_capita_2023", "overlap_new_york_jan", "cpi_2017"]


def check(reference_checks, id):
    return next(row for row in reference_checks if row["id"] == id)


def decide(weights, missing="drop"):
    return scoring.decide(location.matrix(list(BETTER)), BETTER, weights, missing)


# ---- published numbers ----


def test_kearney_weights_and_the_score_of_the_philippines(reference_checks):
    """T24: the four weights make 100. T23: the total minus three weighted parts is the fourth; the parts over their weights give the total back."""
    weights = dict(enumerate(check(reference_checks, "T24")["inputs"]["gsli_2021"]))
    assert sum(weights.values()) == check(reference_checks, "T24")["expected"]["sum"]
    row = check(reference_checks, "T23")
    parts, total = row["inputs"]["scores"], row["inputs"]["total"]
    share = scoring.shares(weights)
    most = [10 * share[name] for name in weights]
    known = (
        scoring.totals({"Philippines": dict(enumerate([part / top for part, top in zip(parts, most)] + [0.0]))}, share)[
            "Philippines"
        ]
        * 10
    )
    assert total - known == pytest.approx(row["expected"]["fourth"], abs=float(row["tolerance"]))


def test_world_risk_index_is_a_geometric_mean(reference_checks):
    row = check(reference_checks, "T25")
    assert scoring.geometric_mean(list(row["inputs"].values())) == pytest.approx(
        row["expected"]["index"], abs=float(row["tolerance"])
    )


def test_pairwise_comparisons_of_saaty(reference_checks):
    row = check(reference_checks, "T20")
    weights, ratio = scoring.ahp(row["inputs"]["matrix"])
    tolerance = float(row["tolerance"])
    assert weights == pytest.approx(row["expected"]["weights"], abs=tolerance) and ratio == pytest.approx(
        row["expected"]["cr"], abs=tolerance
    )
    assert scoring.RANDOM_INDEX[7] == row["inputs"]["ri"]
    table = check(reference_checks, "T22")
    assert [scoring.RANDOM_INDEX[n] for n in table["inputs"]["n"]] == table["expected"]["ri"]


# ---- scale and sum ----


def test_scale_by_hand_in_both_directions_with_a_blank():
    table = {"A": {"pay": 2, "skill": 10}, "B": {"pay": 4, "skill": None}, "C": {"pay": 3, "skill": 30}}
    assert scoring.scale(table, {"pay": "lower", "skill": "higher"}) == {
        "A": {"pay": 1.0, "skill": 0.0},
        "B": {"pay": 0.0, "skill": None},
        "C": {"pay": 0.5, "skill": 1.0},
    }
    assert scoring.scale({"A": {"x": 5}, "B": {"x": 5}}, {"x": "higher"}) == {"A": {"x": 1.0}, "B": {"x": 1.0}}, (
        "equal values decide nothing"
    )


def test_ten_countries_by_hand():
    """South Africa: English 594 is the best; GDP 5976 between 2469 and 22112; 1 of 8 hours; CPI 43 between 29 and 60."""
    ranking = decide(dict(zip(FULL, (30, 30, 20, 20)))).ranking
    assert [row.option for row in ranking] == [
        "South Africa",
        "Philippines",
        "Colombia",
        "Poland",
        "Malaysia",
        "Romania",
        "India",
        "Vietnam",
        "Egypt",
        "Mexico",
    ]
    expected = 0.3 * 1 + 0.3 * (22112 - 5976) / (22112 - 2469) + 0.2 * 1 / 8 + 0.2 * (43 - 29) / (60 - 29)
    assert ranking[0].low == ranking[0].high == pytest.approx(expected)
    assert [row.best_rank for row in ranking] == [row.worst_rank for row in ranking] == list(range(1, 11))


def test_equal_scores_share_a_rank():
    filled = scoring.fill({"A": {"x": 0.5}, "B": {"x": 1.0}, "C": {"x": 1.0}}, "drop")
    assert [(row.option, row.best_rank, row.worst_rank) for row in scoring.ranking(filled, {"x": 1.0})] == [
        ("B", 1, 1),
        ("C", 1, 1),
        ("A", 3, 3),
    ]


def test_criteria_on_offer_have_names_and_never_character_or_size():
    assert set(BETTER) < set(location.CRITERIA)
    assert not any(word in id for id in BETTER for word in ("workforce", "revenue", "exports", "ethic"))
    assert {location.coverage(location.matrix(list(BETTER)))[id] for id in FULL} == {10}


# ---- blanks ----


def test_three_ways_with_blanks():
    weights = {**dict.fromkeys(FULL, 20), "agent_loaded_wage_2024": 20}
    drop = decide(weights, "drop")
    assert (
        drop.filled.dropped == ["agent_loaded_wage_2024"]
        and len(drop.ranking) == 10
        and sum(drop.shares.values()) == pytest.approx(1)
    )
    few = decide(weights, "countries")
    assert [row.option for row in few.ranking] == ["Philippines", "India", "Colombia", "Mexico"] and len(
        few.filled.excluded
    ) == 6
    assert few.ranking[0].low == pytest.approx(
        scoring.totals(
            scoring.fill(
                scoring.scale(location.matrix(list(weights)), {name: BETTER[name] for name in weights}), "bounds"
            ).low,
            few.shares,
        )["Philippines"]
    )
    bounds = decide(weights, "bounds")
    assert {row.option for row in bounds.ranking if row.high > row.low} == set(few.filled.excluded)
    assert all(row.high - row.low == pytest.approx(0.2) for row in bounds.ranking if row.option in few.filled.excluded)


def test_bounded_ranks_hold_for_every_filling():
    """Ranks from 200 random fillings lie within the stated ranks, and the two extreme fillings reach them."""
    table = {
        "A": {"x": 0.2, "y": None},
        "B": {"x": 0.6, "y": 0.5},
        "C": {"x": None, "y": 0.3},
        "D": {"x": 1.0, "y": 0.0},
    }
    share, filled = {"x": 0.5, "y": 0.5}, scoring.fill(table, "bounds")
    stated = {row.option: (row.best_rank, row.worst_rank) for row in scoring.ranking(filled, share)}
    draw = random.Random(3)
    seen = {option: set() for option in table}
    for trial in range(203):
        value = {0: lambda *_: 0.0, 1: lambda *_: 1.0}.get(trial, lambda *_: draw.random())
        scores = scoring.totals(
            {
                option: {name: value() if cell is None else cell for name, cell in cells.items()}
                for option, cells in table.items()
            },
            share,
        )
        for option in table:
            seen[option].add(1 + sum(scores[other] > scores[option] for other in table))
    for option, ranks in seen.items():
        assert stated[option][0] <= min(ranks) and max(ranks) <= stated[option][1], option
    assert stated["B"] == (1, 3) and stated["A"] == (1, 4)


# ---- how far a weight may move ----


def test_room_is_where_the_first_place_changes():
    decision = decide(dict(zip(FULL, (30, 30, 20, 20))))
    rooms = {one.criterion: one for one in decision.rooms}
    hours = rooms["overlap_new_york_jan"]
    assert (hours.low, hours.below, hours.above) == (0.0, "", "Colombia") and hours.high == pytest.approx(
        0.297, abs=0.0005
    )
    for one in decision.rooms:
        rest = {name: part / (1 - one.share) for name, part in decision.shares.items() if name != one.criterion}
        for limit, rival, beyond in ((one.low, one.below, -1e-4), (one.high, one.above, 1e-4)):
            if not rival:
                continue
            for step, first in ((0, {"South Africa", rival}), (beyond, {rival}), (-beyond, {"South Africa"})):
                part = limit + step
                share = {name: part if name == one.criterion else rest[name] * (1 - part) for name in decision.shares}
                scores = scoring.totals(decision.filled.low, share)
                leaders = {option for option, score in scores.items() if score > max(scores.values()) - 1e-9}
                assert leaders == first, (one.criterion, part)


def test_room_against_a_scan_of_random_tables():
    draw = random.Random(11)
    for _ in range(40):
        table = {option: {name: draw.random() for name in "xyz"} for option in "ABCDE"}
        filled, share = scoring.fill(table, "drop"), scoring.shares({name: draw.random() for name in "xyz"})
        first = scoring.ranking(filled, share)[0].option
        one = scoring.room(filled, share, "x")
        for percent in range(101):
            part = percent / 100
            scores = scoring.totals(
                table, {name: part if name == "x" else share[name] / (1 - share["x"]) * (1 - part) for name in "xyz"}
            )
            if min(abs(part - one.low), abs(part - one.high)) > 1e-6:
                assert (max(scores, key=scores.get) == first) is (one.low < part < one.high), (percent, one)


def test_room_at_the_ends():
    filled = scoring.fill({"A": {"x": 1.0, "y": 0.0, "z": 0.0}, "B": {"x": 0.0, "y": 1.0, "z": 1.0}}, "drop")
    all_on_x = scoring.room(filled, {"x": 1.0, "y": 0.0, "z": 0.0}, "x")
    assert (all_on_x.low, all_on_x.high, all_on_x.below) == (0.5, 1.0, "B"), "what x gives up the others share alike"
    alone = scoring.room(scoring.fill({"A": {"x": 1.0}, "B": {"x": 0.0}}, "drop"), {"x": 1.0}, "x")
    assert (alone.low, alone.high) == (0.0, 1.0)
    open_ = decide({**dict.fromkeys(FULL, 20), "world_risk_index_2024": 20}, "bounds")
    assert open_.rooms is None and open_.ranking[0].worst_rank > 1


# ---- can it win? ----


def proven(filled, option, win):
    """Check a Win from the outside: its weights give its margin, and its blend of rivals is ahead by as much on every criterion."""
    scores = scoring.totals(filled.low, win.shares)
    lead = scores[option] - max(score for rival, score in scores.items() if rival != option)
    assert sum(win.shares.values()) == pytest.approx(1) and sum(win.blend.values()) == pytest.approx(1)
    assert min(*win.shares.values(), *win.blend.values()) >= 0 and lead == pytest.approx(win.margin, abs=1e-9)
    for name in win.shares:
        blended = sum(part * filled.low[rival][name] for rival, part in win.blend.items())
        assert blended >= filled.low[option][name] - win.margin - 1e-9, name


def test_who_can_win_with_the_first_criteria():
    filled = decide(dict(zip(FULL, (30, 30, 20, 20)))).filled
    wins = {option: scoring.can_win(filled, option) for option in filled.low}
    for option, win in wins.items():
        proven(filled, option, win)
    assert {option for option, win in wins.items() if win.margin < 0} == {"Mexico", "Malaysia", "Vietnam", "Egypt"}
    assert wins["Mexico"].blend["Colombia"] == pytest.approx(1), "Colombia is better on every criterion"
    assert wins["Philippines"].shares["gdp_per_capita_2023"] == pytest.approx(0.812, abs=0.001)


def test_can_win_agrees_with_a_search_over_all_weights():
    """Small random tables: no weights on a fine grid do better than the answer, and some come near it."""
    draw = random.Random(5)
    for _ in range(25):
        table = {option: {name: round(draw.random(), 2) for name in "xyz"} for option in "ABCD"}
        filled = scoring.fill(table, "drop")
        win = scoring.can_win(filled, "A")
        proven(filled, "A", win)
        best = -math.inf
        for x, y in itertools.product(range(0, 101, 2), repeat=2):
            if x + y <= 100:
                scores = scoring.totals(table, {"x": x / 100, "y": y / 100, "z": (100 - x - y) / 100})
                best = max(best, scores["A"] - max(scores[rival] for rival in "BCD"))
        assert best <= win.margin + 1e-9 and best > win.margin - 0.05


def test_can_win_with_ties_blanks_and_one_option():
    same = scoring.fill({"A": {"x": 1.0, "y": 0.0}, "B": {"x": 1.0, "y": 0.0}}, "drop")
    assert scoring.can_win(same, "A").margin == 0
    assert scoring.can_win(scoring.fill({"A": {"x": 1.0}}, "drop"), "A").margin == 1
    blank = scoring.fill({"A": {"x": None, "y": 0.1}, "B": {"x": 0.5, "y": 0.2}}, "bounds")
    assert scoring.can_win(blank, "A").margin == pytest.approx(0.5) and scoring.can_win(
        blank, "A", hopeful=False
    ).margin == pytest.approx(-0.1)


# ---- the widget in Python, and what is refused ----


def test_widget_says_in_python_what_it_shows():
    matrix = LocationMatrix()
    assert matrix.decision().ranking[0].option == "South Africa" and matrix.win().margin == pytest.approx(
        0.056, abs=0.001
    )
    matrix.weights = {"gdp_per_capita_2023": 1}
    assert matrix.decision().ranking[0].option == "India"


@pytest.mark.parametrize(
    "call, cure",
    [
        (lambda: scoring.scale({"A": {"x": 1}}, {"x": "more"}), "say 'higher' or 'lower'"),
        (lambda: scoring.scale({"A": {"x": None}}, {"x": "lower"}), "x has no value to compare"),
        (lambda: scoring.scale({"A": {"x": math.nan}}, {"x": "lower"}), "x has no value to compare"),
        (lambda: scoring.shares({"x": 0, "y": 0}), "give at least one criterion a weight"),
        (lambda: scoring.shares({"x": -1, "y": 2}), "give each criterion 0 or more"),
        (lambda: scoring.fill({"A": {"x": None}}, "drop"), "nothing is left to compare"),
        (lambda: scoring.fill({"A": {"x": 1.0}}, "guess"), "use one of 'drop', 'countries', 'bounds'"),
        (lambda: scoring.geometric_mean([]), "at least one value"),
        (lambda: scoring.ahp([[1, 3], [3, 1]]), "make the matrix reciprocal"),
        (lambda: scoring.ahp([[1, 2]]), "a square matrix"),
    ],
)
def test_a_wrong_value_is_refused_with_its_cure(call, cure):
    with pytest.raises(ValueError) as error:
        call()
    assert cure in str(error.value)
