"""What a seat costs a year: pay from a published survey, and around it the costs that a price list leaves out.

Money is US dollars, shares and rates are fractions, hours are paid hours. Only pay, the Philippine night premium and the
cost of choosing a vendor have a source; every other input of `seat_cost` is an assumption of whoever asks, and each line
of its answer says which of the two it is. No workplace, technology, telephone line, tax or provider's margin is in it:
nobody publishes them by country in a form that this course could check.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

from outsourcing import evidence
from outsourcing.staffing import CONTRACT_YEAR, night_premium, round_up

# what a line of the answer rests on
SOURCED, MIXED, ASSUMED = ("published", "published rate on an assumption", "assumption")

PRICE_PARTS = {
    "agent_pay": "agents' pay",
    "management": "management",
    "support": "support",
    "facilities_technology": "facilities and technology",
    "telecom": "telecom",
    "margin": "margin",
}


def _amount(name: str, value: float, above: bool = False) -> float:
    if not (isinstance(value, (int, float)) and math.isfinite(value) and (value > 0 if above else value >= 0)):
        raise ValueError(f"{name} is {value!r}: give a number {'above 0' if above else 'of 0 or more'}.")
    return value


@dataclass(frozen=True)
class Span:
    """A published range and its middle."""

    low: float
    mid: float
    high: float


@dataclass(frozen=True)
class AgentPay:
    """Pay of a call-centre agent in one country: base wage (USD an hour), bonus and benefits (fractions of it), and who says so."""

    country: str
    base: Span
    bonus: Span
    benefits: Span
    year: str
    source: str

    def loaded(self, end: str = "mid") -> float:
        """The loaded wage with all three values at one end of their ranges: "low", "mid" or "high"."""
        return loaded_wage(getattr(self.base, end), getattr(self.bonus, end), getattr(self.benefits, end))


def _span(id: str, scale: float = 1) -> Span:
    row = evidence.fact(id).row
    return Span(*(float(row[column]) / scale for column in ("low", "value", "high")))


def agent_pay() -> dict[str, AgentPay]:
    """Country -> published pay of agents (table location_factors): only countries that one survey covers, so that they can be compared."""
    found = {}
    for row in evidence.rows("location_factors"):
        if row["indicator"] == "agent_base_wage_2024" and row["value"]:
            name = row["country"]
            found[name] = AgentPay(
                name,
                _span(f"{name}/agent_base_wage_2024"),
                _span(f"{name}/agent_bonus_2024", 100),
                _span(f"{name}/agent_benefit_load_2024", 100),
                row["year_or_edition"],
                row["source_urls"],
            )
    return found


def night_premium_by_law() -> float:
    """The least extra pay for an hour at night in the Philippines, a fraction of the wage (fact PH21). No other country's law is in the tables."""
    return float(evidence.fact("PH21").row["value"]) / 100


def vendor_selection() -> Span:
    """The cost of choosing a vendor, a fraction of the contract's value: the line of a magazine's table of 2003 that a second page confirms."""
    return _span("Any country/vendor_selection_share", 100)


def price_breakdown() -> dict[str, float]:
    """Part -> fraction of the hourly price, as one vendor in the Philippines breaks it down (2021): a vendor's word, to compare with."""
    return {
        name: float(evidence.fact(f"Philippines/price_share_{part}").row["value"]) / 100
        for part, name in PRICE_PARTS.items()
    }


# ---- rules -------------------------------------------------------------------------------------------------------


def loaded_wage(base: float, bonus: float, benefits: float) -> float:
    """What an hour of pay costs the employer: base * (1 + bonus + benefits), bonus and benefits as fractions of the base."""
    return _amount("base", base) * (1 + _amount("bonus", bonus) + _amount("benefits", benefits))


def price_from_pay(pay: float, share: float) -> float:
    """The price of an hour of which agents' pay is the fraction `share`: pay / share."""
    return _amount("pay", pay) / _amount("share", share, above=True)


def attrition_cost(people: float, rate: float, replacing: float) -> float:
    """Cost of leavers a year: people * rate a year * cost of replacing one (hiring, training, the slow first weeks)."""
    return _amount("people", people) * _amount("rate", rate) * _amount("replacing", replacing)


def scale_attrition_cost(cost: float, rate: float, new_rate: float) -> float:
    """A known cost of attrition at another rate, all else alike: it grows as the rate does."""
    return _amount("cost", cost) * _amount("new_rate", new_rate) / _amount("rate", rate, above=True)


def applicants_needed(vacancies: float, hire_rate: float) -> int:
    """Applicants to see for so many vacancies when the fraction `hire_rate` (at most 1) of them can be hired."""
    if _amount("hire_rate", hire_rate, above=True) > 1:
        raise ValueError(f"hire_rate is {hire_rate!r}: give a fraction of at most 1, for example 0.05 for 5 of 100.")
    return round_up(_amount("vacancies", vacancies) / hire_rate)


def selection_cost(contract_value: float, share: float) -> float:
    """Cost of choosing a vendor: a fraction `share` of the contract's value."""
    return _amount("contract_value", contract_value) * _amount("share", share)


# ---- a seat and year ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Assumptions:
    """What no table of this course knows. The defaults are round numbers to start from, not findings.

    hours: paid a seat and year; night_share: of them, between 22:00 and 06:00; premium: on the base wage of such an hour;
    attrition: leavers a year as a fraction of people; replacing: USD for each; management: fraction of pay, night and
    attrition; transition: USD a seat, once, spread over `years` of contract; selection: fraction of the contract's value.
    """

    hours: float = CONTRACT_YEAR
    night_share: float = 0.0
    premium: float = 0.10
    attrition: float = 0.30
    replacing: float = 1000
    management: float = 0.20
    transition: float = 1500
    years: float = 3
    selection: float = 0.011


@dataclass(frozen=True)
class Part:
    """One line of the cost of a seat: USD a year and what the line rests on."""

    id: str
    name: str
    usd: float
    basis: str


def seat_cost(
    base: float, bonus: float, benefits: float, given: Assumptions = Assumptions(), night_basis: str = ASSUMED
) -> list[Part]:
    """The parts of what one seat costs a year, in the order in which they build on one another. Raises ValueError for a number below 0.

    One seat of 2,080 hours is one person; more hours are more people, who all may leave. The contract's value is taken as the parts
    before selection, so that choosing a vendor costs its fraction of them each year. `night_basis` is MIXED where the law of the country
    gives the premium.
    """
    for name, value in asdict(given).items():
        _amount(name, value, above=name in ("hours", "years"))
    loaded_wage(base, bonus, benefits)
    wage = base * given.hours
    night = wage * night_premium(given.night_share, given.premium)
    leavers = attrition_cost(given.hours / CONTRACT_YEAR, given.attrition, given.replacing)
    pay = wage * (1 + bonus + benefits)
    managing = given.management * (pay + night + leavers)
    moving = given.transition / given.years
    choosing = selection_cost(pay + night + leavers + managing + moving, given.selection)
    return [
        Part("wage", "Base wage", wage, SOURCED),
        Part("bonus", "Bonus", wage * bonus, SOURCED),
        Part("benefits", "Benefits", wage * benefits, SOURCED),
        Part("night", "Night premium", night, night_basis),
        Part("attrition", "Replacing leavers", leavers, ASSUMED),
        Part("management", "Management", managing, ASSUMED),
        Part("transition", "Transition", moving, ASSUMED),
        Part("selection", "Choosing a vendor", choosing, MIXED),
    ]


def total(parts: list[Part]) -> float:
    """USD a seat and year."""
    return sum(part.usd for part in parts)
