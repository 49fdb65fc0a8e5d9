"""Numbers of the tables by reference, so that a chapter, an alt text or a widget never types one again.

| reference | what it is |
| --- | --- |
| `GVR-2022.base_value` | the cell in the row's column whose name is, or alone begins with, this word |
| `D25 "# % highly exposed"` | the number that stands at # where the row has these words; with two #, all from the first to the last |
| `count seed_claims verdict_code=partly` | how many rows a table has, or how many of them with this word in a column |

A format of Python after a colon changes how the number is written: `PH03.value:,` gives 1,820,000.
Pages write `` {value}`GVR-2022.base_value` ``; their code calls `value` for text and `number` for arithmetic.
"""

from __future__ import annotations

import re
from difflib import get_close_matches

from outsourcing import evidence

NUMBER = r"(?<![\d.])\d+(?:,\d{3})*(?:\.\d+)?(?!\d|[.,]\d)"
FORM = re.compile(r'(?P<id>[^".]+?)(?:\.(?P<column>\w+)| "(?P<words>[^"]*#[^"]*)")(?::(?P<spec>\S+))?')
COUNT = re.compile(r"count (?P<table>\w+)(?: (?P<column>\w+)=(?P<word>.+))?")


def value(reference: str) -> str:
    """The number as the table writes it, or in the reference's format. Raises KeyError, with near names, for what is not there."""
    if form := COUNT.fullmatch(reference):
        return str(
            sum(
                form["column"] is None or row[_column(row, form["column"])] == form["word"]
                for row in evidence.rows(form["table"])
            )
        )
    form = FORM.fullmatch(reference)
    if not form:
        raise KeyError(
            f"'{reference}' is no reference to a number: write ID.column, or ID \"words with # for the number\""
        )
    row = evidence.fact(form["id"]).row
    text = row[_column(row, form["column"])] if form["column"] else _among(form["words"], form["id"], row)
    if not re.match(r"-?\d", text):
        raise KeyError(f"'{reference}' leads to '{text}', which is no number")
    if not form["spec"]:
        return text
    plain = text.replace(",", "")
    return format(float(plain) if "." in plain or form["spec"][-1] in "fg%" else int(plain), form["spec"])


def number(reference: str) -> float:
    """The same as a number."""
    return float(value(reference).replace(",", ""))


def _column(row: dict, name: str) -> str:
    found = [name] if name in row else [column for column in row if column.startswith(name)]
    if len(found) != 1:
        near = found or get_close_matches(name, list(row), cutoff=0.3)
        raise KeyError(f"no single column is meant by '{name}'; near ones: {', '.join(near) or ', '.join(row)}")
    return found[0]


def _among(words: str, id: str, row: dict) -> str:
    """The one number (or range) that the row has at # among these words."""
    before, *between, after = (re.escape(part).replace(r"\ ", r"\s+") for part in words.split("#"))
    pattern = re.compile(f"{before}({''.join([NUMBER, *(part + NUMBER for part in between)])}){after}")
    found = {match[1] for column, cell in row.items() if "source" not in column for match in pattern.finditer(cell)}
    if len(found) != 1:
        raise KeyError(f"{id} has {len(found)} numbers at '{words}': use words that stand in its row around one number")
    return found.pop()
