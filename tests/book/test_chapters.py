"""The chapters' text: each on the skeleton, and no number in the prose that does not stand in a row it cites."""
from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
import yaml
from outsourcing import evidence

ROOT = Path(__file__).resolve().parents[2]
TOC = yaml.safe_load((ROOT / "_toc.yml").read_text("utf8"))
PAGES = [TOC["root"], *(chapter["file"] for part in TOC["parts"] for chapter in part["chapters"])]
# Pages of another shape: what the tables hold, the instructor's page, and the pages that only collect questions.
OTHERS = [name for name in PAGES if name.startswith(("book/reference/", "book/instructors/")) or name.endswith(("/review", "/progress"))]
CHAPTERS = [name for name in PAGES if name not in OTHERS or name.endswith("/biased-sources")]
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


def counted() -> set[str]:
    """What a chapter may say of our own tables: how many rows, how many of each verdict, how many of each source."""
    claims = evidence.rows("seed_claims")
    counts = [len(evidence.rows(table)) for table in evidence.TABLES]
    counts += Counter(row["verdict_code"] for row in claims).values()
    return {str(count) for count in counts}


@pytest.mark.parametrize("name", CHAPTERS)
def test_numbers_in_the_prose_stand_in_the_rows_cited(name):
    """A number must stand in a row that its section cites; in a section that cites nothing (what to try, what to remember), in one that the page cites.

    Single digits count things in the text itself and are not looked up.
    """
    text = prose((ROOT / f"{name}.md").read_text("utf8"))
    unfounded = []
    for section in re.split(r"^(?=#{1,3} )", text, flags=re.M):
        title = section.split("\n", 1)[0]
        allowed = known(cited(section) or cited(text)) | counted()
        body = re.sub(r"\{fact\}`[^`]*`|<[^>]*>|\]\([^)]*\)|`[^`]*`|^\d+\. |^#+ .*$", "", section, flags=re.M)
        unfounded += [f"{title}: {found}" for found in NUMBER.findall(body) if plain(found) not in allowed and not re.fullmatch(r"\d", plain(found))]
    assert unfounded == []


@pytest.mark.parametrize("name", CHAPTERS)
def test_chapter_stands_on_the_skeleton(name):
    text = (ROOT / f"{name}.md").read_text("utf8")
    assert 100 <= text.count("\n") <= 260
    headings = re.findall(r"^(#+) (.*)$", prose(text), flags=re.M)
    assert [level for level, _ in headings].count("#") == 1
    titles = [title for level, title in headings if level == "##"]
    wanted = ["After this page you can", "What to remember", "Check yourself", "Sources"]
    assert [title for title in titles if title in wanted] == wanted
    assert "**The question of this page:**" in text
    assert ":::{admonition} An invented case" in text
    assert len(re.findall(r'^ask\("[\w-]+"\)', text, flags=re.M)) >= (2 if name == TOC["root"] else 4)


def test_each_practice_question_is_shown_once():
    """Every question of a questions.yml stands in exactly one chapter beside it."""
    for path in sorted((ROOT / "book").rglob("questions.yml")):
        ids = [question["id"] for question in yaml.safe_load(path.read_text("utf8"))]
        shown = [id for page in path.parent.glob("*.md") for id in re.findall(r'^ask\("([\w-]+)"\)', page.read_text("utf8"), flags=re.M)]
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
        if farms and not re.search(r"as\s+(relayed|reported)\s+by|collects?\s+statistics|statistics\s+farm|aggregator", text, flags=re.I):
            silent.append(f"{name}: {', '.join(farms)}")
    assert silent == []


def sentences(text: str) -> list[str]:
    """The running text of a chapter, sentence by sentence; an item of a list is a sentence too."""
    text = re.sub(r"\{fact\}`[^`]*`|<[^>]*>", "", prose(text))
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
    files = [path for pattern in ("book/**/*.md", "book/**/*.yml", "autograder/questions/*.yml", "exercises/**/*.ipynb", "*.md") for path in ROOT.glob(pattern)]
    run = subprocess.run([Path(sys.executable).parent / "codespell", "--ignore-words-list", "ines,sme,zar", *files], capture_output=True, text=True)
    assert run.returncode == 0, run.stdout
