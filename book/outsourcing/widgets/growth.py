"""The market growth sliders: a published forecast, another rate, another horizon."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import traitlets as t

from courseware.widgets.base import EXPLORER, ChartWidget, module
from outsourcing import evidence, market

DEFAULT_EDITION = "GVR-2022"  # the edition that source S0 quotes
OTHER_PUBLISHER = "B12"  # the one other publisher whose forecast runs past ASKED_YEAR and could be read on its own page
ASKED_YEAR = 2030  # the year for which the reader's own forecast is asked: where four of the editions end


def _editions() -> list[dict]:
    """Editions as the page needs them: rates in per cent, who passed each one on."""
    return [
        {
            **asdict(edition),
            "cagr": None if edition.cagr is None else round(edition.cagr * 100, 6),
            "end_value": edition.end_value,
            "credit": market.credit(edition.estimate_source, edition.reliability),
        }
        for edition in market.editions()
    ]


def _published() -> list[dict]:
    """Sizes as the page needs them; `estimate` marks a year that no edition has stated as its base year yet."""
    counted = {edition.base_year for edition in market.editions()}
    return [{**asdict(value), "estimate": value.year not in counted} for value in market.published_values()]


def _other() -> dict:
    """Where another publisher's own constant rate stands in the asked year (it states no value for that year itself)."""
    row = evidence.fact(OTHER_PUBLISHER).row
    start, value, rate = int(row["base_year"]), float(row["base_value_usd_bn"]), float(row["cagr_pct"])
    return {
        "publisher": row["publisher"],
        "edition": row["edition"],
        "start_year": start,
        "start_value": value,
        "cagr": rate,
        "end_year": ASKED_YEAR,
        "end_value": market.project(value, rate / 100, ASKED_YEAR - start),
    }


class MarketGrowth(ChartWidget):
    """Market size at a constant yearly growth rate, beside what one publisher's yearly editions say.

    Asks first for the reader's own forecast. Values in billions of US dollars, `cagr` and `cagr_b` in per cent a year.
    Every control is a trait, so that the next cell can read what the reader has set.
    """

    _esm = module(EXPLORER, Path(__file__).parent / "growth.js")
    title = t.Unicode("What a growth rate does to the market").tag(sync=True)
    edition = t.Unicode(
        DEFAULT_EDITION, help="the edition whose values are loaded unless others are given, or '' for the reader's own"
    ).tag(sync=True)
    start = t.Enum(["estimate", "base"], "estimate", help="which of the two values the projection starts from").tag(
        sync=True
    )
    base_year = t.Int().tag(sync=True)
    base_value = t.Float(min=0).tag(sync=True)
    estimate_year = t.Int().tag(sync=True)
    estimate_value = t.Float(min=0).tag(sync=True)
    cagr = t.Float().tag(sync=True)
    horizon = t.Int().tag(sync=True)
    compare = t.Bool(False, help="show the second scenario").tag(sync=True)
    cagr_b = t.Float(5.0).tag(sync=True)
    show_editions = t.Bool(True).tag(sync=True)
    asked_year = t.Int(ASKED_YEAR).tag(sync=True)
    own_forecast = t.Float(
        None, allow_none=True, help="the reader's own forecast for `asked_year`; None until it is given"
    ).tag(sync=True)
    revealed = t.Bool(
        False, help="whether published forecasts are shown: a forecast was given, or the question skipped"
    ).tag(sync=True)
    other = t.Dict().tag(sync=True)
    editions = t.List(t.Dict()).tag(sync=True)
    published = t.List(t.Dict()).tag(sync=True)
    source = t.Unicode().tag(sync=True)

    def __init__(self, **traits):
        traits.setdefault("editions", _editions())
        known = {edition["id"]: edition for edition in traits["editions"] if edition["cagr"] is not None}
        loaded = known.get(traits.get("edition", DEFAULT_EDITION), known[DEFAULT_EDITION])
        for name in ("base_year", "base_value", "estimate_year", "estimate_value", "cagr"):
            traits.setdefault(name, loaded[name])
        traits.setdefault("horizon", loaded["end_year"])
        traits.setdefault("published", _published())
        traits.setdefault("other", _other())
        traits.setdefault("source", self._credits(traits["published"], traits["other"]))
        super().__init__(**traits)

    @staticmethod
    def _credits(published: list[dict], other: dict) -> str:
        names = dict.fromkeys(value["credit"].split(" by ", 1)[1] for value in published)
        years = f"{published[0]['year']} to {published[-1]['year']}"
        return (
            f"Grand View Research, seven yearly editions with sizes for {years}, as relayed or reported by {', '.join(names)}; "
            f"{other['publisher']}, {other['edition']}. Projections are this page's own arithmetic."
        )

    @property
    def start_year(self) -> int:
        return self.estimate_year if self.start == "estimate" else self.base_year

    @property
    def start_value(self) -> float:
        return self.estimate_value if self.start == "estimate" else self.base_value

    def projection(self, cagr: float | None = None) -> list[tuple[int, float]]:
        """(year, billions of US dollars) from the start year to the horizon at `cagr` per cent a year (default: the slider's)."""
        return market.path(self.start_value, (self.cagr if cagr is None else cagr) / 100, self.start_year, self.horizon)
