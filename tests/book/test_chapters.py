"""The chapters' text: each on the skeleton, and every number of the prose taken from a row that the page cites."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
import yaml

import outsourcing.widgets
from outsourcing import evidence
from outsourcing.values import value

ROOT = Path(__file__).resolve().parents[2]
TOC = yaml.safe_load((ROOT / "_toc.yml").read_text("utf8"))
PAGES = [TOC["root"], *(chapter["file"] for part in TOC["parts"] for chapter in part["chapters"])]
# Pages of another shape: what the tables hold, the instructor's page, and the pages that only collect questions.
OTHERS = [
    name
    for name in PAGES
    if name.startswith(("book/reference/", "book/teaching/", "book/samples/"))
    or name.endswith(("/review", "/progress", "/home"))
]
CHAPTERS = [name for name in PAGES if name not in OTHERS or name.endswith("/biased-sources")]
WIDGETS = sorted((ROOT / "book/outsourcing/widgets").glob("*.py"))
NUMBER = re.compile(r"(?<![\w.-])\d[\d,]*(?:\.\d+)?(?!\w)")


def plain(number: str) -> str:
    """1,820,000 and 48.50 as 1820000 and 48.5."""
    number = number.strip(",").replace(",", "")
    return number.rstrip("0").rstrip(".") if "." in number else number


def numbers(text: str) -> set[str]:
    return {plain(found) for found in re.findall(r"\d[\d,]*(?:\.\d+)?", text)}


def prose(text: str) -> str:
    """A chapter without its header, its code and its invented case."""
    text = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.S)
    text = re.sub(r"^```.*?^```", "", text, flags=re.S | re.M)
    return re.sub(r"^:::\{admonition\} An invented.*?^:::", "", text, flags=re.S | re.M)


def cited(text: str) -> list[str]:
    return [id.strip() for group in re.findall(r"\{fact\}`([^`]*)`", text) for id in group.split(",")]


def known(ids: list[str]) -> set[str]:
    return numbers(" ".join(cell for id in ids for cell in evidence.fact(id).row.values()))


# What may stand in digits, because it is no quantity: years and dates, clock times, numbers of laws, a name, "of 100".
NO_QUANTITY = re.compile(
    r"(?<![\d,])(?:1[89]|20)\d\d(?:-\d\d)?(?!\d)|\d+ March|\d?\d:\d\d|9 to 17|RA \d+|Article \d+|24/7|(?:of|in) 100\b"
)
# a rule of thumb of the page itself, in per cent; no table knows it
OWN_RULES = {"book/market/reading-reports": {"20"}}
DIGITS = set("0123456789")
SCALES = {"100", "320"}  # where a drawn scale begins or ends


def values(text: str) -> list[str]:
    return re.findall(r"\{value\}`([^`]*)`", text)


def resolved(text: str) -> str:
    """The text as the book prints it, with each {value} in its place."""
    return re.sub(r"\{value\}`([^`]*)`", lambda role: value(role[1]), text)


@pytest.mark.parametrize("name", CHAPTERS)
def test_numbers_in_the_prose_come_from_the_tables(name):
    """A quantity is a {value} of a row that the page cites. A year or a clock time is typed, and stands in a row that its section cites.

    Single digits count things in the text itself and are not looked up.
    """
    text = prose((ROOT / f"{name}.md").read_text("utf8"))
    typed, undated = [], []
    for section in re.split(r"^(?=#{1,3} )", text, flags=re.M):
        body = re.sub(
            r"\{fact\}`[^`]*`|\{value\}`[^`]*`|<[^>]*>|\]\([^)]*\)|`[^`]*`|^\d+\. |^#+ .*$", "", section, flags=re.M
        )
        undated += sorted(
            numbers(" ".join(NO_QUANTITY.findall(body))) - known(cited(section) or cited(text)) - DIGITS - {"100"}
        )
        typed += NUMBER.findall(NO_QUANTITY.sub("", body))
    assert {plain(found) for found in typed} - OWN_RULES.get(name, set()) - DIGITS == set()
    assert undated == []
    pointed = {
        re.split(r'[."]', reference)[0].strip() for reference in values(text) if not reference.startswith("count ")
    }
    assert pointed - set(cited(text)) == set()


@pytest.mark.parametrize(
    "path", [*(f"{name}.md" for name in PAGES), *(path.relative_to(ROOT).as_posix() for path in WIDGETS)]
)
def test_numbers_in_code_come_from_the_tables(path):
    """Title and alt text of a figure, and what a widget starts with: no quantity is typed that could be read from a table.

    A whole number that a widget is given is an assumption to start from (a weight, a share); one with decimals would be somebody's finding.
    """
    text = (ROOT / path).read_text("utf8")
    code = (
        "\n".join(re.findall(r"^```\{code-cell\}.*?\n((?!:tags:).*?)^```", text, flags=re.S | re.M))
        if path.endswith(".md")
        else text
    )
    typed = []
    for call in ast.walk(ast.parse(re.sub("^:tags:.*$", "", code, flags=re.M))):
        if not isinstance(call, ast.Call):
            continue
        words = [
            node.value
            for keyword in call.keywords
            if keyword.arg in ("title", "alt")
            for node in ast.walk(keyword.value)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        ]
        typed += [
            found
            for word in words
            for found in NUMBER.findall(NO_QUANTITY.sub("", word))
            if len(found) > 1 and found not in SCALES
        ]
        if ast.unparse(call.func) in ("t.Float", "t.Int", *outsourcing.widgets.__all__):
            typed += [
                str(node.value)
                for node in ast.walk(call)
                if isinstance(node, ast.Constant) and isinstance(node.value, float) and node.value % 1
            ]
    assert typed == []


@pytest.mark.parametrize("name", CHAPTERS)
def test_chapter_stands_on_the_skeleton(name):
    text = (ROOT / f"{name}.md").read_text("utf8")
    asks = re.findall(r"^```.*?^```\n\n?", text, flags=re.S | re.M)
    # the self-checks are written elsewhere
    written = text.count("\n") - sum(cell.count("\n") for cell in asks if 'ask("' in cell)
    assert 100 <= written <= 250
    headings = re.findall(r"^(#+) (.*)$", prose(text), flags=re.M)
    assert [level for level, _ in headings].count("#") == 1
    titles = [title for level, title in headings if level == "##"]
    wanted = ["After this page you can", "What to remember", "Check yourself", "Sources"]
    assert [title for title in titles if title in wanted] == wanted
    assert "**The question of this page:**" in text
    assert ":::{admonition} An invented case" in text
    assert len(re.findall(r'^ask\("[\w-]+"\)', text, flags=re.M)) >= (2 if name == "book/about" else 4)


def test_each_practice_question_is_shown_once():
    """Every question of a questions.yml stands in exactly one chapter beside it."""
    for path in sorted((ROOT / "book").rglob("questions.yml")):
        ids = [question["id"] for question in yaml.safe_load(path.read_text("utf8"))]
        shown = [
            id
            for page in path.parent.glob("*.md")
            for id in re.findall(r'^ask\("([\w-]+)"\)', page.read_text("utf8"), flags=re.M)
        ]
        assert Counter(shown) == Counter(ids), path


def test_every_claim_is_taught_in_a_chapter():
    taught = {id for name in CHAPTERS for id in cited((ROOT / f"{name}.md").read_text("utf8"))}
    assert [row["id"] for row in evidence.rows("seed_claims") if row["id"] not in taught] == []


def test_no_statistics_farm_is_cited_without_saying_that_it_relays():
    """A figure that reached us only through a site that collects figures is an example: the page that shows it says so."""
    silent = []
    for name in CHAPTERS:
        text = (ROOT / f"{name}.md").read_text("utf8")
        farms = [id for id in cited(text) if evidence.fact(id).row.get("reliability") == "low-aggregator"]
        if farms and not re.search(
            r"as\s+(relayed|reported)\s+by|collects?\s+statistics|statistics\s+farm|aggregator", text, flags=re.I
        ):
            silent.append(f"{name}: {', '.join(farms)}")
    assert silent == []


def sentences(text: str) -> list[str]:
    """The running text of a chapter, sentence by sentence; an item of a list is a sentence too."""
    text = re.sub(r"\{fact\}`[^`]*`|<[^>]*>", "", resolved(prose(text)))
    text = re.sub(r"^(\||#+ |:::).*$", "", text, flags=re.M)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", re.sub(r"(\d)[.](\d)", r"\1\2", text))
    text = re.sub(r"^(?:[-*]|\d+[.]) ", ". ", text, flags=re.M)
    return [found for found in re.split(r"(?<=[.?!:])\s+|\n\n", text) if len(re.findall(r"[A-Za-z]{2,}", found)) > 1]


@pytest.mark.parametrize("name", PAGES)
def test_text_is_plain(name):
    """LIX (Björnsson 1968): words a sentence plus the percentage of words of more than six letters. Under 40 reads easily."""
    found = sentences((ROOT / f"{name}.md").read_text("utf8"))
    words = [word for sentence in found for word in re.findall(r"[A-Za-z'’-]+", sentence)]
    lix = len(words) / len(found) + 100 * sum(len(word) > 6 for word in words) / len(words)
    assert lix < 40, f"LIX {lix:.0f}"
    assert [sentence for sentence in found if len(sentence.split()) > 45] == []


def test_spelling():
    files = [
        path
        for pattern in ("book/**/*.md", "book/**/*.yml", "autograder/questions/*.yml", "exercises/**/*.ipynb", "*.md")
        for path in ROOT.glob(pattern)
    ]
    run = subprocess.run(
        [Path(sys.executable).parent / "codespell", "--ignore-words-list", "ines,sme,zar", *files],
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout
