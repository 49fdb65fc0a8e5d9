"""Facts in the book (Sphinx extension): their numbers in the text, the pages that show every row, and the checks before a build.

    {value}`GVR-2022.base_value`  a number of a row (outsourcing.values says how to point at one)
    ```{facts} seed_claims        every row of a table, each with its anchor
    :only: S0                     (rows whose id begins so)
    ```
    ```{sources}                  every source once, with the rows that rest on it
    ```

The tables, the ids and the rules are in `outsourcing.evidence`; course_evidence.py cites a fact in a text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import groupby
from pathlib import Path
from urllib.parse import urlsplit

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from courseware.questions import check_folder
from outsourcing import evidence, values
from outsourcing.citations import grouped, measure

log = logging.getLogger(__name__)


class ValueRole(SphinxRole):
    """{value}`GVR-2022.base_value`: the number itself, as plain text."""

    def run(self):
        for table in evidence.TABLES:
            self.env.note_dependency(str(evidence.DATA / f"{table}.csv"))
        try:
            return [nodes.Text(values.value(self.text))], []
        except (KeyError, ValueError) as error:
            log.warning("%s", error.args[0], location=(self.env.docname, self.lineno))
            return [], []


def cite(page: str, fact: evidence.Fact) -> nodes.Node:
    """A link from `page` to a fact's row; `resolve` gives it its address."""
    return addnodes.pending_xref(
        "", nodes.inline("", short(fact)), refdomain="", reftype="fact", reftarget=fact.id, refdoc=page, refwarn=True
    )


def resolve(app, env, node, contnode):
    """The link of one row's id; its tooltip says in short what the row says."""
    if node.get("reftype") != "fact":
        return None
    fact = evidence.fact(node["reftarget"])
    address = f"{app.builder.get_relative_uri(node['refdoc'], fact.page)}#{fact.anchor}"
    return nodes.reference("", "", contnode, refuri=address, reftitle=summary(fact), internal=True, classes=["fact"])


def short(fact: evidence.Fact) -> str:
    """What a link shows: the id, or for long ids the part that the sentence does not say anyway."""
    kind, _, rest = fact.id.partition("/")
    return {"glossary": "glossary", "location_factors": f"{kind} figure"}.get(fact.table, fact.id)


def summary(fact: evidence.Fact) -> str:
    row = fact.row
    return {
        "seed_claims": lambda: f"{row['source']} claims: {row['claim_paraphrase']} Verdict: {row['verdict']}.",
        "comparison_dimensions": lambda: f"Comparison row: {row['dimension']}",
        "market_forecasts": lambda: f"{row['publisher']}: {row['figure_context']}",
        "gvr_vintages": lambda: f"Grand View Research, {row['edition']} edition, as reported by others",
        "state_support": lambda: row["fact"],
        "location_factors": lambda: (
            f"{row['country']}: {grouped(row['value'])} {row['unit']}, {row['year_or_edition']}"
        ),
        "glossary": lambda: f"{row['term']}: {row['definition']}",
    }[fact.table]()


class FactsDirective(SphinxDirective):
    """All rows of one table, as a list in which each row can be linked to."""

    required_arguments = 1
    option_spec = {"only": directives.unchanged}

    def run(self):
        table = self.arguments[0]
        if table not in DRAW:
            raise self.error(f"no table '{table}' can be shown; choose one of: {', '.join(DRAW)}")
        self.env.note_dependency(str(evidence.DATA / f"{table}.csv"))
        chosen = [
            fact
            for fact in evidence.facts().values()
            if fact.table == table and fact.id.startswith(self.options.get("only", ""))
        ]
        group, draw = DRAW[table]
        order = [group(fact.row) for fact in chosen]
        # rows of one group together, groups as they first come
        chosen.sort(key=lambda fact: order.index(group(fact.row)))
        out: list[nodes.Node] = []
        for name, members in groupby(chosen, key=lambda fact: group(fact.row)):
            if name:
                out.append(
                    nodes.paragraph("", "", nodes.strong("", name[0].upper() + name[1:]), classes=["fact-group"])
                )
            rows = nodes.bullet_list(classes=["fact-rows"])
            for fact in members:
                rows += nodes.list_item("", *draw(fact), ids=[fact.anchor], classes=["fact-row"])
            out.append(rows)
        return out


class SourcesDirective(SphinxDirective):
    """Every source of every table once, with the rows that rest on it."""

    def run(self):
        rests: dict[str, list[evidence.Fact]] = {}
        for fact in evidence.facts().values():
            for source in fact.sources:
                rests.setdefault(source, []).append(fact)
        out = nodes.bullet_list(classes=["fact-rows"])
        for source in sorted(rests, key=lambda text: (not text.startswith("http"), host(text).lower(), text)):
            links: list[nodes.Node | str] = [f"{len(rests[source])} row{'s' * (len(rests[source]) > 1)}: "]
            for n, fact in enumerate(rests[source][:SHOWN]):
                links += [" "] * bool(n) + [cite(self.env.docname, fact)]
            if len(rests[source]) > SHOWN:
                links.append(f" and {len(rests[source]) - SHOWN} more")
            address = line(*linked(source, lambda url: url), classes=["source-address"])
            out += nodes.list_item("", address, line(*links, classes=["fact-sources"]), classes=["fact-row"])
        return [
            line(
                f"{len(rests)} sources, each last seen as an archived copy up to {evidence.SEEN}. Their pages may have changed or gone since."
            ),
            out,
        ]


SHOWN = 12  # rows listed under one source


def host(address: str) -> str:
    return re.sub(r"^www\.", "", urlsplit(address).netloc) if address.startswith("http") else address


def linked(source: str, shown: Callable[[str], str]) -> list[nodes.Node | str]:
    """A source's text with each address in it as a link: it may name a file or a commit beside the address, or two addresses."""
    pieces = re.split(r"(https?://\S+)", source)
    return [
        nodes.reference("", shown(piece), refuri=piece) if piece.startswith("http") else piece
        for piece in pieces
        if piece
    ]


def line(*parts: nodes.Node | str, classes=()) -> nodes.paragraph:
    """A paragraph of text and nodes."""
    return nodes.paragraph(
        "", "", *(nodes.Text(part) if isinstance(part, str) else part for part in parts), classes=list(classes)
    )


def sources(fact: evidence.Fact) -> nodes.paragraph:
    """'Sources: statista.com, ... Reliability: medium.' An address is a link, anything else stands as it is."""
    parts: list[nodes.Node | str] = []
    for source in fact.sources:
        parts.append(", " if parts else "Sources: " if len(fact.sources) > 1 else "Source: ")
        parts += linked(source, host)
    reliability = fact.row.get("reliability", "")
    if not parts:
        parts = ["No source."]
    elif reliability:
        parts.append(f". Reliability: {reliability}.")
    return line(*parts, classes=["fact-sources"])


def name(fact: evidence.Fact) -> nodes.strong:
    return nodes.strong("", fact.id)


def claim(fact):
    row = fact.row
    verdict = nodes.inline("", row["verdict"], classes=["verdict", f"verdict-{row['verdict_code']}"])
    drawn = [line(name(fact), " ", verdict, f" {row['type']}", classes=["fact-head"]), line(row["claim_paraphrase"])]
    if row["evidence"]:
        drawn.append(line(nodes.emphasis("", "Evidence. "), row["evidence"]))
    if row["teaching_note"]:
        drawn.append(line(nodes.emphasis("", "Note. "), row["teaching_note"]))
    return [*drawn, sources(fact)]


def dimension(fact):
    row = fact.row
    cells = [
        f"{who} on {what}: {row[key] or 'says nothing'}."
        for who, key in (("S0", "seed0"), ("S1", "seed1"))
        for what, key in (("BPO", f"{key}_bpo"), ("KPO", f"{key}_kpo"))
    ]
    return [
        line(name(fact), f" {row['dimension']}: ", nodes.emphasis("", row["agreement"]), classes=["fact-head"]),
        line(" ".join(cells)),
        line(nodes.emphasis("", "Outside check. "), row["external_check"]),
        sources(fact),
    ]


def edition(fact):
    row = fact.row
    rate = (
        f"{row['forecast_cagr_pct']} % a year forecast to {row['end_year']}"
        if row["forecast_cagr_pct"]
        else "no growth rate stated"
    )
    relayed = " As relayed by others." if row["reliability"].startswith("low") else ""
    return [
        line(
            name(fact),
            f" {row['edition']} edition: {row['base_value_usd_bn']} bn USD in {row['base_year']}, estimate "
            f"{row['estimate_value_usd_bn']} bn for {row['estimate_year']}, {rate}.{relayed}",
        ),
        *note(fact),
    ]


def forecast(fact):
    row = fact.row
    return [
        line(name(fact), f" {row['publisher']} ({row['edition']}): {row['figure_context']}.", classes=["fact-head"]),
        line(f"Scope: {row['scope_note']}. Arithmetic: {row['arithmetic'] or 'not checked'}."),
        *note(fact),
    ]


def support(fact):
    row = fact.row
    return [line(name(fact), f" {row['fact']} ({row['year']})"), *note(fact)]


def factor(fact):
    row = fact.row
    between = f" (between {grouped(row['low'])} and {grouped(row['high'])})" if row["low"] else ""
    return [
        line(
            nodes.strong("", row["country"]),
            f": {grouped(row['value'])} {row['unit']}{between}; {row['year_or_edition']}",
        ),
        *note(fact),
    ]


def term(fact):
    row = fact.row
    return [
        line(
            nodes.strong("", row["term"]),
            f" ({row['expansion']})" if row["expansion"] else "",
            f": {row['definition']}",
        ),
        sources(fact),
    ]


def note(fact):
    text = fact.row.get("note", "").strip()
    return [line(nodes.emphasis("", "Note. "), text + ("" if text.endswith(".") else "."))] * bool(text) + [
        sources(fact)
    ]


# table: (how its rows are grouped, how one row is drawn)
DRAW = {
    "seed_claims": (lambda row: row["topic"], claim),
    "comparison_dimensions": (lambda row: "", dimension),
    "gvr_vintages": (lambda row: "", edition),
    "market_forecasts": (lambda row: row["market"], forecast),
    "state_support": (lambda row: row["country"], support),
    "location_factors": (measure, factor),
    "glossary": (lambda row: "", term),
}


def check(app):
    """Before anything is built: every mistake in a table or a question file, with file, line and cure."""
    root = Path(app.srcdir)
    facts, errors = evidence.load(root / "book/outsourcing/data")
    # a broken table has no rows: each question that rests on one would be reported too
    known = None if errors else set(facts)
    for error in [*errors, *check_folder(root / "book", known)]:
        log.warning(str(error).replace(f"{root}/", ""))


def setup(app):
    app.add_role("value", ValueRole())
    app.add_directive("facts", FactsDirective)
    app.add_directive("sources", SourcesDirective)
    app.connect("missing-reference", resolve)
    app.connect("builder-inited", check)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
