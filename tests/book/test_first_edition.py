"""What readers of the book's first edition hold still holds: each address of a page leads to one, and a saved progress file counts.

`tests/data/first_edition` is what that edition gave out: the addresses of all its pages, and a file that its progress page saved after
154 of its 172 questions had been answered, of all kinds, and three tasks sorted. Neither is changed when the book is.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

KEPT = Path(__file__).resolve().parents[1] / "data/first_edition"
ADDRESSES = (KEPT / "page_addresses.txt").read_text("utf8").split()
SAVED = KEPT / "course-progress.json"
LEADS_ON = re.compile(r"""<meta\s+http-equiv=["']refresh["']\s+content=["']\d+;\s*url=([^"']+)["']""", re.IGNORECASE)


def end_of(book: Path, address: str) -> Path:
    """The page that a reader of this address ends on: it may lead on to another, and that one again."""
    path, passed = (book / address).resolve(), set()
    while path.is_file() and path not in passed and (on := LEADS_ON.search(path.read_text("utf8"))):
        passed.add(path)
        path = (path.parent / on[1].split("#")[0]).resolve()
    assert path not in passed, f"{address} leads in a circle"
    return path


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_of_a_page_leads_to_a_page(address, built_book):
    path = end_of(built_book, address)
    assert path.is_file() and path.is_relative_to(built_book.resolve()), f"{address} ends on {path}, which is no page"
    assert re.search(r"<h1\b", path.read_text("utf8")), f"{address} ends on a page without a heading"


def test_a_saved_progress_file_counts_as_it_did(book_url, open_page):
    page, watch = open_page(f"{book_url}/book/progress.html")
    page.wait_for_selector("html[data-course-widgets=ready]")
    page.locator(".cw-course input[type=file]").set_input_files(SAVED)
    dialog = page.get_by_role("dialog")
    dialog.wait_for()
    assert "holds 154 answers to questions of this course" in dialog.inner_text()
    assert "left out" not in dialog.inner_text(), "each question of the file is still in the course"
    page.get_by_role("button", name="Add them", exact=True).click()
    summary = page.locator(".cw-course [role=status]").first.inner_text()
    assert re.fullmatch(
        r"154 of \d+ questions answered, 25 right at the first try, 129 to review\.", summary.replace("\u00a0", " ")
    )
    saved = json.loads(SAVED.read_text("utf8"))
    kept = page.evaluate("() => ({ ...localStorage })")
    assert json.loads(kept["course-progress"])["questions"] == saved["questions"]
    assert {key: kept[key] for key in saved["along"]} == saved["along"]
    assert list(saved["along"]) == ["course-along-tasks"]
    assert (watch.errors, watch.outside) == ([], [])


def test_a_page_that_leads_nowhere_or_in_a_circle_is_found(tmp_path):
    (tmp_path / "a.html").write_text('<meta http-equiv="refresh" content="0; url=b.html">')
    assert end_of(tmp_path, "a.html") == (tmp_path / "b.html").resolve() and not end_of(tmp_path, "a.html").exists()
    (tmp_path / "b.html").write_text('<meta http-equiv="refresh" content="0; url=a.html">')
    with pytest.raises(AssertionError, match="in a circle"):
        end_of(tmp_path, "a.html")
