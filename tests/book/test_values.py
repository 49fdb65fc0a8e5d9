"""Numbers by reference: what a reference leads to, and what it says when it leads nowhere. Expected numbers are read off the tables' files by eye."""

from __future__ import annotations

import pytest

from outsourcing.values import number, value


@pytest.mark.parametrize(
    "reference, printed",
    [
        ("GVR-2022.base_value", "245.9"),
        ("GVR-2022.forecast_cagr", "9.1"),
        ("GVR-2020.forecast_cagr_pct:g", "8"),
        ("Philippines/industry_workforce.value:,", "1,820,000"),
        ("South Africa/ef_epi_2024.value", "594"),
        ('D25 "#% at risk"', "14"),
        ('S1-18 "will get #-#"', "60-70"),
        ('IN06 "# direct"', "150,000"),
        ("count seed_claims", "64"),
        ("count seed_claims verdict_code=outdated", "2"),
    ],
)
def test_a_reference_prints_the_number_of_its_row(reference, printed):
    assert value(reference) == printed


def test_a_number_for_arithmetic():
    assert number('IN06 "# direct"') == 150000


@pytest.mark.parametrize(
    "reference, says",
    [
        ("GVR-2022.base", "near ones: base_year, base_value_usd_bn"),
        ("D2.id", "no fact has the id 'D2'; near ones: D2"),
        ('D25 "#%"', "D25 has 2 numbers at '#%'"),
        ('D25 "# robots"', "D25 has 0 numbers at '# robots'"),
        ("S0-03.source", "is no number"),
        ("GVR-2022", "is no reference to a number"),
        ("count claims", "no table 'claims'"),
    ],
)
def test_a_reference_that_leads_nowhere_says_what_is_near(reference, says):
    with pytest.raises(KeyError, match=says):
        value(reference)
