"""Weighted decisions: criteria on one scale, a weighted sum, and how much of the order is the doing of the weights.

The linear additive model of multi-criteria analysis (fact term/weighted scoring): an option's score is the sum of
share x scaled value, where every scaled value lies from 0 (the worst known value of the criterion) to 1 (the best) and the
shares, the weights divided by their sum, make 1. A table is a dict: option -> criterion -> value, None for a blank cell.

A blank cell is never filled by a guess. The course teaches three ways out, the keys of MISSING.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

Table = dict[str, dict[str, float | None]]
Whole = dict[str, dict[str, float]]  # a table without blanks
BETTER = ("higher", "lower")
MISSING = {
    "drop": "leave out each criterion that has a blank",
    "countries": "rank only the countries that have every value",
    "bounds": "fill each blank twice, with the worst and with the best known value",
}
# Saaty's mean consistency index of random matrices, by size, as the IWA journal's table prints it (published check T22).
RANDOM_INDEX = {3: 0.58, 4: 0.90, 5: 1.12, 6: 1.24, 7: 1.32, 8: 1.41}
_NEAR = 1e-9  # scores that differ by less are equal


def scale(table: Table, better: dict[str, str]) -> Table:
    """Min-max: every known value as a number from 0 (worst known of its criterion) to 1 (best known); blanks stay None.

    `better` maps each criterion to "higher" or "lower"; only these criteria are kept. Where all known values are equal each is 1: the
    criterion decides nothing. Raises ValueError for another word, a value that is not finite, or a criterion without any value.
    """
    scaled: Table = {option: {} for option in table}
    for criterion, direction in better.items():
        if direction not in BETTER:
            raise ValueError(
                f"the direction of {criterion} is {direction!r}: say 'higher' or 'lower', whichever is better."
            )
        values = {option: cells.get(criterion) for option, cells in table.items()}
        known = [value for value in values.values() if value is not None]
        if not known or not all(math.isfinite(value) for value in known):
            raise ValueError(
                f"{criterion} has no value to compare, or one that is not a number. "
                "Leave the criterion out or mend its cells."
            )
        worst, best = (min(known), max(known)) if direction == "higher" else (max(known), min(known))
        for option, value in values.items():
            scaled[option][criterion] = (
                None if value is None else 1.0 if best == worst else (value - worst) / (best - worst)
            )
    return scaled


def shares(weights: dict[str, float]) -> dict[str, float]:
    """Weights in any unit (points, per cent) as shares that sum to 1. Raises ValueError for a negative weight, or when none is above 0."""
    if any(not (math.isfinite(weight) and weight >= 0) for weight in weights.values()):
        raise ValueError(
            "a weight is below 0 or not a number: give each criterion 0 or more. "
            "To turn a criterion round, change what is better."
        )
    total = sum(weights.values())
    if total <= 0:
        raise ValueError("no weight is above 0: give at least one criterion a weight.")
    return {criterion: weight / total for criterion, weight in weights.items()}


def totals(scaled: Whole, share: dict[str, float]) -> dict[str, float]:
    """Option -> weighted sum, from 0 to 1."""
    return {option: sum(share[criterion] * cells[criterion] for criterion in share) for option, cells in scaled.items()}


@dataclass(frozen=True)
class Filled:
    """Two tables without blanks (equal, unless blanks were filled with the worst and with the best), and what was left out."""

    low: Whole
    high: Whole
    dropped: list[str]  # criteria
    excluded: list[str]  # options


def fill(scaled: Table, how: str) -> Filled:
    """Settle the blanks of a scaled table in one of the ways of MISSING. Raises ValueError for another way, or when nothing is left.

    The scale stays that of all known values: who else is compared does not change anybody's score.
    """
    if how not in MISSING:
        raise ValueError(f"how is {how!r}: use one of {', '.join(map(repr, MISSING))}.")
    criteria = list(next(iter(scaled.values()), {}))
    dropped = [name for name in criteria if how == "drop" and any(cells[name] is None for cells in scaled.values())]
    excluded = [option for option, cells in scaled.items() if how == "countries" and None in cells.values()]
    if len(dropped) == len(criteria) or len(excluded) == len(scaled):
        raise ValueError(
            "nothing is left to compare: choose a criterion with more values, or another way to treat blanks."
        )

    def filled(blank: float) -> Whole:
        return {
            option: {name: blank if value is None else value for name, value in cells.items() if name not in dropped}
            for option, cells in scaled.items()
            if option not in excluded
        }

    return Filled(filled(0.0), filled(1.0), dropped, excluded)


@dataclass(frozen=True)
class Ranked:
    """An option's score (low = high unless blanks were filled twice) and the best and worst rank that it can have."""

    option: str
    low: float
    high: float
    best_rank: int
    worst_rank: int


def ranking(filled: Filled, share: dict[str, float]) -> list[Ranked]:
    """Highest score first (by the middle of low and high). Equal scores share a rank, and the next rank is skipped."""
    low, high = totals(filled.low, share), totals(filled.high, share)
    rows = [
        Ranked(
            option,
            low[option],
            high[option],
            1 + sum(low[other] > high[option] + _NEAR for other in low),
            1 + sum(high[other] > low[option] + _NEAR for other in low if other != option),
        )
        for option in low
    ]
    return sorted(rows, key=lambda row: -round(row.low + row.high, 9))


@dataclass(frozen=True)
class Room:
    """How far the share of one criterion may move (0 to 1) while the leader stays first, and who leads beyond each limit ("": nobody)."""

    criterion: str
    share: float
    low: float
    high: float
    below: str
    above: str


def room(filled: Filled, share: dict[str, float], criterion: str) -> Room | None:
    """The limits of one share, the others rescaled in proportion. None when blank cells alone can change the first place already.

    Closed form: with the share t of this criterion an option's lead over a rival is (1 - t) x (lead in the rest) + t x (lead here),
    a straight line in t; each rival gives at most one limit. If all the weight is on this criterion, the others share alike what
    it gives up.
    With filled blanks the lead is counted against the leader: its worst score against the rivals' best.
    """
    first = ranking(filled, share)[0]
    if first.worst_rank > 1:
        return None
    now, rest = share[criterion], {name: value for name, value in share.items() if name != criterion}
    if not rest:
        return Room(criterion, 1.0, 0.0, 1.0, "", "")
    rest = shares(rest if sum(rest.values()) > _NEAR else dict.fromkeys(rest, 1.0))
    mine, theirs = totals(filled.low, rest)[first.option], totals(filled.high, rest)
    low, high, below, above = 0.0, 1.0, "", ""
    for rival in filled.high:
        if rival == first.option:
            continue
        at_0, at_1 = mine - theirs[rival], filled.low[first.option][criterion] - filled.high[rival][criterion]
        if at_0 < -_NEAR and at_1 > at_0 and -at_0 / (at_1 - at_0) > low + _NEAR:
            low, below = -at_0 / (at_1 - at_0), rival
        if at_1 < -_NEAR and at_0 > at_1 and at_0 / (at_0 - at_1) < high - _NEAR:
            high, above = at_0 / (at_0 - at_1), rival
    return Room(criterion, now, min(low, now), max(high, now), below, above)


@dataclass(frozen=True)
class Win:
    """Whether any weights put an option first, with the proof of the answer.

    margin  the best lead over the strongest rival that any weights can give (score units, -1 to 1): above 0 the option can be first alone,
            at 0 it can only share the first place, below 0 it can never be first
    shares  criterion -> share: the weights that give this margin
    blend   rival -> part (sum 1): a mixture of rivals that is ahead of the option by at least -margin on every criterion
    """

    margin: float
    shares: dict[str, float]
    blend: dict[str, float]


def can_win(filled: Filled, option: str, hopeful: bool = True) -> Win:
    """Search all weights for those that favour `option` most; blanks hopeful (its own best, the rivals' worst) or the other way round.

    Choosing weights against the strongest rival is a matrix game: criteria against rivals, with the lead as the pay-off. Its value is
    found by the simplex method with Bland's rule. SciPy's linprog would do the same, but it weighs more than the course and does not
    run in the reader's page. Nothing rests on trust: `shares` proves a yes, `blend` proves a no (an option below a mixture of others
    on every criterion is below one of them under any weights), and both are checked here. Raises KeyError for an unknown option,
    ArithmeticError if the two proofs disagree.
    """
    mine, others = (filled.high, filled.low) if hopeful else (filled.low, filled.high)
    rivals, criteria = [name for name in others if name != option], list(mine[option])
    if not rivals:
        return Win(1.0, shares(dict.fromkeys(criteria, 1.0)), {})
    lead = [[mine[option][name] - others[rival][name] for rival in rivals] for name in criteria]
    weights, blend = _solve_game(lead)
    sure = min(sum(w * row[column] for w, row in zip(weights, lead)) for column in range(len(rivals)))
    most = max(sum(q * value for q, value in zip(blend, row)) for row in lead)
    if most - sure > 1e-7:
        raise ArithmeticError(f"the search for weights of {option} ended between {sure} and {most}")
    return Win(0.0 if abs(sure) < _NEAR else sure, dict(zip(criteria, weights)), dict(zip(rivals, blend)))


def _solve_game(payoff: list[list[float]]) -> tuple[list[float], list[float]]:
    """Optimal mixtures of a matrix game's rows (they want much) and columns (they want little)."""
    rows, columns = len(payoff), len(payoff[0])
    shift = 1 - min(min(row) for row in payoff)  # a game with positive pay-offs has the same mixtures
    tableau = [[value + shift for value in row] + [1.0] for row in payoff] + [[-1.0] * columns + [0.0]]
    basic, free = [columns + row for row in range(rows)], list(range(columns))
    while True:
        entering = [column for column in range(columns) if tableau[rows][column] < -1e-12]
        if not entering:
            break
        c = min(entering, key=lambda column: free[column])
        r = min(
            (row for row in range(rows) if tableau[row][c] > 1e-12),
            key=lambda row: (tableau[row][columns] / tableau[row][c], basic[row]),
        )
        pivot, line = tableau[r][c], tableau[r][:]
        for row, values in enumerate(tableau):
            factor = values[c] / pivot
            if row != r:
                tableau[row] = [value - factor * line[column] for column, value in enumerate(values)]
                tableau[row][c] = -factor
        tableau[r] = [value / pivot for value in line]
        tableau[r][c] = 1 / pivot
        basic[r], free[c] = free[c], basic[r]
    total = tableau[rows][columns]
    weights, blend = [0.0] * rows, [0.0] * columns
    for row, name in enumerate(basic):
        if name < columns:
            blend[name] = max(0.0, tableau[row][columns] / total)  # not -1e-17
    for column, name in enumerate(free):
        if name >= columns:
            weights[name - columns] = max(0.0, tableau[rows][column] / total)
    return weights, blend


@dataclass(frozen=True)
class Decision:
    """All that the model says: what was left out, the shares used, the ranking, and the room of each criterion (None: first place open)."""

    filled: Filled
    shares: dict[str, float]
    ranking: list[Ranked]
    rooms: list[Room] | None


def decide(table: Table, better: dict[str, str], weights: dict[str, float], missing: str = "drop") -> Decision:
    """Scale, settle blanks, weigh, rank, and measure how fragile the first place is. Raises ValueError as the steps do.

    `weights` names the criteria in use; a criterion with weight 0 is in use too, so that its share may grow.
    """
    filled = fill(scale(table, {name: better[name] for name in weights}), missing)
    share = shares({name: weight for name, weight in weights.items() if name not in filled.dropped})
    rooms = [room(filled, share, name) for name in share]
    known = [one for one in rooms if one is not None]
    return Decision(filled, share, ranking(filled, share), known if len(known) == len(rooms) else None)


def geometric_mean(values: list[float]) -> float:
    """The n-th root of the product: unlike a sum it lets no strength make up for a zero. The WorldRiskIndex is one, of two parts.

    Raises ValueError for an empty list or a value below 0.
    """
    if not values or min(values) < 0:
        raise ValueError("a geometric mean needs at least one value, and none below 0.")
    return math.prod(values) ** (1 / len(values))


def ahp(matrix: list[list[float]]) -> tuple[list[float], float]:
    """Weights from pairwise comparisons (analytic hierarchy process), and their consistency ratio; up to 0.10 is accepted.

    matrix[i][j] says how many times as important i is as j. The weights are the principal eigenvector, made to sum to 1 (Saaty 2008).
    Raises ValueError for a matrix that is not square, positive and reciprocal, or larger than RANDOM_INDEX reaches.
    """
    n = len(matrix)
    if not (2 <= n <= max(RANDOM_INDEX)) or any(len(row) != n for row in matrix):
        raise ValueError(f"compare 2 to {max(RANDOM_INDEX)} things, each with each: a square matrix.")
    if any(not (matrix[i][j] > 0 and abs(matrix[i][j] * matrix[j][i] - 1) < 1e-3) for i in range(n) for j in range(n)):
        raise ValueError(
            "if A is 3 times as important as B, then B is 1/3 as important as A: make the matrix reciprocal."
        )
    weights, largest = [1 / n] * n, float(n)
    for _ in range(200):
        product = [sum(value * weight for value, weight in zip(row, weights)) for row in matrix]
        largest = sum(product)
        weights = [value / largest for value in product]
    return weights, (largest - n) / (n - 1) / RANDOM_INDEX[n] if n > 2 else 0.0
