"""`autograder.configure(c)`: turns a course of nbgrader into one that is graded by this package."""

from __future__ import annotations

from pathlib import Path

DECLARE, STARTERS = (
    "autograder.nbgrader_door.preprocessors.DeclareQuestions",
    "autograder.nbgrader_door.preprocessors.WriteStarters",
)
HIGHLIGHT = "autograder.nbgrader_door.pages.highlight"
TEMPLATES = Path(__file__).resolve().parent / "templates"


def configure(c, questions: str | None = None) -> None:
    """For a course's nbgrader_config.py. `questions` is the folder of graded questions, relative to the course's root.

    It sets ordinary options of nbgrader, so what the course sets after this line wins; calling it twice changes nothing.
    """
    from nbgrader.converters import GenerateAssignment
    from nbgrader.server_extensions.formgrader import handlers

    from . import converter, desk

    converter.install()
    desk.install()
    if questions is not None:
        c.Bank.folder = questions
    chosen = c.GenerateAssignment.preprocessors
    standard = GenerateAssignment.preprocessors.default()
    steps = chosen if isinstance(chosen, list) else chosen.get_value(list(standard))
    names = [step if isinstance(step, str) else f"{step.__module__}.{step.__name__}" for step in steps]
    names = [name for name in names if name not in (DECLARE, STARTERS)]
    # The first comes first: SaveCells must find the points and ids that it sets. The second mends what ClearSolutions empties.
    cleared = next((n for n, name in enumerate(names, 1) if name.endswith(".ClearSolutions")), 0)
    c.GenerateAssignment.preprocessors = [DECLARE, *names[:cleared], *([STARTERS] if cleared else []), *names[cleared:]]
    # Pages of formgrader and feedback ask no other machine for anything (nbgrader's load MathJax from a CDN).
    c.HTMLExporter.extra_template_basedirs = [str(TEMPLATES), handlers.template_path]
    c.HTMLExporter.filters.update({"highlight_code": HIGHLIGHT})
