"""What the comparison toggle does for a reader with a mouse, with a keyboard only, with a shared link, and on a phone."""

from __future__ import annotations

import re

import pytest
from widget_page import SIDE_BY_SIDE, expect_status, saved_csv, start

from outsourcing import comparison

NAMES = {row.id: row.name for row in comparison.dimensions()}


@pytest.fixture
def toggle(open_page, book_url):
    page, watch = start(open_page, f"{book_url}/{SIDE_BY_SIDE}")
    yield page, page.locator(".cw-comparison")
    assert (watch.outside, watch.errors) == ([], [])


def dimensions_shown(widget):
    return widget.locator(".cw-dimension th").evaluate_all(
        "(heads) => heads.map((head) => head.firstChild.textContent)"
    )


def test_toggle_reads_well_untouched(toggle):
    page, widget = toggle
    assert expect_status(page, ".cw-comparison", "dimensions") == "6 of 25 dimensions: BPO and KPO side by side."
    assert dimensions_shown(widget) == [NAMES[id] for id in ("D01", "D02", "D07", "D08", "D18", "D24")]
    assert widget.get_by_role("columnheader").all_inner_texts()[1:] == ["BPO", "KPO"]
    assert (
        widget.get_by_role("link", name="Row D01 with its sources").get_attribute("href")
        == "../reference/figures.html#D01"
    )
    widget.get_by_role("link", name="Row D01 with its sources").click()
    page.wait_for_url("**/reference/figures.html#D01")
    assert page.locator("#D01").is_visible()


def test_toggle_by_mouse(toggle):
    page, widget = toggle
    widget.get_by_text("KPO only").click()
    expect_status(page, ".cw-comparison", "KPO only")
    assert widget.get_by_role("columnheader").all_inner_texts()[1:] == ["KPO"]
    widget.get_by_text("Choose dimensions").click()
    widget.get_by_label(NAMES["D19"]).check()
    expect_status(page, ".cw-comparison", "^7 of 25")
    assert NAMES["D19"] in dimensions_shown(widget)
    widget.get_by_role("button", name="Choose none").click()
    expect_status(page, ".cw-comparison", "^No dimension chosen")
    assert dimensions_shown(widget) == []
    widget.get_by_role("button", name="Show all 25").click()
    expect_status(page, ".cw-comparison", "^25 of 25")
    assert dimensions_shown(widget) == list(NAMES.values())


def test_toggle_by_keyboard(toggle):
    page, widget = toggle
    widget.get_by_role("radio", name="both side by side").focus()
    page.keyboard.press("ArrowRight")
    expect_status(page, ".cw-comparison", "BPO only")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    assert expect_status(page, ".cw-comparison", "agree") == "1 of 6 dimensions where the sources agree: BPO only."
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.value") == "D02"
    page.keyboard.press("Space")
    expect_status(page, ".cw-comparison", "^No dimension chosen where the sources agree")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect_status(page, ".cw-comparison", "^1 of 6")
    assert dimensions_shown(widget) == [NAMES["D03"]]


def test_every_filter_shows_its_rows(toggle):
    page, widget = toggle
    rows = comparison.dimensions()
    for group, label in comparison.GROUPS.items():
        widget.get_by_role("radio", name=re.compile(f"^{label} \\(")).check()
        members = comparison.select(rows, where=group)
        expect_status(page, ".cw-comparison", f"^1 of {len(members)} ")
        widget.get_by_role("button", name=f"Show all {len(members)}").click()
        expect_status(page, ".cw-comparison", f"^{len(members)} of {len(members)} ")
        assert dimensions_shown(widget) == [row.name for row in members]
        assert set(
            widget.locator(".cw-badge").evaluate_all("(badges) => badges.map((badge) => badge.dataset.group)")
        ) == {group}
        widget.get_by_role("button", name="Reset").click()
        expect_status(page, ".cw-comparison", "^6 of 25")
    assert "#compare" not in page.url


def test_silence_is_said(toggle):
    page, widget = toggle
    widget.get_by_role("radio", name=re.compile("only S0 speaks")).check()
    expect_status(page, ".cw-comparison", "^1 of 4")
    assert widget.locator("[data-silent]").all_inner_texts() == ["says nothing"]


def test_address_restores_a_view(toggle, open_page):
    page, widget = toggle
    widget.get_by_role("radio", name="KPO only").check()
    widget.get_by_role("radio", name=re.compile("^disagree")).check()
    widget.get_by_role("button", name="Show all 4").click()
    status = expect_status(page, ".cw-comparison", "^4 of 4")
    # a row that the last click added: it is written when the reader pauses
    page.wait_for_function("location.hash.includes('.D21.')")
    other, watch = start(open_page, page.url)
    assert expect_status(other, ".cw-comparison", "^4 of 4") == status
    assert dimensions_shown(other.locator(".cw-comparison")) == dimensions_shown(widget)
    assert other.evaluate("document.querySelector('.cw-comparison').getBoundingClientRect().top < innerHeight")
    other.evaluate("location.hash = '#compare?show=nonsense&where=nowhere&rows=D02.D99'")
    assert expect_status(other, ".cw-comparison", "^1 of 25") == "1 of 25 dimensions: BPO and KPO side by side."
    assert watch.errors == []


def test_link_to_the_view_is_handed_out(toggle, book_url):
    page, widget = toggle
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    widget.get_by_role("button", name="Copy link to this view").click()
    widget.get_by_text("The link is on the clipboard.").wait_for()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link.startswith(f"{book_url}/{SIDE_BY_SIDE}#compare?") and "D01.D02.D07" in link
    page.evaluate("() => { navigator.clipboard.writeText = async () => { throw new Error('refused'); }; }")
    widget.get_by_role("button", name="Copy link to this view").click()
    assert widget.get_by_role("textbox", name="Link to this view").input_value() == link


def test_comparison_download_is_what_is_shown(toggle):
    page, widget = toggle
    widget.get_by_role("radio", name="BPO only").check()
    expect_status(page, ".cw-comparison", "BPO only")
    head, *rows = saved_csv(page, widget.get_by_role("button", name="Download as CSV"))
    assert head == ["id", "dimension", "sources", "S0 on BPO", "S1 on BPO", "note", "outside check", "reliability"]
    assert [row[0] for row in rows] == ["D01", "D02", "D07", "D08", "D18", "D24"]
    assert rows[0][3:5] == ["one of two peer kinds of outsourcing", "the parent industry"]
    assert rows[-1][3:5] == ["says nothing", "says nothing"]


def test_on_a_phone_cells_stand_under_one_another(open_page, book_url):
    page, _ = start(open_page, f"{book_url}/{SIDE_BY_SIDE}", width=390)
    cells = page.locator(".cw-compare tbody").first.locator("td[data-kind]")
    lefts = cells.evaluate_all("(cells) => cells.map((cell) => Math.round(cell.getBoundingClientRect().left))")
    assert len(lefts) == 4 and len(set(lefts)) == 1
    assert page.locator(".cw-comparison").evaluate("(widget) => widget.scrollWidth <= widget.clientWidth")
    assert page.get_by_role("cell", name="the parent industry").count() >= 1
