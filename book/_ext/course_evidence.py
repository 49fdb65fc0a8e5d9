"""Evidence in place (Sphinx extension): one quiet mark at the end of a passage, terms that open their definition, and each page's sources.

    {fact}`S0-03, D10`     what the sentence rests on

A passage is a paragraph, a list or a table: all its marks become one at its end, so that a reader meets few. A short paragraph shares the
mark of its neighbour. A term that the passage cites, and
that stands in it, carries its definition itself; every other term does so where the page first uses it. The sources of a page stand at its
end in a list that opens (in place of the chapter's section "Sources"); `assets/evidence.js` shows the part of it that a mark means beside
the mark. Without JavaScript a mark and a term are links to their rows, and on paper a mark is the number of its sources.
What is said of a row comes from `outsourcing.citations`: no reader meets the id of a row outside the pages of reference.
"""

from __future__ import annotations

import re
from html import escape
from itertools import groupby

from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole

from outsourcing import citations, evidence

log = logging.getLogger(__name__)

CHECKED = ("seed_claims", "comparison_dimensions")  # who says it is known: the sources are those of our check
LISTS = (nodes.bullet_list, nodes.enumerated_list, nodes.definition_list)
NO_TERMS = ("book/reference/", "book/teaching/")  # their words are defined where they stand
NOT_IN = (nodes.reference, nodes.title, nodes.literal, nodes.literal_block, nodes.raw, nodes.caption, nodes.comment)
JOIN = "\u2060"  # no line begins with a mark
SHORT = 45  # words of a paragraph that need no mark of their own beside a marked neighbour
NAMED = 2  # sources that a mark's name lists


class fact_mark(nodes.Inline, nodes.TextElement):
    """What one {fact} cites: `facts`, the ids."""


class FactRole(SphinxRole):
    """{fact}`ID, ID`. An id that leads nowhere is a warning with file, line and cure, which stops the build."""

    def run(self):
        known = []
        for id in (part.strip() for part in self.text.split(",")):
            if id in evidence.facts():
                known.append(id)
            else:
                log.warning(
                    "no fact has the id '%s': use an id from book/outsourcing/data (near ones: %s)",
                    id,
                    ", ".join(evidence.near(id)) or "none",
                    location=(self.env.docname, self.lineno),
                )
        return [fact_mark("", facts=known)] * bool(known), []


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
                spaced = "|".join(forms).replace(" ", r"\s+")  # a line of the source may end within a term
                found[fact.id] = re.compile(rf"\b(?:{spaced})s?\b")
    return found


def place(app, doctree, page):
    """Merge the marks, link the terms, and put the list of the page's sources at its end."""
    if app.builder.format != "html":
        for mark in list(doctree.findall(fact_mark)):
            names = dict.fromkeys(citations.about(evidence.fact(id)) for id in mark["facts"])
            mark.replace_self(nodes.Text(f"[{'; '.join(names)}]"))
        return

    def address(fact: evidence.Fact) -> str:
        return f"{app.builder.get_relative_uri(page, fact.page)}#{fact.anchor}"

    with_terms = not page.startswith(NO_TERMS)
    last = own_section(doctree)
    extra = [id for mark in list(last.findall(fact_mark)) for id in mark["facts"]] if last else []
    if last:
        last[:] = [part for part in last if isinstance(part, nodes.title)]
    passages = collect(doctree)
    terms, cited = (patterns(), {}) if with_terms else ({}, {})
    for passage, ids in passages:
        words = " ".join(text.astext() for text in prose(passage))
        for id in [id for id in ids if id in terms and terms[id].search(words)]:
            ids.remove(id)
            cited.setdefault(id, passage)
    passages = neighbours([(passage, ids) for passage, ids in passages if ids])
    numbers = {id: n for n, id in enumerate(dict.fromkeys(id for _, ids in passages for id in ids), 1)}
    for id in extra:
        if id not in terms:
            numbers.setdefault(id, len(numbers) + 1)
    named: dict[str, list[set[str]]] = {}
    for passage, ids in passages:
        name = name_of(ids, isinstance(passage, nodes.table))
        alike = named.setdefault(name, [])
        if set(ids) not in alike:  # two marks of one name mean the same rows
            alike.append(set(ids))
        if n := alike.index(set(ids)):
            name += f" ({n + 1})"
        put(passage, mark_html(ids, numbers, address(evidence.fact(ids[0])), name))
    linked = link_terms(doctree, terms, cited, address)
    if numbers or linked:
        shown = nodes.raw("", list_html(numbers, linked, address), format="html")
        (last or next(iter(doctree.findall(nodes.section)), doctree)).append(shown)


def own_section(doctree) -> nodes.section | None:
    """The chapter's section "Sources"."""
    for section in doctree.findall(nodes.section):
        if isinstance(section[0], nodes.title) and section[0].astext() == "Sources" and section.parent is not doctree:
            return section
    return None


def collect(doctree) -> list[tuple[nodes.Element, list[str]]]:
    """Take the marks out of the text; (passage, the ids it cites), in the page's order."""
    found: dict[int, tuple[nodes.Element, list[str]]] = {}
    for mark in list(doctree.findall(fact_mark)):
        passage = passage_of(mark)
        ids = found.setdefault(id(passage), (passage, []))[1]
        ids += [one for one in mark["facts"] if one not in ids]
        parent, at = mark.parent, mark.parent.index(mark)
        if at and isinstance(parent[at - 1], nodes.Text):
            parent[at - 1] = nodes.Text(parent[at - 1].rstrip())
        parent.remove(mark)
    return list(found.values())


def neighbours(passages: list[tuple[nodes.Element, list[str]]]) -> list[tuple[nodes.Element, list[str]]]:
    """The mark of a paragraph goes on to the passage that follows it at once, if that one is marked too and the paragraph is short,
    or leads to a list or a table, or rests on nothing else."""
    merged: list[tuple[nodes.Element, list[str]]] = []
    for passage, ids in passages:
        if merged:
            before, earlier = merged[-1]
            text = before.astext()
            short = len(text.split()) <= SHORT and isinstance(passage, nodes.paragraph)
            leads = text.rstrip().endswith(":") and not isinstance(passage, nodes.paragraph)
            if follows(passage, before) and (short or leads or set(earlier) <= set(ids)):
                merged.pop()
                ids = list(dict.fromkeys([*earlier, *ids]))
        merged.append((passage, ids))
    return merged


def follows(node: nodes.Element, before: nodes.Element) -> bool:
    """Whether a node stands right after a paragraph, in the same section or box."""
    place = node.parent.index(node)
    return (
        isinstance(before, nodes.paragraph) and before.parent is node.parent and node.parent.index(before) == place - 1
    )


def passage_of(node: nodes.Node) -> nodes.Element:
    """The table, else the outermost list, else the paragraph in which a node stands."""
    above = []
    while (node := node.parent) is not None and not isinstance(node, nodes.section | nodes.document):
        above.append(node)
    for kinds in (nodes.table, LISTS):
        if within := [one for one in above if isinstance(one, kinds)]:
            return within[-1]
    return next(one for one in above if not isinstance(one, nodes.Inline))


def prose(passage: nodes.Element) -> list[nodes.Text]:
    """The texts in which a term may be linked."""
    return [text for text in passage.findall(nodes.Text) if not within(text, NOT_IN) and within(text, nodes.paragraph)]


def put(passage: nodes.Element, mark: str) -> None:
    """A mark at the end of a paragraph, at the end of a list's last paragraph, or in a line under a table."""
    shown = nodes.raw("", mark, format="html")
    if isinstance(passage, nodes.table):
        line = nodes.paragraph(
            "", "", nodes.Text(f"Where this table comes from{JOIN}"), shown, classes=["evidence-line"]
        )
        passage.parent.insert(passage.parent.index(passage) + 1, line)
        return
    ends = [passage, *passage.findall(nodes.paragraph)]
    ends[-1] += [nodes.Text(JOIN), shown]


def name_of(ids: list[str], table: bool) -> str:
    """What a mark is called: "Source: NASSCOM, 2023"."""
    names = list(dict.fromkeys(citations.about(evidence.fact(id)) for id in ids))
    more = [f"{len(names) - NAMED} more"] if len(names) > NAMED else []
    of = " of the table" * table
    return f"Source{'s' * (len(names) > 1)}{of}: {'; '.join([*names[:NAMED], *more])}"


def mark_html(ids: list[str], numbers: dict[str, int], href: str, name: str) -> str:
    of = sorted(numbers[id] for id in ids)
    return (
        f'<a class="evidence" href="{escape(href)}" data-of="{" ".join(map(str, of))}" data-shown="{ranges(of)}">'
        f"<span>{escape(name)}</span></a>"
    )


def ranges(numbers: list[int]) -> str:
    """[1, 2, 3, 7] as 1–3, 7."""
    runs = [[n for _, n in run] for _, run in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0])]
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def link_terms(doctree, terms: dict[str, re.Pattern], cited: dict[str, nodes.Element], address) -> dict[str, str]:
    """Link each term where its passage cites it, else where the page first uses it; {id: the words that are linked}."""
    linked: dict[str, str] = {}
    for text in prose(doctree):
        parts: list[nodes.Node] = []
        rest, done = str(text), 0
        for id, start, end in uses(rest, terms):
            if id in linked or (id in cited and not under(text, cited[id])):
                continue
            linked[id] = rest[start:end]
            fact = evidence.fact(id)
            link = (
                f'<a class="term" href="{escape(address(fact))}" data-of="{fact.anchor}">{escape(rest[start:end])}</a>'
            )
            parts += [nodes.Text(rest[done:start]), nodes.raw("", link, format="html")]
            done = end
        if parts:
            text.parent.replace(text, [part for part in [*parts, nodes.Text(rest[done:])] if part.astext()])
    return linked


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


def under(node: nodes.Node, above: nodes.Node) -> bool:
    while (node := node.parent) is not None:
        if node is above:
            return True
    return False


def list_html(numbers: dict[str, int], linked: dict[str, str], address) -> str:
    """The sources of a page, for the reader who opens them all, for paper, and for evidence.js; and the terms, for evidence.js alone."""
    rows = [entry(n, evidence.fact(id), address) for id, n in sorted(numbers.items(), key=lambda pair: pair[1])]
    words = "".join(definition(evidence.fact(id), address) for id in linked)
    return (
        f'<details class="page-sources"><summary>What this page rests on ({len(rows)})</summary><ol>{"".join(rows)}</ol></details>'
        if rows
        else ""
    ) + (f'<template class="page-terms">{words}</template>' if words else "")


def entry(number: int, fact: evidence.Fact, address) -> str:
    said = citations.of(fact)
    verdict = fact.row.get("verdict")
    judged = f' <b class="verdict verdict-{fact.row["verdict_code"]}">{escape(verdict)}</b>' if verdict else ""
    facts = [
        ("Checked with" if fact.table in CHECKED else "Published by", said.publishers),
        ("Measured?", said.basis),
        ("Reliability", said.reliability),
        ("Who gains", said.gains),
    ]
    rows = "".join(f"<div><dt>{name}</dt><dd>{escape(words)}</dd></div>" for name, words in facts)
    return (
        f'<li id="source-{number}"><p>{escape(said.claim)}{judged}</p>'
        + (f"<p>{escape(said.check)}</p>" if said.check else "")
        + f'<dl>{rows}</dl><p><a class="row" href="{escape(address(fact))}" aria-label="The whole row of source {number}">The whole row</a></p></li>'
    )


def definition(fact: evidence.Fact, address) -> str:
    said = citations.of(fact)
    return (
        f'<div data-term="{fact.anchor}"><p>{escape(said.claim)}</p><dl><div><dt>Source</dt><dd>{escape(said.publishers)}</dd></div>'
        f"<div><dt>Reliability</dt><dd>{escape(said.reliability)}</dd></div></dl>"
        f'<p><a class="row" href="{escape(address(fact))}">In the glossary</a></p></div>'
    )


def setup(app):
    app.add_node(fact_mark)
    app.add_role("fact", FactRole())
    app.connect("doctree-resolved", place)
    app.add_css_file("evidence.css")
    app.add_js_file("evidence.js", loading_method="defer")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
