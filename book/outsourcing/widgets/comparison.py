"""The comparison toggle: the two kinds of work on each dimension, and as a layer what the two sources say of it."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import traitlets as t

from courseware.widgets.base import EXPLORER, CourseWidget, module
from outsourcing import comparison

FIRST_VIEW = ["D10", "D04", "D03", "D06", "D17", "D13"]  # what tells the work apart


class Comparison(CourseWidget):
    """Choose dimensions, BPO or KPO or both; lay the two sources over them, and filter by how they stand to each other.

    In the book the view is kept in the page's address, so that it can be shared.
    """

    _esm = module(EXPLORER, Path(__file__).parent / "comparison.js")
    title = t.Unicode("BPO and KPO, dimension by dimension").tag(sync=True)
    dimensions = t.List(t.Dict()).tag(sync=True)
    groups = t.Dict().tag(sync=True)
    in_order = ("groups",)
    chosen = t.List(t.Unicode(), FIRST_VIEW, help="ids of the chosen dimensions").tag(sync=True)
    show = t.Enum(["both", "bpo", "kpo"], "both").tag(sync=True)
    sources = t.Bool(False, help="whether the words of the two sources are shown").tag(sync=True)
    where = t.Enum(["all", *comparison.GROUPS], "all", help="how the sources stand to each other").tag(sync=True)
    facts_url = t.Unicode(
        "../reference/figures.html", help="page with a row for each dimension, anchored by its id"
    ).tag(sync=True)

    def __init__(self, **traits):
        traits.setdefault("dimensions", [asdict(row) for row in comparison.dimensions()])
        traits.setdefault("groups", comparison.GROUPS)
        super().__init__(**traits)

    def rows(self) -> list[comparison.Dimension]:
        """The dimensions that are shown now."""
        return comparison.select(comparison.dimensions(), list(self.chosen), self.where)
