"""What a reader is told of a fact: publishers by name, no id of a row, measured or projected, and who gains."""

from __future__ import annotations

import re

import pytest

from outsourcing import citations, evidence


def test_every_source_has_a_publisher_with_a_name():
    """A new site needs a line in book/outsourcing/data/publishers.csv: its address, its name, and one of the kinds of citations.INTERESTS."""
    kinds = {one.kind for one in citations.known_publishers().values()}
    assert kinds <= set(citations.INTERESTS) - {""}
    nameless = {
        source for fact in evidence.facts().values() for source in fact.sources if not citations.publisher(source).kind
    }
    assert nameless == set()


def test_a_site_nobody_knows_yet_is_named_by_its_address():
    assert citations.publisher("https://www.example.org/2024/a") == citations.Publisher("example.org", "")


def test_no_fact_is_told_with_an_id():
    for fact in evidence.facts().values():
        said = citations.of(fact)
        words = " ".join(vars(said).values())
        assert not re.search(r"\bS[01]\b|\bS[01]-\d|\b[BDK]\d\d\b|\bGVR-\d", words), (fact.id, words)
        assert said.name and said.claim and said.basis and said.gains, fact.id


@pytest.mark.parametrize(
    "id, name, basis",
    [
        ("B12", "Mordor Intelligence, Jan 2026", "Projected to 2031; only 2026 is said to be counted."),
        ("GVR-2022", "Grand View Research, 2022", "2021 is said to be counted; all later years are projected."),
        ("Philippines/turnover", "ILO (as a blog reports it), 2010", "Reported for 2010, not projected."),
        ("Philippines/gsli_rank_2023", "Kearney GSLI 2023", "Reported for Kearney GSLI 2023, not projected."),
        ("Philippines/overlap_new_york_jan", "IANA time zone data, 2026", "Computed by us."),
        ("PH18", "Daily Tribune, 2022", "A plan or a forecast (2022)."),
        ("PH21", "a handbook on Philippine labour law", "In force."),
        ("S0-03", "the vendor's guide on definition", "A definition: there is nothing to measure."),
    ],
)
def test_a_mark_is_named_and_its_basis_told(id, name, basis):
    said = citations.of(evidence.fact(id))
    assert (said.name, said.basis) == (name, basis)


def test_a_check_that_refers_to_another_row_says_what_was_found_there():
    """S0-11 says "See S0-08."."""
    assert citations.of(evidence.fact("S0-11")).check == citations.of(evidence.fact("S0-08")).check
    both = citations.of(evidence.fact("S0-26")).check
    assert both.startswith("Cost is the usual stated aim") and "never mentions automation" in both


def test_words_for_the_two_texts():
    said = citations.in_words("S0 sells. It is S0's claim, and S1 is silent (see S0-03).")
    assert said == (
        "The vendor's guide sells. It is the guide's claim, and the job blog is silent (see the vendor's guide on definition)."
    )
