"""Evidence in place: few quiet marks, each of which opens beside itself what the page's list of sources says, by mouse, keyboard and touch."""

from __future__ import annotations

import re
from html import unescape

import pytest
from accessible import broken_rules, views

CHAPTER = "book/foundations/what-is-bpo.html"
BOX = ".evidence-box"
A_THOUSAND = 10  # marks that a reader meets in a thousand words
HIDDEN = r'<details class="page-sources">.*?</details>|<template.*?</template>|<script.*?</script>|<noscript>.*?</noscript>|<svg.*?</svg>'


def articles(book):
    """(name, the article's HTML) of each page that has a mark."""
    for path in sorted((book / "book").rglob("*.html")):
        article = re.search(r"<article\b.*?</article>", path.read_text("utf8"), re.S)
        if article and 'class="evidence"' in article[0]:
            yield path.relative_to(book / "book").with_suffix("").as_posix(), article[0]


def test_a_page_has_few_marks(built_book):
    many = {}
    for name, article in articles(built_book):
        read = re.sub(HIDDEN, "", article, flags=re.S)
        words, marks = len(re.sub(r"<[^>]+>", " ", read).split()), read.count('class="evidence"')
        if marks > A_THOUSAND * words / 1000:
            many[name] = (marks, words)
    assert many == {}


def test_every_mark_says_what_it_is_of_and_no_two_of_one_name_lead_apart(built_book):
    pages = list(articles(built_book))
    assert len(pages) > 20
    for name, article in pages:
        marks = re.findall(r'<a class="evidence" href="([^"]*)" data-of="([^"]*)"[^>]*><span>(.*?)</span></a>', article)
        assert len(marks) == article.count('class="evidence"') and all(
            re.match(r"Sources?(?: of the table)?: \w", called) for *_, called in marks
        )
        means: dict[str, str] = {}
        assert [called for href, of, called in marks if means.setdefault(called, href + of) != href + of] == [], name
        entries = set(re.findall(r'<li id="source-(\d+)">', article))
        assert {number for _, of, _ in marks for number in of.split()} <= entries, name


def test_a_row_is_told_in_words(built_book):
    """What a mark shows names no row and neither S0 nor S1, and says all that a reader must know."""
    for name, article in articles(built_book):
        for entry in re.findall(r'<li id="source-\d+">.*?</li>', article, re.S):
            words = unescape(re.sub(r"<[^>]+>", " ", entry))
            assert not re.search(r"\bS[01]\b|\b(?:S[01]-\d\d|[BDK]\d\d|PH\d\d|IN\d\d|GVR-\d)\b", words), (name, words)
            assert all(label in words for label in ("Measured?", "Reliability", "Who gains")), (name, words)
            assert re.search(r'<a class="row" href="[^"]*(?:claims|figures|glossary)?(?:\.html)?#[^"]+"', entry), (
                name,
                entry,
            )


@pytest.fixture
def chapter(open_page, book_url):
    page, watch = open_page(f"{book_url}/{CHAPTER}")
    page.wait_for_function("document.querySelector('a.evidence[role=button]')")
    yield page
    assert watch.errors == [] and watch.outside == []


def is_open(page) -> bool:
    return page.evaluate(f"Boolean(document.querySelector('{BOX}')?.matches(':popover-open'))")


WHERE = (
    "() => [location.href, history.length, scrollY, document.documentElement.scrollHeight, document.documentElement.scrollWidth,"
    " JSON.stringify([...document.querySelectorAll('article > section *:not(.evidence-box, .evidence-box *)')].slice(0, 400)"
    ".map(node => node.getBoundingClientRect().top))]"
)


def test_a_click_opens_and_nothing_moves(chapter):
    mark = chapter.locator("a.evidence").nth(2)
    mark.scroll_into_view_if_needed()
    before = chapter.evaluate(WHERE)
    mark.click()
    assert is_open(chapter) and mark.get_attribute("aria-expanded") == "true"
    assert chapter.evaluate(WHERE) == before
    box = chapter.get_by_role("dialog", name=mark.text_content())
    assert "Who gains" in box.inner_text() and "Reliability" in box.inner_text()
    link = box.get_by_role("link").first
    assert re.search(r"reference/(claims|figures)\.html#", link.get_attribute("href"))
    mark.click()
    assert not is_open(chapter) and mark.get_attribute("aria-expanded") == "false"
    other = chapter.locator("a.evidence").nth(3)
    mark.click()
    box_text = box.inner_text()
    # beside the box
    other.evaluate("mark => mark.scrollIntoView({block: 'start'})")
    other.dispatch_event("pointerdown")
    other.evaluate("mark => mark.click()")
    assert is_open(chapter) and mark.get_attribute("aria-expanded") == "false"
    assert chapter.locator(BOX).inner_text() != box_text
    assert chapter.locator(BOX).count() == 1


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_the_keyboard_opens_goes_in_and_comes_back(chapter, key):
    mark = chapter.locator("a.evidence").nth(2)
    mark.focus()
    chapter.keyboard.press(key)
    assert is_open(chapter)
    assert chapter.evaluate(f"document.activeElement === document.querySelector('{BOX}')")
    chapter.keyboard.press("Escape")
    assert not is_open(chapter) and mark.evaluate("mark => mark === document.activeElement")
    chapter.keyboard.press(key)
    chapter.keyboard.press("Tab")
    assert chapter.evaluate("document.activeElement.textContent") == "Close"
    chapter.keyboard.press("Enter")
    assert not is_open(chapter) and mark.evaluate("mark => mark === document.activeElement")
    chapter.keyboard.press(key)
    for _ in range(12):  # past its last link it closes, and the reader goes on in the text
        chapter.keyboard.press("Tab")
        if not chapter.evaluate(f"document.querySelector('{BOX}').contains(document.activeElement)"):
            break
    chapter.wait_for_function(f"!document.querySelector('{BOX}').matches(':popover-open')")
    assert not mark.evaluate("mark => mark === document.activeElement")


def test_a_word_opens_its_definition(chapter):
    word = chapter.get_by_role("button", name="service level agreement", exact=True)
    word.click()
    box = chapter.get_by_role("dialog", name="What service level agreement means")
    assert "Written service expectations" in box.inner_text()
    assert box.get_by_role("link", name="In the glossary").get_attribute("href").endswith("glossary.html#term-SLA")
    chapter.keyboard.press("Escape")
    assert not is_open(chapter) and word.evaluate("word => word === document.activeElement")


def test_by_touch_it_opens_as_a_sheet_and_a_tap_elsewhere_closes_it(browser, book_url):
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(f"{book_url}/{CHAPTER}")
    page.wait_for_function("document.querySelector('a.evidence[role=button]')")
    for mark in (page.locator("a.evidence").nth(2), page.locator("a.term").nth(3)):
        mark.evaluate("mark => mark.scrollIntoView({block: 'center'})")
        mark.tap()
        assert is_open(page)
        sheet = page.locator(BOX).bounding_box()
        assert sheet["x"] >= 0 and sheet["x"] + sheet["width"] <= 390
        assert sheet["y"] >= 844 * 0.25 and sheet["y"] + sheet["height"] == pytest.approx(844, abs=1)
        page.touchscreen.tap(195, 120)
        assert not is_open(page) and mark.get_attribute("aria-expanded") == "false"
        assert mark.evaluate("mark => mark === document.activeElement")
        mark.tap()
        mark.dispatch_event("pointerdown")  # where the mark itself is tapped again
        mark.evaluate("mark => mark.click()")
        assert not is_open(page)
    context.close()


def test_each_mark_is_large_enough_and_opens_inside_the_screen(chapter):
    sizes = chapter.locator("a.evidence").evaluate_all("all => all.map(mark => [mark.offsetWidth, mark.offsetHeight])")
    assert len(sizes) > 8 and all(width >= 24 and height >= 24 for width, height in sizes), sizes
    for width, height in ((1280, 900), (700, 500), (390, 844), (320, 600)):
        chapter.set_viewport_size({"width": width, "height": height})
        for n, mark in enumerate(chapter.locator("a.evidence, a.term").all()):
            mark.evaluate("(mark, at) => mark.scrollIntoView({block: at})", ["center", "end", "start"][n % 3])
            mark.evaluate("mark => mark.click()")
            left, top, right, bottom = chapter.locator(BOX).evaluate(
                "box => { const r = box.getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom]; }"
            )
            assert left >= 0 and right <= width and top >= -1 and bottom <= height + 1, (width, n, top, bottom)
            chapter.keyboard.press("Escape")


def test_axe_finds_nothing_with_a_mark_or_a_word_open(chapter):
    for view in views(chapter):
        for mark in (chapter.locator("a.evidence").first, chapter.locator("a.term").first):
            mark.evaluate("mark => mark.click()")
            assert is_open(chapter)
            assert broken_rules(chapter) == [], view
            chapter.keyboard.press("Escape")


def test_without_javascript_it_is_a_link_to_the_row(browser, book_url):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{book_url}/{CHAPTER}")
    page.get_by_role("link", name="Source: the vendor's guide on workflow").click()
    assert page.url.endswith("reference/claims.html#S0-20")
    page.go_back()
    page.locator(".page-sources summary").click()
    assert page.locator(".page-sources li").first.is_visible()
    context.close()


def test_on_paper_a_mark_is_a_number_and_the_list_is_open(chapter):
    """As the printed page is laid out, and as the browser's own event leaves it."""
    chapter.emulate_media(media="print")
    shown = chapter.locator("a.evidence").evaluate_all(
        "all => all.map(mark => getComputedStyle(mark, '::before').content)"
    )
    assert shown and all(re.fullmatch(r'"\[" attr\(data-shown\) "\]"|"\[[\d–, ]+\]"', one) for one in shown), shown
    assert chapter.locator("a.evidence > span").first.is_visible() is False
    assert chapter.locator(".page-sources li").first.bounding_box()["height"] > 40
    chapter.emulate_media(media="screen")
    chapter.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert chapter.locator(".page-sources").get_attribute("open") is not None
    chapter.evaluate("dispatchEvent(new Event('afterprint'))")
    assert chapter.locator(".page-sources").get_attribute("open") is None
