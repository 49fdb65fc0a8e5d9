"""The location matrix: ten countries, the reader's own weights, and how fragile the first place is."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import traitlets as t

from courseware.widgets.base import EXPLORER, ChartWidget, module
from outsourcing import location, scoring

HERE = Path(__file__).parent
FIRST_WEIGHTS = dict.fromkeys(("ef_epi_2024", "gdp_per_capita_2023", "overlap_new_york_jan", "cpi_2017"), 25)


class LocationMatrix(ChartWidget):
    """A weighted sum over criteria of the reader's choice, with blank cells settled in one of three ways.

    `weights` maps each criterion in use to points (0 or more); they are turned into shares of 1. In the book the view is kept in the
    page's address, so that it can be shared.
    """

    _esm = module(EXPLORER, HERE / "scoring.js", HERE / "matrix_views.js", HERE / "matrix.js")
    title = t.Unicode("Your weights, ten countries").tag(sync=True)
    criteria = t.List(t.Dict()).tag(sync=True)
    values = t.Dict(help="country -> criterion -> value, None where nobody could source one").tag(sync=True)
    weights = t.Dict(FIRST_WEIGHTS, help="criterion in use -> points").tag(sync=True)
    missing = t.Enum(list(scoring.MISSING), "drop", help="what to do about blank cells").tag(sync=True)
    country = t.Unicode("Philippines", help="the country of the question: can it win?").tag(sync=True)
    facts_url = t.Unicode("../reference/figures.html", help="page with a row for each value").tag(sync=True)

    def __init__(self, **traits):
        traits.setdefault("criteria", [asdict(criterion) for criterion in location.WEIGHED])
        traits.setdefault("values", location.matrix([criterion.id for criterion in location.WEIGHED]))
        super().__init__(**traits)

    def decision(self) -> scoring.Decision:
        """What the widget shows now: shares, ranking, and the room of each weight. Raises ValueError when no weight is above 0."""
        better = {criterion["id"]: criterion["better"] for criterion in self.criteria}
        return scoring.decide(
            self.values, better, {name: self.weights[name] for name in better if name in self.weights}, self.missing
        )

    def win(self) -> scoring.Win:
        """Whether any weights over the criteria in use can put `country` first (blanks hopeful)."""
        return scoring.can_win(self.decision().filled, self.country)
