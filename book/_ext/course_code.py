"""A widget's code once in the book (Sphinx extension): what each page holds as text in its widgets' state becomes a file that all pages share.

A classic script, not a module: browsers refuse `import` on file://, and the book is to be read from a folder too.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

from course_book import STATE

FOLDER = "_static/widgets"
_DEFAULT = re.compile(r"^export default ", re.MULTILINE)
_OTHERS = re.compile(r"^\s*(import\b|export\s*[{*])|\bimport\.meta\b|^await\b", re.MULTILINE)


def as_script(source: str, name: str) -> str:
    """An ES module without imports as a classic script that puts its default export under courseWidgets[name].

    Raises ValueError for a module that imports, waits at its top level or has not one default export.
    """
    if _OTHERS.search(source) or len(_DEFAULT.findall(source)) != 1:
        raise ValueError("a widget's module needs one `export default` at the start of a line, and may import nothing")
    body = re.sub(r"^export (?!default)", "", _DEFAULT.sub("return ", source), flags=re.MULTILINE)
    return f'(globalThis.courseWidgets ??= {{}})["{name}"] = (() => {{\n"use strict";\n{body}\n}})();\n'


def into_files(models: dict[str, dict], folder: Path) -> list[str]:
    """Write the code of widgets' models to files of `folder`, each once; `_esm` then names one. Returns the files' names, in order."""
    names: dict[str, None] = {}
    for model in models.values():
        text = model["state"].get("_esm")
        if not isinstance(text, str):
            continue
        name = hashlib.sha256(text.encode()).hexdigest()[:12]
        if not (folder / f"{name}.js").exists():
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{name}.js").write_text(as_script(text, name), "utf8")
        names[f"{name}.js"] = None
        model["state"]["_esm"] = name
        model["state"].pop("_css", None)  # it is in widgets.css, which the page links
    return list(names)


def code_in_files(app, pagename, templatename, context, doctree):
    """After course_book.widgets_in_short: the page names the files of its widgets' code."""
    context["widget_scripts"] = []
    for script in context.get("script_files", []):
        attributes = getattr(script, "attributes", None) or {}
        if attributes.get("type") == STATE:
            page = json.loads(attributes["body"])
            context["widget_scripts"] += into_files(page["state"], Path(app.outdir) / FOLDER)
            attributes["body"] = json.dumps(page, separators=(",", ":")).replace("</", "<\\/")


def setup(app):
    app.connect("html-page-context", code_in_files, priority=903)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
