"""The facts the course may use: tables of figures and claims, each row with its source and how reliable it is.

The tables are in `data/`. Every fact has an id that prose, questions and widgets cite:

| table | ids |
| --- | --- |
| seed_claims | S0-01 ... S0-42, S1-01 ... S1-22: what the two sources claim |
| comparison_dimensions | D01 ... D25 |
| market_forecasts | B01 ... (BPO), K01 ... (KPO) |
| gvr_vintages | GVR-2020 ... GVR-2026: yearly editions of one publisher |
| state_support | PH01 ..., IN01 ..., RO01, ZA01, EG01 |
| location_factors | COUNTRY/INDICATOR, for example Philippines/ef_epi_2024 |
| glossary | term/TERM, for example term/AHT |
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

DATA = Path(__file__).parent / "data"

# How a table's rows get their ids.
TABLES = {
    "seed_claims": lambda row: row["id"],
    "comparison_dimensions": lambda row: row["id"],
    "market_forecasts": lambda row: row["id"],
    "gvr_vintages": lambda row: f"GVR-{row['edition'][:4]}",
    "state_support": lambda row: row["id"],
    "location_factors": lambda row: f"{row['country']}/{row['indicator']}",
    "glossary": lambda row: f"term/{row['term']}",
}
# The page of the book's reference part that shows a table, where it is not the page of figures.
PAGES = {"seed_claims": "claims", "glossary": "glossary"}
SEEN = "29 November 2026"  # the last day on which the archived copies of the sources were read
SOURCE_COLUMNS = ("source_urls", "source_base", "source_estimate")
RELIABILITY = {
    "high": "official body, law, peer-reviewed, or recomputed from data",
    "medium": "trade press, consultancy, or the publisher's own page",
    "low": "vendor or blog",
    "low-aggregator": "statistics farm: shown as an example, never cited as fact",
    "own term": "a word of this course",
    "": "nobody could check it",
}


class TableError(ValueError):
    """A row that the course may not use; the text names file, line and cure."""


@dataclass(frozen=True)
class Fact:
    """One row of one table. `row` maps column to text; `line` is its line in the file."""

    id: str
    table: str
    row: dict
    line: int

    @property
    def sources(self) -> list[str]:
        """Addresses or descriptions of the sources, in the table's order; empty if the fact is unverifiable."""
        found: list[str] = []
        for column in SOURCE_COLUMNS:
            found += [part.strip() for part in self.row.get(column, "").split(" ; ") if part.strip()]
        return list(dict.fromkeys(found))

    @property
    def anchor(self) -> str:
        """The fact's HTML id on its page of the book."""
        return re.sub(r"[^A-Za-z0-9-]+", "-", self.id).strip("-")

    @property
    def page(self) -> str:
        """The page of the book (a document name from the project's root) that shows the fact."""
        return f"book/reference/{PAGES.get(self.table, 'figures')}"


def read(path: Path) -> list[tuple[int, dict]]:
    """Rows of one CSV file with the line each begins on (the header is line 1)."""
    with open(path, newline="", encoding="utf8") as file:
        reader = csv.reader(file)
        header = next(reader, [])
        rows, line = [], reader.line_num + 1
        for cells in reader:
            if cells:
                if len(cells) != len(header):
                    raise TableError(
                        f"{path}:{line}: {len(cells)} cells where the header has {len(header)}. Put text that holds a comma in double quotes."
                    )
                rows.append((line, dict(zip(header, cells))))
            line = reader.line_num + 1
    return rows


def load(folder: Path = DATA) -> tuple[dict[str, Fact], list[TableError]]:
    """All facts by id, and what is wrong with the tables: a repeated id, an unknown reliability word, a row that cites nothing.

    A row needs a source, or the word `unverifiable` in one of its cells.
    """
    facts: dict[str, Fact] = {}
    errors: list[TableError] = []
    for table, identify in TABLES.items():
        path = folder / f"{table}.csv"
        try:
            rows = read(path)
        except (OSError, UnicodeDecodeError) as error:
            errors.append(TableError(f"{path}:1: cannot be read ({error}). Put the table back."))
            continue
        except TableError as error:
            errors.append(error)
            continue
        for line, row in rows:
            try:
                fact = Fact(identify(row), table, row, line)
            except KeyError as error:
                errors.append(TableError(f"{path}:1: the column {error} is missing. Add it to the header."))
                break
            if fact.id in facts:
                errors.append(
                    TableError(
                        f"{path}:{line}: the id {fact.id} stands on line {facts[fact.id].line} already. Give this row an id of its own."
                    )
                )
                continue
            if row.get("reliability", "") not in RELIABILITY:
                words = ", ".join(word for word in RELIABILITY if word)
                errors.append(
                    TableError(
                        f"{path}:{line}: {fact.id} has the reliability '{row['reliability']}'. Use one of: {words}."
                    )
                )
            if not fact.sources and not any("unverifiable" in cell for cell in row.values()):
                errors.append(
                    TableError(
                        f"{path}:{line}: {fact.id} has no source. Fill the column {next((c for c in SOURCE_COLUMNS if c in row), 'source_urls')}, "
                        "or mark the row 'unverifiable'."
                    )
                )
            facts[fact.id] = fact
    return facts, errors


@lru_cache(maxsize=1)
def facts() -> dict[str, Fact]:
    """All facts of the course by id. Raises TableError, with every mistake in its text, if a table is not in order."""
    found, errors = load()
    if errors:
        raise TableError("\n".join(map(str, errors)))
    return found


def fact(id: str) -> Fact:
    """One fact. Raises KeyError that names near ids."""
    try:
        return facts()[id]
    except KeyError:
        raise KeyError(f"no fact has the id '{id}'; near ones: {', '.join(near(id)) or 'none'}") from None


def text_of(id: str) -> str:
    """All cells of one fact's row, as text. Raises KeyError that names near ids."""
    return " ".join(fact(id).row.values())


def near(id: str) -> list[str]:
    """Up to three known ids that look like `id`."""
    import difflib

    return difflib.get_close_matches(id, list(facts()), n=3, cutoff=0.5)


def rows(table: str) -> list[dict]:
    """The rows of one table in its order, each a dict of column name to text (empty cells are '')."""
    if table not in TABLES:
        raise KeyError(f"no table '{table}'; the tables are {', '.join(TABLES)}")
    return [found.row for found in facts().values() if found.table == table]
