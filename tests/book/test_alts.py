"""Every figure of the built book says in words what it shows: a finding with a verb, and more than its title says."""

from __future__ import annotations

import re
from html import unescape

FIGURE = re.compile(r'class="cw-title">(.*?)</div>.*?<div class="cw-still" role="img" aria-label="(.*?)">', re.S)
# The verbs that the alt texts use; a new one is added here, a text without any is a label.
VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|gives?|gets?|takes?|leads?|loses?|rises?|falls?|lies?|earns?|named|made|collects|covers?|leaves|"
    r"overlap|miss|reached|hired|pays?|runs|comes?|ends|grows|costs?)\b"
)


def figures(book) -> list[tuple[str, dict]]:
    """(page, its title and alt) of every figure in the built book."""
    found = []
    for page in sorted((book / "book").rglob("*.html")):
        for section in page.read_text("utf8").split('<section class="cw cw-plain"')[1:]:
            title, alt = FIGURE.search(section).groups()
            found.append((page.stem, {"title": unescape(title), "alt": unescape(alt)}))
    return found


def words(text: str) -> set[str]:
    return set(re.findall(r"[a-z]{3,}|\d[\d.,]*", text.lower()))


def test_every_figure_states_a_finding(built_book):
    found = figures(built_book)
    assert len(found) >= 31
    poor = [
        f"{page}: {figure['alt'][:120]} (title: {figure['title']})"
        for page, figure in found
        if not (
            60 <= len(figure["alt"]) <= 700
            and VERB.search(figure["alt"])
            and figure["alt"].endswith(".")
            and len(words(figure["alt"]) - words(figure["title"])) >= 6
        )
    ]
    assert poor == []
