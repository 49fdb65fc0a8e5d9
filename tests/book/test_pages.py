"""Every page of the built book, as a reader meets it: light and dark, on a desk and on a phone, with no other host to be reached."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from accessible import COLOURS, broken_rules, views

from courseware import contents

ROOT = Path(__file__).resolve().parents[2]
TOC = yaml.safe_load((ROOT / "_toc.yml").read_text("utf8"))
PAGES = [TOC["root"], *(chapter["file"] for part in TOC["parts"] for chapter in part["chapters"])]
ASKED = {page.file: list(page.asks) for page in contents.pages(ROOT, ROOT / "_toc.yml")}
# One of each kind in `make test`: the first page, a chapter with a figure, each explorer's, a review, the capstone, the progress page,
# what stands apart, the tables; all others in `make test-all`.
OF_EACH_KIND = {
    "home", "what-is-bpo", "side-by-side", "how-big", "vintages", "sort-tasks", "weighted-decision", "round-the-clock", "what-it-costs",
    "reading-reports", "capstone", "progress", "about", "grading", "glossary", "claims",
}  # fmt: skip
FULL = ((1280, "light"), (390, "dark"))  # every rule of axe runs at both widths and in both themes


def kind_of(name: str) -> str:
    return name.removeprefix("book/").rpartition("/")[2]


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(
            name, marks=() if kind_of(name) in OF_EACH_KIND or name == "book/foundations/review" else pytest.mark.matrix
        )
        for name in PAGES
    ],
)
def test_page_is_sound_for_every_reader(name, book_url, open_page):
    """One load; then desk and phone, light and dark. The same text stands in the same colours at both widths, but for a widget, which
    may draw itself otherwise on a phone, and for the frame round each page, which is looked at in all views on the first one."""
    page, watch = open_page(f"{book_url}/{name}.html")
    widgets = page.locator('script[type="application/vnd.jupyter.widget-view+json"]').count()
    if widgets:
        page.wait_for_function("document.documentElement.dataset.courseWidgets === 'ready'")
    page.wait_for_load_state("networkidle")
    assert page.locator("article h1").count() == 1
    assert page.locator(".course-widget").count() == widgets
    assert page.get_by_text("could not start").count() == 0
    if ASKED[name]:
        assert page.locator(".cw-question").evaluate_all("all => all.map(node => node.dataset.question)") == ASKED[name]
        unnamed = page.locator(".cw-question:not(:has(fieldset legend))").evaluate_all(
            "all => all.map(node => node.dataset.question)"
        )
        assert unnamed == []
        # one live region each from the start, empty
        assert page.locator(".cw-question > .cw-status[role=status]").all_inner_texts() == [""] * len(ASKED[name])
    page.evaluate("document.querySelectorAll('details').forEach(element => { element.open = true; })")
    for view in views(page):
        where = f"{name} at {view}"
        if view in FULL:
            assert broken_rules(page) == [], where
        elif name == PAGES[0] or page.locator(".cw").count():
            assert broken_rules(page, None if name == PAGES[0] else ".cw", COLOURS) == [], where
        wide = page.evaluate("""() => document.documentElement.scrollWidth <= window.innerWidth + 1 ? [] : [...document.querySelectorAll("article *")]
            .filter(element => element.getBoundingClientRect().right > window.innerWidth + 1).map(element => `${element.tagName}.${element.className}`).slice(0, 5)""")
        assert wide == [], f"{where}: the page scrolls sideways"
        cut = page.locator(".cw").evaluate_all(
            "all => all.filter(node => node.scrollWidth > node.clientWidth).map(node => node.className)"
        )
        assert cut == [], f"{where}: a widget scrolls sideways"
    assert watch.outside == [] and watch.errors == []


def test_the_chapters_ask_questions():
    assert sum(bool(asked) for asked in ASKED.values()) >= 7


def test_built_pages_name_no_other_host_to_load_from(built_book):
    """Links may lead out; scripts, styles, images and fonts may not."""
    for path in built_book.rglob("*.html"):
        loads = re.findall(
            r"""<(?:script|img|iframe|source)\b[^>]*?\bsrc=["'](?:https?:)?//[^"']+|<link\b(?![^>]*rel=["']canonical)[^>]*?href=["'](?:https?:)?//[^"']+""",
            path.read_text("utf8"),
        )
        assert loads == [], path.name


def test_links_inside_the_book_lead_somewhere(built_book):
    missing = []
    anchors: dict[Path, set[str]] = {}
    for path in built_book.rglob("*.html"):
        if path.name in ("search.html", "genindex.html"):
            continue
        for href in re.findall(r"""<a\b[^>]*?\bhref=["']([^"']+)["']""", path.read_text("utf8")):
            if re.match(r"[a-z]+:", href):
                continue
            target, _, anchor = href.partition("#")
            file = (path.parent / target).resolve() if target else path
            if not file.exists():
                missing.append(f"{path.name}: {href}")
            elif anchor and file.suffix == ".html":
                if file not in anchors:
                    anchors[file] = set(re.findall(r"""\bid=["']([^"']+)["']""", file.read_text("utf8")))
                if anchor not in anchors[file]:
                    missing.append(f"{path.name}: {href}")
    assert missing == []


def test_every_link_that_leads_out_is_listed_with_the_sources(built_book):
    """The sources page lists each address of the tables, with the day it was last seen; a page links to no other."""
    out = {
        path: set(re.findall(r"""<a\b[^>]*?\bhref=["'](https?:[^"']+)["']""", path.read_text("utf8")))
        for path in built_book.rglob("*.html")
    }
    sources = built_book / "book/reference/sources.html"
    assert len(out[sources]) > 100 and "last seen" in sources.read_text("utf8")
    assert [link for links in out.values() for link in links if re.search(r"\s", link)] == [], (
        "a remark beside an address is no part of it"
    )
    assert {path.name: links - out[sources] for path, links in out.items() if links - out[sources]} == {}


def test_no_line_of_a_chapter_is_lost_as_a_comment():
    """A line of prose that begins with % is a comment in MyST, and the rest of its paragraph goes with it."""
    lost = [
        f"{path.relative_to(ROOT)}:{n}"
        for path in (ROOT / "book").rglob("*.md")
        for n, line in enumerate(path.read_text("utf8").splitlines(), 1)
        if line.startswith("%")
    ]
    assert lost == []
