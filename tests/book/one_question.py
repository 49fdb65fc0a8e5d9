"""Questions on a page of their own, drawn by the book's host from the widgets' saved state: no build, no kernel."""

from __future__ import annotations

import json
from pathlib import Path

from widget_page import ROOT, scripts

from courseware.widgets.question import QuestionWidget


def practice(question) -> QuestionWidget:
    return QuestionWidget(question=question.public(), key=question.body, mode="practice")


def write_page(folder: Path, *widgets: QuestionWidget, before: str = "") -> str:
    """Write the page to `folder`; returns its address. `before` is a script that runs first."""
    state = {
        "state": {
            widget.model_id: {
                "model_module": "anywidget",
                "model_name": "AnyModel",
                "state": {key: value for key, value in widget.get_state().items() if key != "layout"},
            }
            for widget in widgets
        }
    }
    loaded = scripts(state["state"], folder / "widgets")
    views = [{"model_id": widget.model_id} for widget in widgets]
    state, *views = (json.dumps(part).replace("</", "<\\/") for part in (state, *views))
    shown = "".join(f'<script type="application/vnd.jupyter.widget-view+json">{view}</script>' for view in views)
    path = folder / "alone.html"
    path.write_text(
        f"""<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content="width=device-width"><title>One question</title><body>
        <script>{before}</script>
        <script type="application/vnd.jupyter.widget-state+json">{state}</script>{shown}
        {loaded}<script defer src="{(ROOT / "book/assets/course-host.js").as_uri()}"></script>""",
        "utf8",
    )
    return path.as_uri()
