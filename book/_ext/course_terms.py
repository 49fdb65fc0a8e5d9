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
    """Fact id -> what counts as a use: the term, also in the plural; an acronym as it is written, or its long form."""
    found = {}
    for fact in evidence.facts().values():
        if fact.table == "glossary":
            acronym = bool(re.search("[A-Z]{2}", fact.row["term"]))
            forms = [fact.row["term"] if acronym else f"(?i:{fact.row['term']})"] + [
                f"(?i:{fact.row['expansion']})"
            ] * acronym
            forms = [form for form in forms if re.fullmatch(r"(\(\?i:)?[\w -]+\)?", form)]
            if forms:
                found[fact.id] = re.compile(rf"\b(?:{'|'.join(forms)})s?\b")
    return found


def link_terms(app, doctree, page):
    if page.startswith(("book/reference/", "book/instructors/")) or app.builder.format != "html":
        return
    glossary = app.builder.get_relative_uri(page, GLOSSARY)
    terms = patterns()
    cited = {node["refuri"] for node in doctree.findall(nodes.reference) if "fact" in node["classes"]}
    linked = {id for id in terms if f"{glossary}#{evidence.fact(id).anchor}" in cited}
    for text in list(doctree.findall(nodes.Text)):
        if within(text, NOT_IN) or not within(text, nodes.paragraph):
            continue
        parts: list[nodes.Node] = []
        rest, done = str(text), 0
        for id, start, end in uses(rest, terms):
            if id not in linked:
                linked.add(id)
                fact = evidence.fact(id)
                parts += [
                    nodes.Text(rest[done:start]),
                    nodes.reference(
                        "",
                        "",
                        nodes.Text(rest[start:end]),
                        refuri=f"{glossary}#{fact.anchor}",
                        internal=True,
                        classes=["term"],
                        reftitle=fact.row["definition"],
                    ),
                ]
                done = end
        if parts:
            text.parent.replace(text, [part for part in [*parts, nodes.Text(rest[done:])] if part.astext()])


def uses(text: str, terms: dict[str, re.Pattern]) -> list[tuple[str, int, int]]:
    """Every use of a term in the text, in order and without overlap: of two that begin at one place the longer."""
    found, last = [], 0
    for start, end, id in sorted(
        ((match.start(), match.end(), id) for id, pattern in terms.items() for match in pattern.finditer(text)),
        key=lambda use: (use[0], -use[1]),
    ):
        if start >= last:
            found.append((id, start, end))
            last = end
    return found


def within(node: nodes.Node, kinds) -> bool:
    while (node := node.parent) is not None:
        if isinstance(node, kinds):
            return True
    return False


def setup(app):
    app.connect("doctree-resolved", link_terms)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
