"""Every figure of the built book says in words what it shows: a finding with a verb, and more than its title says."""

from __future__ import annotations

import json
import re

STATE = re.compile(r'<script type="application/vnd.jupyter.widget-state\+json">(.*?)</script>', re.S)
# The verbs that the alt texts use; a new one is added here, a text without any is a label.
VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|gives?|gets?|takes?|leads?|loses?|rises?|falls?|lies?|earns?|named|made|collects|covers?|leaves|"
    r"overlap|miss|reached|hired|pays?|runs|comes?|ends|grows|costs?)\b"
)


def figures(book) -> list[tuple[str, dict]]:
    """(page, state) of every figure in the built book; a drawn figure is a widget that has an alt text."""
    found = []
    for page in sorted((book / "book").rglob("*.html")):
        for states in STATE.findall(page.read_text("utf8")):
            models = json.loads(states)["state"].values()
            found += [(page.stem, model["state"]) for model in models if model["state"].get("alt") is not None]
    return found


def words(text: str) -> set[str]:
    return set(re.findall(r"[a-z]{3,}|\d[\d.,]*", text.lower()))


def test_every_figure_states_a_finding(built_book):
    found = figures(built_book)
    assert len(found) >= 20
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
