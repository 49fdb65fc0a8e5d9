"""Small repairs of the book's build (Sphinx extension): what runs again, what a page loads, what a screen reader meets."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from html import escape
from pathlib import Path

from nbclient import NotebookClient
from sphinx.util import logging

from courseware import contents
from courseware.questions.words import as_html

log = logging.getLogger(__name__)
KEPT_CACHES = 3


def fingerprint(root: Path, toc: Path) -> str:
    """A hash of all that a page's code may read: the packages with their tables, the practice questions and which page asks them."""
    book = root / "book"
    files = {path for folder in ("courseware", "outsourcing") for path in (book / folder).rglob("*")}
    files |= set(book.rglob("questions.yml")) | set(book.rglob("samples/*.yml")) | {root / "requirements.txt"}
    digest = hashlib.sha256()
    for path in sorted(files):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(path.relative_to(root).as_posix().encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    digest.update(repr(contents.pages(root, toc)).encode())
    return digest.hexdigest()[:12]


def cache_follows_code(app, config):
    """jupyter-cache looks at the notebook's text only: a change in what it imports must miss the cache too."""
    base, toc = Path(app.outdir).parent / ".jupyter_cache", (Path(app.srcdir) / config.external_toc_path).resolve()
    os.environ[contents.TOC_ENV] = str(toc)  # for the pages' kernels
    current = base / fingerprint(Path(app.srcdir), toc)
    config.nb_execution_cache_path = str(current)
    others = [
        path
        for path in base.glob("*")
        if path.is_dir() and path != current and re.fullmatch(r"[0-9a-f]{12}", path.name)
    ]
    for old in sorted(others, key=lambda path: path.stat().st_mtime, reverse=True)[KEPT_CACHES - 1 :]:
        shutil.rmtree(old, ignore_errors=True)


# Scripts that ask a CDN for more: Thebe runs code on a server we do not have, RequireJS is for stock widgets.
UNWANTED = re.compile(r"thebe|require\.(min\.)?js|html-manager|mathjax", re.IGNORECASE)


def only_our_scripts(app, pagename, templatename, context, doctree):
    """Keep each script once (Sphinx 7.4 repeats inline ones) and none that would ask another server."""
    kept = {}
    for script in context.get("script_files", []):
        name = str(getattr(script, "filename", script) or "")
        attributes = getattr(script, "attributes", None) or {}
        if not UNWANTED.search(name + str(attributes.get("body", ""))):
            kept.setdefault((name, tuple(sorted(attributes.items()))), script)
    context["script_files"] = list(kept.values())
    context["css_files"] = [
        sheet
        for sheet in context.get("css_files", [])
        if not UNWANTED.search(str(getattr(sheet, "filename", sheet) or ""))
    ]


STATE, VIEW = "application/vnd.jupyter.widget-state+json", "application/vnd.jupyter.widget-view+json"


def widgets_in_short(app, pagename, templatename, context, doctree):
    """A page keeps of its widgets' state what the book's host reads, and words for readers without JavaScript."""
    for script in context["script_files"]:
        attributes = getattr(script, "attributes", None) or {}
        if attributes.get("type") != STATE:
            continue
        page = json.loads(attributes["body"])
        # only a kernel's page uses it
        page["state"] = {id: model for id, model in page["state"].items() if model["model_name"] != "LayoutModel"}
        for model in page["state"].values():
            # a page from the cache has its keys sorted
            model["state"].update(json.loads(model["state"].pop("in_order", "{}")))
        attributes["body"] = json.dumps(page).replace("</", "<\\/")  # JSON in a script element must not close it
        state = page["state"]
        context["body"] = VIEWED.sub(
            lambda view, state=state: view[0] + without_scripts(state, view[1]), context["body"]
        )


VIEWED = re.compile(rf'<script type="{re.escape(VIEW)}">(.*?)</script>', re.DOTALL)


def without_scripts(models: dict, view: str) -> str:
    """What a reader without JavaScript gets in a widget's place: a question in words, or what else stands here."""
    state = models.get(json.loads(view)["model_id"], {}).get("state", {})
    if question := state.get("question"):
        anchor, words = (
            f' id="question-{escape(question["id"])}"',
            as_html(question, "To answer, and to see the reasons, switch on JavaScript."),
        )
    else:
        anchor, words = (
            "",
            f"<p>{escape(state.get('title') or 'What stands here')}: this part of the page needs JavaScript.</p>",
        )
    return f'<noscript><div class="course-in-words"{anchor}>{words}</div></noscript>'


def no_math(app, env):
    """A formula set by MathJax would load it from a CDN and stay raw text without a network."""
    for page in sorted(env.found_docs):
        if env.get_domain("math").has_equations(page):
            log.warning(
                "this page has a formula in TeX, which needs a script from a CDN. Write it as plain text or HTML.",
                location=page,
            )


# Exact repairs of the written pages: what axe finds in what MyST-NB writes, and what stays on one line.
REPAIRS = [
    (re.compile(r'<summary aria-label="Toggle hidden content">'), "<summary>"),
    # a number and its % sign stay on one line, but for code, which may be copied
    (re.compile(r"(<(pre|script|style|code)\b.*?</\2>)|(?<=\d) %", re.DOTALL), lambda found: found[1] or "\u00a0%"),
    # a Markdown table's empty corner is a cell that heads nothing
    (re.compile(r'<th class="head"><p></p></th>'), '<td class="head"></td>'),
]


def repair_pages(app, exception):
    if exception or app.builder.format != "html":
        return
    for page in Path(app.outdir).rglob("*.html"):
        old = new = page.read_text("utf8")
        for pattern, replacement in REPAIRS:
            new = pattern.sub(replacement, new)
        if new != old:
            page.write_text(new, "utf8")


def setup(app):
    NotebookClient.shutdown_kernel.default_value = (
        "immediate"  # a page's kernel has nothing to put away: half a second less for each
    )
    app.connect("config-inited", cache_follows_code, priority=100)  # before MyST-NB reads its configuration
    app.connect("html-page-context", only_our_scripts, priority=900)
    app.connect("html-page-context", widgets_in_short, priority=901)
    app.connect("env-check-consistency", no_math)
    app.connect("build-finished", repair_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
