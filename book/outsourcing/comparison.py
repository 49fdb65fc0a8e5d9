"""The dimensions on which the two sources compare BPO with KPO, and where they agree, disagree or are silent.

Of each dimension the table holds what is true of the work, in short words of ours that rest on the row's sources, and, as a layer, what
source S0 (a Philippine vendor's article: "the vendor's guide") and source S1 (an Indian job blog of June 2020: "the job blog") say; an
empty cell means that nothing is said. The outside check is what other publications add.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from outsourcing import evidence

# What a reader needs to tell apart. The order is the order of the filter.
GROUPS = {
    "agree": "agree",
    "partly": "agree in part",
    "disagree": "disagree",
    "only_s0": "only the vendor's guide speaks",
    "only_s1": "only the job blog speaks",
    "silent": "both are silent",
}

# The table's own words: the group, and the exact reading where it says more than the group's name.
READINGS = {
    "agree": ("agree", "The sources agree"),
    "partial": ("partly", "They agree in part"),
    "not comparable": ("partly", "They give different kinds of figures"),
    "conflict": ("disagree", "The sources disagree"),
    "conflict inside S1": ("disagree", "The job blog contradicts itself"),
    "conflict of perspective": ("disagree", "They write for different readers"),
    "conflict of interest": ("disagree", "Each promotes its own market"),
    "S0 only": ("only_s0", "Only the vendor's guide speaks"),
    "S0 only, one side": ("only_s0", "Only the vendor's guide speaks, and only on KPO"),
    "S1 only": ("only_s1", "Only the job blog speaks"),
    "omission": ("only_s1", "Only the job blog lists them; the vendor's list is missing"),
    "both omit": ("silent", "Both are silent"),
}
SAYS_NOTHING = {"", "(not stated)", "none"}
# Notes that only repeat the reading, or tell the course's authors what to do.
NO_NOTE = re.compile(r"$|none$|S[01] silent$|fill\b")


@dataclass(frozen=True)
class Dimension:
    """One row of the comparison. `work_*` is what holds of the work, `s0_*` and `s1_*` the sources' words in short; "" means that nothing is said."""

    id: str
    name: str
    work_bpo: str
    work_kpo: str
    s0_bpo: str
    s0_kpo: str
    s1_bpo: str
    s1_kpo: str
    group: str
    reading: str
    note: str
    check: str
    reliability: str


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _named(text: str) -> str:
    """A text of the table as readers see it: sources by their names, no ids of rows."""
    text = re.sub(r" \((?:[A-Z]{1,2}\d\d)\)", "", text)
    return re.sub(r"\bS0\b", "the vendor's guide", re.sub(r"\bS1\b", "the job blog", text))


def _cells(row: dict[str, str]) -> dict[str, str]:
    cells: dict[str, str] = {}
    for seed, source in (("seed0", "s0"), ("seed1", "s1")):
        bpo, kpo = (row[f"{seed}_{kind}"].strip() for kind in ("bpo", "kpo"))
        if kpo == "same":
            kpo = f"the same: {bpo}"
        cells |= {
            f"{source}_bpo": "" if bpo in SAYS_NOTHING else bpo,
            f"{source}_kpo": "" if kpo in SAYS_NOTHING else kpo,
        }
    return cells


def dimensions() -> list[Dimension]:
    """All dimensions in the table's order.

    Raises ValueError for an agreement word that has no group yet: add it to READINGS.
    """
    found = []
    for row in evidence.rows("comparison_dimensions"):
        if row["agreement"] not in READINGS:
            raise ValueError(
                f"comparison_dimensions.csv, {row['id']}: unknown agreement {row['agreement']!r}. Use one of: {', '.join(READINGS)}."
            )
        group, reading = READINGS[row["agreement"]]
        note = "" if NO_NOTE.match(row["conflict_or_gap"]) else _sentence(_named(row["conflict_or_gap"]))
        found.append(
            Dimension(
                id=row["id"],
                name=_sentence(row["dimension"]),
                work_bpo=row["work_bpo"],
                work_kpo=row["work_kpo"],
                group=group,
                reading=reading,
                note=note,
                check=_named(row["external_check"]),
                reliability=row["reliability"],
                **_cells(row),
            )
        )
    return found


def select(rows: list[Dimension], ids: list[str] | None = None, where: str = "all") -> list[Dimension]:
    """The rows with one of the `ids` (None: any) whose sources stand as `where` says: "all" or a key of GROUPS.

    Raises ValueError for an unknown id or group.
    """
    if where != "all" and where not in GROUPS:
        raise ValueError(f"where is {where!r}: use 'all' or one of {', '.join(map(repr, GROUPS))}.")
    unknown = set(ids or ()) - {row.id for row in rows}
    if unknown:
        raise ValueError(
            f"There is no dimension {', '.join(sorted(unknown))}: the ids run from {rows[0].id} to {rows[-1].id}."
        )
    return [row for row in rows if (ids is None or row.id in ids) and where in ("all", row.group)]
