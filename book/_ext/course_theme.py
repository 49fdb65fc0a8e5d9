"""What the course's own theme (book/_theme) needs of the build: tables in a box that scrolls, and only the files that a page uses."""

from __future__ import annotations

from pathlib import Path

from docutils import nodes
from sphinx.writers.html5 import HTML5Translator

FOR_SEARCH = {"documentation_options.js", "doctools.js", "sphinx_highlight.js"}
UNUSED_STYLES = ("mystnb", "pygments")


def visit_table(self, node):
    self.body.append('<div class="table-wrapper">')
    HTML5Translator.visit_table(self, node)


def depart_table(self, node):
    HTML5Translator.depart_table(self, node)
    self.body.append("</div>")


def only_what_is_used(app, pagename, templatename, context, doctree):
    def name(file):
        return str(getattr(file, "filename", file) or "").rpartition("/")[2]

    if templatename != "search.html":
        context["script_files"] = [file for file in context["script_files"] if name(file) not in FOR_SEARCH]
    context["css_files"] = [file for file in context["css_files"] if not name(file).startswith(UNUSED_STYLES)]
    context["author"] = app.config.author


def follow_the_look(app, env, added, changed, removed):
    """A change of the theme, of a style or of the paths concerns every page; Sphinx looks at the pages' own text only."""
    written = Path(app.outdir) / f"{app.config.root_doc}.html"
    book = Path(app.srcdir) / "book"
    looks = [path for folder in ("_theme", "assets") for path in (book / folder).rglob("*")]
    looks += [book / "paths.yml", book / "courseware/widgets/widgets.css"]
    newest = max((path.stat().st_mtime for path in looks if path.is_file()), default=0)
    return list(env.found_docs) if written.is_file() and newest > written.stat().st_mtime else []


def setup(app):
    app.connect("env-get-outdated", follow_the_look)
    app.add_node(nodes.table, override=True, html=(visit_table, depart_table))
    app.connect("html-page-context", only_what_is_used, priority=902)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
