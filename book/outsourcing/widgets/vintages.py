"""The vintages explorer: editions of one publisher over each other, publishers beside each other, forecasts beside outcomes."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import traitlets as t

from courseware.widgets.base import EXPLORER, ChartWidget, module
from outsourcing import market, vintages

HERE = Path(__file__).parent
VIEWS = ("editions", "gaps", "publishers", "outcomes")


class Vintages(ChartWidget):
    """Four views of what became of forecasts. All arithmetic is done here; the page only draws it."""

    _esm = module(EXPLORER, HERE / "vintages_views.js", HERE / "vintages.js")
    title = t.Unicode("What became of the forecasts").tag(sync=True)
    view = t.Enum(VIEWS, "editions").tag(sync=True)
    follow = t.Unicode("GVR-2022", help="the edition whose path stands out").tag(sync=True)
    shown = t.List(t.Unicode(), help="ids of the editions that are drawn").tag(sync=True)
    editions = t.List(t.Dict()).tag(sync=True)
    published = t.List(t.Dict()).tag(sync=True)
    sizes = t.List(t.Dict()).tag(sync=True)
    outcomes = t.List(t.Dict()).tag(sync=True)
    facts_url = t.Unicode("../reference/figures.html").tag(sync=True)

    def __init__(self, **traits):
        known = [asdict(vintage) for vintage in vintages.vintages()]
        traits.setdefault("editions", known)
        traits.setdefault("shown", [vintage["id"] for vintage in known])
        traits.setdefault("published", [asdict(value) for value in market.published_values()])
        traits.setdefault("sizes", [asdict(size) for size in vintages.kpo_sizes()])
        traits.setdefault("outcomes", [asdict(pair) for pair in vintages.outcomes()])
        super().__init__(**traits)

    def later(self) -> list[vintages.Later]:
        """What later editions published for the years of the followed edition's path."""
        return next(vintage.later for vintage in vintages.vintages() if vintage.id == self.follow)
