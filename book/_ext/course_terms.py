"""Links each chapter's first use of a term to the glossary (Sphinx extension).

Nobody marks anything: the terms are those of `outsourcing/data/glossary.csv`. A term that the chapter cites itself, with
{fact}`term/AHT`, is left to that link. Headings, code, links and the pages of reference are not touched.
"""
from __future__ import annotations

import re

from docutils import nodes
from outsourcing import evidence

GLOSSARY = f"book/reference/{evidence.PAGES['glossary']}"
NOT_IN = (nodes.reference, nodes.title, nodes.literal, nodes.literal_block, nodes.raw, nodes.caption, nodes.comment)


def patterns() -> dict[str, re.Pattern]:
    """Fact id -> what counts as a use: the term or its long form, also in the plural; an acronym as it is written, the rest in any case."""
    found = {}
    for fact in evidence.facts().values():
        if fact.table == "glossary":
            forms = [re.escape(form) if re.search("[A-Z]{2}", form) else f"(?i:{re.escape(form)})"
                     for form in (fact.row["expansion"], fact.row["term"]) if re.fullmatch(r"[\w -]+", form)]
            if forms:
                found[fact.id] = re.compile(rf"\b(?:{'|'.join(forms)})s?\b")
    return found


def link_terms(app, doctree, page):
    if page.startswith(("book/reference/", "book/instructors/")) or app.builder.format != "html":
        return
    glossary = app.builder.get_relative_uri(page, GLOSSARY)
    cited = {node["refuri"] for node in doctree.findall(nodes.reference) if "fact" in node["classes"]}
    left = {id: pattern for id, pattern in patterns().items() if f"{glossary}#{evidence.fact(id).anchor}" not in cited}
    for text in list(doctree.findall(nodes.Text)):
        if within(text, NOT_IN) or not within(text, nodes.paragraph):
            continue
        parts: list[nodes.Node] = [text]
        while (first := first_use(str(parts[-1]), left)) is not None:
            id, start, end = first
            rest = str(parts.pop())
            del left[id]
            fact = evidence.fact(id)
            link = nodes.reference("", "", nodes.Text(rest[start:end]), refuri=f"{glossary}#{fact.anchor}", internal=True, classes=["term"],
                                   reftitle=fact.row["definition"])
            parts += [nodes.Text(rest[:start]), link, nodes.Text(rest[end:])]
        if len(parts) > 1:
            text.parent.replace(text, [part for part in parts if part.astext()])


def first_use(text: str, left: dict[str, re.Pattern]) -> tuple[str, int, int] | None:
    """Which remaining term comes first in the text, and where; of two at one place the longer."""
    uses = [(match.start(), -match.end(), id) for id, pattern in left.items() if (match := pattern.search(text))]
    if not uses:
        return None
    start, end, id = min(uses)
    return id, start, -end


def within(node: nodes.Node, kinds) -> bool:
    while (node := node.parent) is not None:
        if isinstance(node, kinds):
            return True
    return False


def setup(app):
    app.connect("doctree-resolved", link_terms)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
