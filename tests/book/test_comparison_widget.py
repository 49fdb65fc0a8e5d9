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
    assert dimensions_shown(widget) == [NAMES[id] for id in ("D03", "D04", "D06", "D10", "D13", "D17")]
    assert widget.get_by_role("columnheader").all_inner_texts() == ["BPO", "KPO"]
    cells = widget.locator(".cw-compare tbody").nth(3).get_by_role("cell").all_inner_texts()
    assert cells == ["follows rules", "judges case by case"], "the work itself, not who says so"
    assert widget.get_by_role("link").count() == 0
    widget.get_by_label("Show what the two sources say").check()
    widget.get_by_role("rowheader", name="The vendor's guide").first.wait_for()
    link = widget.get_by_role("link", name=f"{NAMES['D03']}: the sources")
    assert link.get_attribute("href") == "../reference/figures.html#D03"
    link.click()
    page.wait_for_url("**/reference/figures.html#D03")
    assert page.locator("#D03").is_visible()


def test_toggle_by_mouse(toggle):
    page, widget = toggle
    widget.get_by_text("KPO only").click()
    expect_status(page, ".cw-comparison", "KPO only")
    assert widget.get_by_role("columnheader").all_inner_texts() == ["KPO"]
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
    page.keyboard.press("Tab")  # the layer of the sources
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    assert expect_status(page, ".cw-comparison", "agree") == "6 of 6 dimensions where the sources agree: BPO only."
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.value") == "D02"
    page.keyboard.press("Space")
    expect_status(page, ".cw-comparison", "^5 of 6 dimensions where the sources agree")
    assert NAMES["D02"] not in dimensions_shown(widget)
    page.keyboard.press("Space")
    expect_status(page, ".cw-comparison", "^6 of 6")


def test_every_filter_shows_its_rows(toggle):
    page, widget = toggle
    rows = comparison.dimensions()
    for group, label in comparison.GROUPS.items():
        widget.get_by_role("radio", name=re.compile(f"^{label} \\(")).check()
        members = comparison.select(rows, where=group)
        expect_status(page, ".cw-comparison", f"^{len(members)} of {len(members)} ")
        assert dimensions_shown(widget) == [row.name for row in members]
        assert set(
            widget.locator(".cw-badge").evaluate_all("(badges) => badges.map((badge) => badge.dataset.group)")
        ) == {group}
        widget.get_by_role("button", name="Reset").click()
        expect_status(page, ".cw-comparison", "^6 of 25")
    assert "#compare" not in page.url


def test_a_filter_gives_way_to_the_work_again(toggle):
    page, widget = toggle
    layer = widget.get_by_label("Show what the two sources say")
    widget.get_by_role("radio", name=re.compile("^disagree")).check()
    expect_status(page, ".cw-comparison", "^4 of 4")
    assert layer.is_checked(), "a filter by the sources shows them"
    layer.uncheck()
    expect_status(page, ".cw-comparison", "^6 of 25")
    assert widget.locator(".cw-badge").count() == 0


def test_silence_is_said(toggle):
    page, widget = toggle
    widget.get_by_role("radio", name=re.compile("only the vendor's guide speaks")).check()
    expect_status(page, ".cw-comparison", "^4 of 4")
    said = widget.locator("[data-silent]").all_inner_texts()
    rows = comparison.select(comparison.dimensions(), where="only_s0")
    assert said.count("says nothing") == sum(not row.s1_bpo and not row.s1_kpo for row in rows) + sum(
        bool(row.s0_bpo) != bool(row.s0_kpo) for row in rows
    )


def test_address_restores_a_view(toggle, open_page):
    page, widget = toggle
    widget.get_by_role("radio", name="KPO only").check()
    widget.get_by_role("radio", name=re.compile("^disagree")).check()
    status = expect_status(page, ".cw-comparison", "^4 of 4")
    page.wait_for_function("location.hash.includes('disagree')")  # it is written when the reader pauses
    other, watch = start(open_page, page.url)
    assert expect_status(other, ".cw-comparison", "^4 of 4") == status
    assert dimensions_shown(other.locator(".cw-comparison")) == dimensions_shown(widget)
    assert other.evaluate("document.querySelector('.cw-comparison').getBoundingClientRect().top < innerHeight")
    other.evaluate("location.hash = '#compare?show=nonsense&where=nowhere&rows=D02.D99'")
    assert expect_status(other, ".cw-comparison", "^1 of 25") == "1 of 25 dimensions: BPO and KPO side by side."
    assert watch.errors == []


def test_link_to_the_view_is_handed_out(toggle, book_url):
    page, widget = toggle
    widget.get_by_role("radio", name="KPO only").check()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    widget.get_by_role("button", name="Copy link to this view").click()
    widget.get_by_text("The link is on the clipboard.").wait_for()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == f"{book_url}/{SIDE_BY_SIDE}#compare?show=kpo"
    page.evaluate("() => { navigator.clipboard.writeText = async () => { throw new Error('refused'); }; }")
    widget.get_by_role("button", name="Copy link to this view").click()
    assert widget.get_by_role("textbox", name="Link to this view").input_value() == link


def test_comparison_download_is_what_is_shown(toggle):
    page, widget = toggle
    widget.get_by_role("radio", name="BPO only").check()
    expect_status(page, ".cw-comparison", "BPO only")
    head, *rows = saved_csv(page, widget.get_by_role("button", name="Download as CSV"))
    assert head == [
        *("id", "dimension", "BPO", "sources", "The vendor's guide on BPO", "The job blog on BPO"),
        *("note", "outside check", "reliability"),
    ]
    assert [row[0] for row in rows] == ["D03", "D04", "D06", "D10", "D13", "D17"]
    assert rows[3][2] == "follows rules" and rows[3][4] == "set process and rules"
    assert rows[-1][4:6] == ["says nothing", "many functions or departments per project"]


def test_on_a_phone_cells_stand_under_one_another(open_page, book_url):
    page, _ = start(open_page, f"{book_url}/{SIDE_BY_SIDE}#compare?rows=D01&sources=true", width=390)
    cells = page.locator(".cw-compare tbody").first.locator("td[data-kind]")
    lefts = cells.evaluate_all("(cells) => cells.map((cell) => Math.round(cell.getBoundingClientRect().left))")
    assert len(lefts) == 6 and len(set(lefts)) == 1
    assert page.locator(".cw-comparison").evaluate("(widget) => widget.scrollWidth <= widget.clientWidth")
    assert page.get_by_role("cell", name="the parent industry").count() >= 1
