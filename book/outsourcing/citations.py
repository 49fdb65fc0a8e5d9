"""What a reader is told of a fact: in words, with no id of a row.

The tables name their two texts S0 and S1 and point at rows by id; a reader meets *the vendor's guide*, *the job blog* and the row's own subject.
Who published what, and what kind of publisher that is, stands in `data/publishers.csv`, one address (or its beginning) a line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from outsourcing import evidence
from outsourcing.evidence import Fact

TEXTS = {"S0": "the vendor's guide", "S1": "the job blog"}
SHORT = {"S0": "the guide", "S1": "the blog"}
# What each kind of publisher gains; the names of the publishers follow.
INTERESTS = {
    "vendor": "Sells outsourcing or a service around it, and gains when readers buy",
    "association": "Speaks for its member firms, which sell the service",
    "consultancy": "Sells reports and advice on this market",
    "government": "A public body, which reports on its own work",
    "law": "Sells or publishes advice on the law",
    "research": "A study or a research body; no stake in a sale is known",
    "press": "A newspaper or trade press, which often repeats what firms announce",
    "aggregator": "Collects figures of others to draw visitors",
    "blog": "A blog, a forum or a collection; its interest is not known",
    "jobs": "Lives on people who look for work",
    "data": "A public collection of data; no stake is known",
    "": "Known to us by its address only",
}
WRITERS = {
    "S0": "The guide's author sells outsourcing in the Philippines.",
    "S1": "The blog lives on readers who look for work in India.",
}
BASIS = {
    "definition": "A definition: there is nothing to measure.",
    "comparison": "A comparison in words: nothing was measured by the text itself.",
    "opinion": "An opinion: nothing was measured.",
    "promotion": "Promotion: nothing was measured.",
}
PLANNED = re.compile(r"\b(?:target|goal|forecast|baseline|aim)\b", re.IGNORECASE)
REFERS = re.compile(r"(?:See|As|Same as) (S[01]-\d\d)(?:, S[01]-\d\d)*\.\s*")
ID = re.compile(r"\b(?:S[01]-\d\d|[BDK]\d\d|(?:PH|IN|RO|ZA|EG)\d\d|GVR-\d{4})\b")
YEAR = re.compile(r"(?<!\d)(?:19[89]|20[0-3])\d(?!\d)")


@dataclass(frozen=True)
class Citation:
    """One fact in words.

    `name`: publisher and year, or what the row is about; `claim`: what is claimed; `check`: what we found ("" for nothing to add);
    `publishers`: who published it, with years; `basis`: measured or projected; `reliability`: the word and its reason; `gains`: who gains.
    """

    name: str
    claim: str
    check: str
    publishers: str
    basis: str
    reliability: str
    gains: str


@dataclass(frozen=True)
class Publisher:
    name: str
    kind: str


@lru_cache(maxsize=1)
def known_publishers() -> dict[str, Publisher]:
    """Address, or the beginning of a source's text -> who stands behind it."""
    return {
        row["address"]: Publisher(row["publisher"], row["kind"])
        for _, row in evidence.read(evidence.DATA / "publishers.csv")
    }


def publisher(source: str) -> Publisher:
    """Who stands behind one source. A site without a line in the table is named by its address, with no kind."""
    parts = urlsplit(source)
    place = f"{parts.netloc.removeprefix('www.')}{parts.path}" if parts.scheme.startswith("http") else source
    known = known_publishers()
    begins = [address for address in known if place.startswith(address)]
    return known[max(begins, key=len)] if begins else Publisher(place.partition("/")[0], "")


def in_words(text: str) -> str:
    """A table's text for a reader: S0 and S1 by their names, the id of another row by what that row is about."""
    text = ID.sub(lambda found: about(evidence.facts()[found[0]]) if found[0] in evidence.facts() else found[0], text)
    text = re.sub(r"\b(S[01])('s)", lambda found: SHORT[found[1]] + found[2], text)
    text = re.sub(r"\bS[01]\b", lambda found: TEXTS[found[0]], text)
    return re.sub(r"(?:^|(?<=[.?!] ))(the) (?=vendor's|job|guide|blog)", lambda found: "The ", text)


def about(fact: Fact) -> str:
    """What a fact is called where nothing else is said of it: the text and the topic, the publisher and the year, or the term."""
    row = fact.row
    if fact.table == "seed_claims":
        return f"{TEXTS[row['source']]} on {_topic(row['topic'])}"
    if fact.table == "comparison_dimensions":
        return f"both texts on {row['dimension']}"
    if fact.table == "market_forecasts":
        return f"{in_words(row['publisher'])}, {row['edition'].removesuffix(' edition')}"
    if fact.table == "gvr_vintages":
        return f"Grand View Research, {row['edition'][:4]}"
    if fact.table == "glossary":
        return f"glossary, {row['term']}"
    when: str = row.get("year_or_edition") or row.get("year", "")
    # the name of an index says more than the site that relays it
    if re.search(r"[A-Z]{2}", when):
        return when
    year = YEAR.search(when)
    return ", ".join([publisher(fact.sources[0]).name if fact.sources else "no source", *([year[0]] if year else [])])


def forecast(row: dict) -> tuple[str, str]:
    """(who published a forecast, of what and when): "Gartner Dataquest", "BPO 2001"."""
    name = row["publisher"]
    if unnamed := re.fullmatch(r"not named \((?:.* on |.*, )?(.*)\)", name):
        name = unnamed[1]
    name = re.sub(r"\s*\([^)]*\)|, as relayed.*| in a public repository", "", name)
    year = YEAR.search(row["edition"])
    return _capital(name), " ".join([row["market"].partition(" (")[0], *([year[0]] if year else [])])


def of(fact: Fact) -> Citation:
    """What a reader is told of this fact."""
    row = fact.row
    claim, check, basis = _said(fact)
    texts = {"S0", "S1"} if fact.table == "comparison_dimensions" else {row.get("source", "")} & {"S0", "S1"}
    kinds: dict[str, list[str]] = {}
    for one in map(publisher, fact.sources):
        kinds.setdefault(INTERESTS[one.kind], []).append(one.name)
    gains = [WRITERS[text] for text in sorted(texts)]
    gains += [_sentence(f"{interest}: {_list(names)}") for interest, names in kinds.items()]
    word = row.get("reliability", "")
    reason: str = evidence.RELIABILITY[word]
    return Citation(
        about(fact),
        in_words(claim),
        in_words(check),
        _list([_dated(source) for source in fact.sources]) or "nobody: no source was found",
        basis,
        f"{_capital(word.removesuffix('-aggregator'))} – {reason}" if word else _capital(reason),
        " ".join(gains) or "Not known.",
    )


def _said(fact: Fact) -> tuple[str, str, str]:
    """(what is claimed, what we found, measured or projected)."""
    row = fact.row
    note = _sentence(row.get("note", ""))
    if fact.table == "seed_claims":
        basis = BASIS.get(row["type"], "A figure that the text takes from others.")
        return f"{_capital(TEXTS[row['source']])} says: {row['claim_paraphrase']}", evidence_of(row), basis
    if fact.table == "comparison_dimensions":
        says = [
            f"{_capital(TEXTS[text])}: {_pair(row[f'{seed}_bpo'], row[f'{seed}_kpo'])}."
            for text, seed in (("S0", "seed0"), ("S1", "seed1"))
        ]
        return f"{_capital(row['dimension'])}. {' '.join(says)}", row["external_check"], BASIS["comparison"]
    if fact.table == "market_forecasts":
        basis = (
            f"Projected to {row['period_end']}; only {row['base_year']} is said to be counted."
            if row["period_end"] > row["base_year"]
            else f"An estimate for {row['base_year']}."
        )
        return f"{_capital(row['publisher'])}: {_sentence(row['figure_context'])}", note, basis
    if fact.table == "gvr_vintages":
        rate = (
            f"; {row['forecast_cagr_pct']} % a year forecast to {row['end_year']}" if row["forecast_cagr_pct"] else ""
        )
        claim = (
            f"Grand View Research: {row['base_value_usd_bn']} bn USD in {row['base_year']}{rate}, as others report it."
        )
        return claim, note, f"{row['base_year']} is said to be counted; all later years are projected."
    if fact.table == "glossary":
        long = f" ({row['expansion']})" if row["expansion"] else ""
        return f"{row['term']}{long}: {row['definition']}", "", BASIS["definition"]
    when = row.get("year_or_edition") or row["year"]
    if fact.table == "location_factors":
        between = f" (between {grouped(row['low'])} and {grouped(row['high'])})" if row["low"] else ""
        ours = any(source.startswith("IANA") for source in fact.sources)
        unit = row["unit"]
        size = (
            f"rank {row['value']}{unit.removeprefix('rank')}"
            if unit.startswith("rank")
            else f"{grouped(row['value'])} {unit}"
        )
        claim = f"{row['country']}, {measure(row)}: {size}{between} ({when})."
        return claim, note, "Computed by us." if ours else _basis(row["unit"], when)
    return row["fact"], note, _basis(row["unit"] + " " + row["theme"] + " " + row["fact"], when)


def evidence_of(row: dict) -> str:
    """What we found on a claim. "See S0-08." stands for what was found there."""
    text: str = row["evidence"]
    if refers := REFERS.match(text):
        text = f"{evidence.fact(refers[1]).row['evidence']} {text[refers.end() :]}".strip()
    return text


def _basis(words: str, when: str) -> str:
    if PLANNED.search(words):
        return f"A plan or a forecast ({when})."
    return f"Reported for {when}, not projected." if re.search(r"\d", when) else _sentence(when)


def _pair(bpo: str, kpo: str) -> str:
    silent = {"", "none", "(not stated)"}
    if bpo in silent and kpo in silent:
        return "says nothing"
    return f"BPO: {bpo if bpo not in silent else 'nothing'}; KPO: {kpo if kpo not in silent else 'nothing'}"


def _dated(source: str) -> str:
    """'ILO (as a blog reports it), 2010': the year is the one in the address."""
    year = re.search(r"[/-]((?:19[89]|20[0-3])\d)(?=[/-])", source)
    return publisher(source).name + (f", {year[1]}" if year else "")


def _topic(topic: str) -> str:
    return topic[:1].lower() + topic[1:] if not topic.startswith("Philippines") else topic


def grouped(number: str) -> str:
    """1820000 as 1,820,000."""
    return f"{int(number):,}" if re.fullmatch(r"\d{4,}", number) else number


SPELT = {
    "gsli": "Kearney GSLI",
    "ef epi": "EF EPI",
    "cpi": "CPI",
    "gbs": "GBS",
    "ict": "ICT",
    "gdp": "GDP",
    "bpm": "BPM",
    "bpo": "BPO",
    "cop": "in COP",
    "pct": "in per cent",
    "new york": "New York",
    "london": "London",
    "jan": "in January",
    "jul": "in July",
    "ryan": "Ryan",
    "cushman wakefield": "Cushman & Wakefield",
    "wri": "world risk index",
    "offset": "hours ahead of",
    "overlap": "office hours shared with",
}


def measure(row: dict) -> str:
    """An indicator's key as a heading: gsli_rank_2023 is Kearney GSLI rank 2023."""
    return re.sub(rf"\b({'|'.join(SPELT)})\b", lambda found: SPELT[found[0]], row["indicator"].replace("_", " "))


def _list(names: list[str]) -> str:
    return "; ".join(dict.fromkeys(names))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _sentence(text: str) -> str:
    text = _capital(text.strip())
    return text + "." if text and not text.endswith((".", "?", "!")) else text
