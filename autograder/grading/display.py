"""How a verdict looks in the graded notebook, in formgrader and on the feedback page. All text is escaped; nothing names a key."""

from __future__ import annotations

import html

from ..verdicts import FAULT, GRADED, TAMPERED, UNREADABLE, CellVerdict, Result
from .transplant import grade_info

LONGEST = 500  # characters of a line of a test
HEADS = {
    TAMPERED: "Cells that are locked differ from what was given out. The answers count all the same; the instructor sees this list.",
    UNREADABLE: "Something that was handed in cannot be read.",
    FAULT: "The autograder failed on this submission. That is not the learner's fault: it will be graded again.",
    GRADED: "Remarks on this submission",
}


def write_outputs(result: Result) -> None:
    """Give every grade cell its explicit output, and the notebook its remarks. Changes `result.notebook`."""
    verdicts = {cell.grade_id: cell for cell in result.cells}
    cells = result.notebook["cells"]
    for cell in cells:
        verdict = verdicts.get(grade_info(cell).get("grade_id", ""))
        if verdict and cell["cell_type"] == "code" and not grade_info(cell).get("solution"):
            cell["outputs"] = [
                {
                    "output_type": "execute_result",
                    "execution_count": None,
                    "metadata": {},
                    "data": {"text/html": verdict_html(verdict), "text/plain": number(verdict.score or 0.0)},
                }
            ]
    if result.verdict != GRADED or result.flags or result.remarks:
        cells.insert(
            0, {"cell_type": "markdown", "id": "autograder-remarks", "metadata": {}, "source": remarks_html(result)}
        )


def number(score: float) -> str:
    """A plain decimal number, as nbgrader reads it back with float()."""
    return repr(float(score))


def verdict_html(cell: CellVerdict) -> str:
    """The verdict of one question in words: points, what the learner answered, why."""
    earned = "not graded yet" if cell.score is None else f"{_amount(cell.score)} of {_amount(cell.points)} points"
    reason = (cell.reason.splitlines() or [""])[0]
    if reason in ("Correct.", "Not correct."):  # the verdict says so already
        reason = ""
    rows = [f"<p>{_esc(cell.prompt)}</p>"] if cell.prompt else []
    rows.append(f"<p><strong>{_esc(cell.verdict.capitalize())}</strong>: {earned}. {_esc(reason)}</p>")
    if cell.answer:
        rows.append(
            "<p>Your answer:</p><ul>" + "".join(f"<li>{_as_written(line)}</li>" for line in cell.answer) + "</ul>"
        )
    rows += [f"<p>{_esc(text)}</p>" for text in cell.feedback]
    if cell.criteria:
        rows.append("<p>What counts:</p><ul>" + "".join(f"<li>{_esc(line)}</li>" for line in cell.criteria) + "</ul>")
    if cell.score is None:
        rows.append("<p>Instructor: enter the points here.</p>")
    return "".join(rows)


def remarks_html(result: Result) -> str:
    lines = [*result.remarks, *(f"Flag: {flag}." for flag in result.flags)]
    return (
        f"**Autograder.** {HEADS[result.verdict]}\n\n<ul>"
        + "".join(f"<li>{_esc(line)}</li>" for line in lines)
        + "</ul>"
    )


def cut(text: str) -> str:
    """The text, shortened for a page."""
    return text if len(text) <= LONGEST else text[:LONGEST] + "..."


def _amount(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _as_written(text: str) -> str:
    """Prose and code keep their lines and their indentation."""
    if "\n" not in text:
        return _esc(text)
    return f'<pre style="white-space: pre-wrap">{"&#10;".join(_plain(line) for line in text.splitlines())}</pre>'


def _esc(text: str) -> str:
    return " ".join(_plain(text).split())


def _plain(text: str) -> str:
    """Escaped for HTML inside markdown: no tag, no formula and no markdown link comes out of a learner's text."""
    safe = html.escape(str(text).encode("utf8", "replace").decode("utf8"))
    for sign in "$`*_[]\\":
        safe = safe.replace(sign, f"&#{ord(sign)};")
    return safe
