"""The fact tables: complete, checked, and a mistake in them or in a question file stops the build with file, line and cure."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from outsourcing import evidence

DATA = Path(evidence.__file__).parent / "data"


def test_tables_hold_what_the_sources_say():
    counts = {table: len(evidence.rows(table)) for table in evidence.TABLES}
    assert counts == {
        "seed_claims": 64,
        "comparison_dimensions": 25,
        "market_forecasts": 50,
        "gvr_vintages": 7,
        "state_support": 35,
        "location_factors": 213,
        "glossary": 73,
    }
    assert evidence.fact("S0-23").row["verdict"] == "value contested; confirmed as quoted"
    assert evidence.fact("Philippines/ef_epi_2024").row["value"] == "570"


def test_anchors_are_unique_on_each_page():
    places = [(fact.page, fact.anchor.lower()) for fact in evidence.facts().values()]
    assert len(set(places)) == len(places)


def test_unknown_fact_names_near_ones():
    with pytest.raises(KeyError, match="near ones: .*S0-4"):
        evidence.fact("S0-4O")


@pytest.fixture
def tables(tmp_path):
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def change(path: Path, old: str, new: str) -> int:
    """Replace the first `old` in a file; the line it stands on."""
    text = path.read_text("utf8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf8")
    return text[: text.index(old)].count("\n") + 1


@pytest.mark.parametrize(
    "table, old, new, says",
    [
        ("seed_claims", "No figure or date given.,,,Vague trend claim.", "No figure or date given.,,,", None),
        (
            "seed_claims",
            "unverifiable,unverifiable,No figure or date given.",
            "contested,contested,No figure or date given.",
            "S0-02 has no source. Fill the column source_urls, or mark the row 'unverifiable'.",
        ),
        (
            "seed_claims",
            "S0-04,S0,",
            "S0-03,S0,",
            "the id S0-03 stands on line 4 already. Give this row an id of its own.",
        ),
        (
            "seed_claims",
            "S0-05,S0,buyer context",
            "S0-05,S0,buyer, context",
            "13 cells where the header has 12. Put text that holds a comma in double quotes.",
        ),
        (
            "comparison_dimensions",
            ",medium,toggle row 1",
            ",trusted,toggle row 1",
            "D02 has the reliability 'trusted'. Use one of: high, medium, low",
        ),
    ],
)
def test_a_bad_row_is_named_with_line_and_cure(tables, table, old, new, says):
    line = change(tables / f"{table}.csv", old, new)
    _, errors = evidence.load(tables)
    if says is None:
        assert errors == []
    else:
        assert len(errors) == 1
        assert str(errors[0]).startswith(f"{tables / table}.csv:{line}: {says}"), errors


def test_a_missing_table_is_named(tables):
    (tables / "glossary.csv").unlink()
    _, errors = evidence.load(tables)
    assert len(errors) == 1 and "glossary.csv:1: cannot be read" in str(errors[0])


def test_build_stops_at_bad_rows_bad_questions_and_unknown_facts(root, tmp_path):
    """One small book with six mistakes: `make build`'s own command fails and names each with file, line and cure."""
    book = tmp_path / "course"
    shutil.copytree(root / "book", book / "book", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(root / "_config.yml", book)
    (book / "_toc.yml").write_text("format: jb-book\nroot: book/page\n")
    (book / "book/page.md").write_text(
        '# A page\n\nIt rests on nothing {fact}`S9-99`, on {value}`GVR-2022.bas` and on {value}`D25 "# % of robots"`.\n'
    )
    row = change(book / "book/outsourcing/data/state_support.csv", "PH02,Philippines,", "PH01,Philippines,")
    wide = change(book / "book/outsourcing/data/seed_claims.csv", ",Vague trend claim.", ",Vague, a trend claim.")
    (book / "book/foundations/questions.yml").write_text(
        "- id: odd-01\n  use: practice\n  kind: riddle\n  objective: guess\n  points: 1\n  prompt: Why?\n  sources: [S0-03]\n"
    )
    run = subprocess.run(
        [Path(sys.executable).parent / "jupyter-book", "build", ".", "--quiet", "-W", "-n", "--keep-going"],
        cwd=book,
        capture_output=True,
        text=True,
    )
    said = run.stdout + run.stderr
    assert run.returncode != 0
    assert (
        f"book/outsourcing/data/state_support.csv:{row}: the id PH01 stands on line 2 already. Give this row an id of its own."
        in said
    )
    assert f"book/outsourcing/data/seed_claims.csv:{wide}: 13 cells where the header has 12." in said
    assert "rests on the unknown fact" not in said  # the questions are sound: only their table could not be read
    assert "book/foundations/questions.yml:3: " in said and "riddle" in said
    assert "page.md:3: WARNING: no fact has the id 'S9-99': use an id from book/outsourcing/data" in said
    assert "page.md:3: WARNING: no single column is meant by 'bas'; near ones: base_year, base_value_usd_bn" in said
    assert "page.md:3: WARNING: D25 has 0 numbers at '# % of robots'" in said
