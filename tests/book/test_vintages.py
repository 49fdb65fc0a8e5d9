"""The vintages explorer on its chapter's page: for a reader with a mouse, with a keyboard, on a phone, and from a folder of files."""

from __future__ import annotations

import re

import pytest
from widget_page import drawn, saved_csv, series, status

from outsourcing import evidence, vintages
from outsourcing.widgets import Vintages


def test_editions_lie_over_each_other(opened):
    page, widget = opened("Vintages")
    known = vintages.vintages()
    followed = next(vintage for vintage in known if vintage.id == "GVR-2022")
    last = followed.later[-1]
    assert (
        status(widget, "9.1 %")
        == f"At its own 9.1 % a year the 2022 edition leads to {last.path:.1f} bn USD in 2026; the size given later for 2026 is {last.published:.1f} bn, 3.4 % less."
    )
    lines = drawn(widget)
    assert len(lines) == 8
    main = next(line for line in lines if line["name"] == "2022 edition, its own path")
    assert list(zip(main["x"], main["y"])) == [(point.year, pytest.approx(point.value)) for point in followed.path]
    assert [line["line"].get("dash", "solid") for line in lines] == ["dash"] * 7 + ["solid"], (
        "projected is dashed, published is solid"
    )
    assert "cannot tell" in widget.inner_text() and "as relayed" in widget.locator("select").inner_text()


def test_choose_editions_by_keyboard(opened):
    page, widget = opened("Vintages")
    widget.get_by_role("checkbox", name="2020 edition").focus()
    page.keyboard.press("Space")
    series(widget, 7)
    widget.get_by_role("button", name="Draw only the followed one").click()
    series(widget, 2)
    widget.get_by_label("Follow the edition of").select_option("GVR-2026")
    status(widget, "The 2026 edition states no rate that reached us")
    widget.get_by_role("button", name="Reset").click()
    series(widget, 8)
    status(widget, "2022 edition")


def test_gaps_against_the_paths(opened):
    page, widget = opened("Vintages")
    widget.get_by_role("radio", name="later sizes against each edition's path").check()
    assert status(
        widget,
        "below the steady path of the 2022 edition by 1.8 % in 2023, 2.9 % in 2024, 3.5 % in 2025, 3.4 % in 2026",
    )
    lines = {line["name"]: line for line in drawn(widget)}
    followed = next(vintage for vintage in vintages.vintages() if vintage.id == "GVR-2022")
    assert lines["2022 edition"]["y"] == pytest.approx([0, *(later.gap * 100 for later in followed.later)])


def test_kpo_by_publisher_and_outcomes(opened):
    page, widget = opened("Vintages")
    widget.get_by_role("radio", name="KPO by publisher").check()
    assert (
        status(widget, "For 2025")
        == "For 2025 the sizes run from 45.2 to 109 bn USD, a factor of 2.4. For 2026 the sizes run from 104 to 125 bn USD, a factor of 1.2."
    )
    series(widget, 2)
    plotted = {value for line in drawn(widget) for value in line["x"] if value is not None}
    assert plotted == {value for size in vintages.kpo_sizes() for value in (size.low, size.high)}
    assert not widget.get_by_label("Follow the edition of").is_visible()
    widget.get_by_role("radio", name="forecasts and their outcomes").check()
    assert "forecast 543.48 bn USD, stated later 123.8 bn USD; the forecast is 4.4 times as high" in status(
        widget, "BPO market of the year 2004"
    )
    series(widget, 4)
    assert [line["x"][0] for line in drawn(widget)] == [543.48, 123.8, 47, 14]
    assert "narrower definition" in widget.inner_text()


def test_vintages_download_and_table_hold_every_plotted_point(opened):
    page, widget = opened("Vintages")
    widget.get_by_text("The numbers as a table").click()
    for view in (
        "seven editions of one publisher",
        "later sizes against each edition's path",
        "KPO by publisher",
        "forecasts and their outcomes",
    ):
        widget.get_by_role("radio", name=view).check()
        lines = drawn(widget)
        head, *rows = saved_csv(page, widget.get_by_role("button", name="Download as CSV"))
        values = {float(cell) for row in rows for cell in row if re.fullmatch(r"-?[\d.]+", cell)}
        axis = "x" if view.startswith(("KPO", "forecasts")) else "y"
        numbers = [value for line in lines for value in line[axis] if value is not None]
        assert numbers and all(any(abs(value - kept) < 1e-3 for kept in values) for value in numbers), view
        assert (
            widget.locator("table tbody tr").count() == len(rows)
            and widget.locator("thead th").all_inner_texts() == head
        )


def test_vintages_in_python_rest_on_the_tables():
    assert [vintage.id for vintage in vintages.vintages()] == [f"GVR-{year}" for year in range(2020, 2027)]
    for vintage, row in zip(vintages.vintages(), evidence.rows("gvr_vintages")):
        on_2025 = {point.year: point.value for point in vintage.path}.get(2025)
        assert row["constant_rate_path_2025_usd_bn"] == "" or on_2025 == pytest.approx(
            float(row["constant_rate_path_2025_usd_bn"]), abs=0.051
        )
        assert vintage.relayed == (row["reliability"] == "low-aggregator") and vintage.credit.startswith("as re")
    assert all(later.gap < 0 for vintage in vintages.vintages() for later in vintage.later)
    rows = {row["id"]: row for row in evidence.rows("market_forecasts")}
    for size in vintages.kpo_sizes():
        row = rows[size.id]
        assert row["market"] == "KPO" and size.low <= size.high
        if row["base_value_usd_bn"] and int(row["base_year"]) == size.year:
            assert size.low == size.high == float(row["base_value_usd_bn"])
    assert [pair.ratio for pair in vintages.outcomes()] == pytest.approx([4.39, 3.357], abs=0.001)
    explorer = Vintages()
    explorer.follow = "GVR-2025"
    assert [later.year for later in explorer.later()] == [2026]
