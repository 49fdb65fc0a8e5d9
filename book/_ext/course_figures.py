"""The book's static figures (Sphinx extension): each is drawn when its page is written, and stands in it without a script."""

from __future__ import annotations

import json
import re

from course_book import STATE, VIEWED
from sphinx.util import logging

from courseware.still import CannotDraw, as_html

log = logging.getLogger(__name__)


def figures_stand(app, pagename, templatename, context, doctree):
    """Put the drawing in the place of each figure's widget, and take the widget out of the page. A figure that cannot be drawn is
    a warning with the page's name, which stops the build."""
    for script in list(context.get("script_files", [])):
        attributes = getattr(script, "attributes", None) or {}
        if attributes.get("type") != STATE:
            continue
        app.add_css_file("widgets.css")  # a page of figures alone has no widget that would bring it
        page = json.loads(attributes["body"])
        context["body"], drawn = standing(pagename, context["body"], page["state"])
        for id in drawn:
            del page["state"][id]
        for model in page["state"].values():
            model["state"].pop("_css", None)
        attributes["body"] = json.dumps(page).replace("</", "<\\/")  # JSON in a script element must not close it
        if not VIEWED.search(context["body"]):
            context["script_files"].remove(script)


def standing(pagename: str, body: str, models: dict) -> tuple[str, set[str]]:
    """(the page with its figures drawn, the ids of their widgets)."""
    drawn: list[str] = []

    def stand(view: re.Match) -> str:
        id = json.loads(view[1])["model_id"]
        figure = models.get(id, {}).get("state", {})
        if "spec" not in figure:
            return view[0]
        drawn.append(id)
        try:
            return as_html(figure, f"figure-{len(drawn)}")
        except CannotDraw as error:
            log.warning("the figure “%s” cannot be drawn: %s", figure["title"], error, location=pagename)
            return ""

    return VIEWED.sub(stand, body), set(drawn)


def setup(app):
    app.connect("html-page-context", figures_stand, priority=850)  # before course_book.py shortens what is left
    return {"parallel_read_safe": True, "parallel_write_safe": True}
