"""The book's search: what readers type leads to the page that answers it, from a folder of files too, and by keyboard."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from accessible import broken_rules

QUERIES = yaml.safe_load((Path(__file__).resolve().parents[1] / "data/search_queries.yml").read_text("utf8"))


def found(page, query: str) -> list[str]:
    """The pages that a query finds, in order."""
    page.locator("#find").fill(query)
    page.wait_for_function("(query) => document.querySelector('.found').textContent.includes(query)", arg=query)
    links = page.locator(".results h2 a").evaluate_all("all => all.map(a => a.href)")
    return [link.split("_build/html/")[-1].split("/", 3)[-1] if "://127" in link else link for link in links]


def test_each_query_finds_its_page_among_the_first_three(built_book, open_page):
    page, watch = open_page(f"file://{built_book}/search.html")
    missed = {}
    for query, wanted in QUERIES.items():
        first = [link.rpartition("/book/")[2].removesuffix(".html") for link in found(page, query)[:3]]
        if not {f"book/{name}" for name in first} & set(wanted):
            missed[query] = first
    assert len(QUERIES) >= 22 and missed == {}
    assert (watch.outside, watch.errors) == ([], [])


@pytest.mark.parametrize("dark", [False, True])
def test_results_are_reached_by_keyboard_from_any_page_and_are_accessible(book_url, open_page, dark):
    page, watch = open_page(f"{book_url}/book/foundations/what-is-bpo.html", dark=dark, width=390)
    page.keyboard.press("Control+k")
    page.keyboard.type("hidden costs")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=hidden+costs")
    said = page.locator(".found")
    page.wait_for_function("document.querySelector('.found').textContent.includes('hidden costs')")
    assert said.get_attribute("role") == "status"
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.results h2 a')"):
            break
    assert broken_rules(page) == []
    page.keyboard.press("Enter")
    page.wait_for_url("**/book/location/what-it-costs.html")
    assert (watch.outside, watch.errors) == ([], [])


def test_words_and_snippets_are_clean_and_signs_do_no_harm(built_book, open_page):
    page, watch = open_page(f"file://{built_book}/search.html?q=turnover")
    text = page.locator(".results").inner_text()
    assert "turnover" in text and not any(sign in text for sign in (".md", "Contents", "{fact}", "¶"))
    assert page.locator(".results mark").count() > 3
    for query in ("%", '"', "<img src=x onerror=alert(1)>", "qqqqzzzz"):
        page.locator("#find").fill(query)
        page.wait_for_function("(query) => document.querySelector('.found').textContent.includes(query)", arg=query)
        if page.locator(".results li").count() == 0:
            assert "Try one word only" in page.locator(".found").inner_text()
    assert (watch.outside, watch.errors) == ([], [])


def test_only_the_search_page_loads_the_index(built_book):
    pages = [path for path in built_book.rglob("*.html") if "course-search.js" in path.read_text("utf8")]
    assert [path.name for path in pages] == ["search.html"]


@pytest.mark.parametrize(
    "table, says",
    [
        (
            "words:\n  churn: turnover\npages:\n  pay: [book/a]\n  jobs: [book/b, book/c]\n",
            "book/synonyms.yml:5: “jobs” leads to book/c, which is no page of the book. Mend its name.",
        ),
        (
            "words:\n  churn: turnover\n  wages: stipend pay\npages: {}\n",
            "book/synonyms.yml:3: “wages” leads to stipend, which the book nowhere says. Use words that it has.",
        ),
    ],
)
def test_a_synonym_that_leads_nowhere_stops_the_build_with_its_line(tmp_path, monkeypatch, root, table, says):
    monkeypatch.syspath_prepend(str(root / "book/_ext"))
    import course_search

    (tmp_path / "book").mkdir()
    (tmp_path / "book/synonyms.yml").write_text(table)
    with pytest.raises(course_search.ExtensionError) as stopped:
        course_search.synonyms(tmp_path, {"book/a": None, "book/b": None}, "pay and turnover")
    assert str(stopped.value) == says


def test_the_index_holds_what_is_read_and_each_term(built_book):
    index = (built_book / "_static/course-search.js").read_text("utf8")
    assert "AHT – " in index
    assert (
        "nothing was measured" not in index and "Vague trend claim" not in index
    )  # a page's sources, a row of the ledger
    assert not (built_book / "searchindex.js").exists()
