"""The index of the book's search (Sphinx extension): a text for each section of each page, in a script that only the search page loads.

MiniSearch (book/_theme) looks through it in the browser. book/synonyms.yml says what readers type for the book's words. Each term of the
glossary is a text of its own; the rows of the other tables and the list of a page's sources are not looked through. Sphinx's own index,
which nothing would read, is not written.
"""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import yaml
from sphinx.errors import ExtensionError

from courseware import contents
from outsourcing import evidence

SYNONYMS = "book/synonyms.yml"
UNSEEN = {"script", "style", "noscript", "svg", "button", "input", "select"}
UNREAD = {
    "page-sources",
    "fact-rows",
    "fact-group",
    "evidence",
    "headerlink",
}  # what only a reader who is there already wants
VOID = {"input", "br", "img", "hr", "wbr", "col"}  # elements without an end
HEADINGS = {"h1", "h2", "h3"}
GLOSSARY = "book/reference/glossary"


class Sections(HTMLParser):
    """A page's sections: [anchor, heading, text] each, the page's own first."""

    def __init__(self):
        super().__init__()
        self.found: list[list[str]] = []
        self._unseen, self._anchor, self._heading = [], "", False
        self._begun: set[str] = set()

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if self._unseen or tag in UNSEEN or UNREAD & set((given.get("class") or "").split()):
            if tag not in VOID:
                self._unseen.append(tag)
        elif tag == "section":
            self._anchor = given.get("id") or self._anchor
        elif tag in HEADINGS and (
            not self.found or self._anchor not in self._begun
        ):  # others are a figure's, or a question's
            self.found.append([self._anchor if self.found else "", "", ""])
            self._begun.add(self._anchor)
            self._heading = True

    def handle_endtag(self, tag):
        if self._unseen:
            if tag == self._unseen[-1]:
                self._unseen.pop()
        elif tag in HEADINGS:
            self._heading = False

    def handle_data(self, data):
        if not self._unseen and self.found:
            self.found[-1][1 if self._heading else 2] += data if self._heading else f" {data}"


def sections(body: str) -> list[list[str]]:
    parser = Sections()
    parser.feed(body)
    return [[anchor, " ".join(heading.split()), " ".join(text.split())] for anchor, heading, text in parser.found]


def article(html: str) -> str:
    return html.partition("<article")[2].partition(">")[2].partition("</article>")[0]


def write_index(app, exception):
    if exception or app.builder.format != "html":
        return
    root, toc = Path(app.srcdir), (Path(app.srcdir) / app.config.external_toc_path).resolve()
    pages = {page.file: page for page in contents.pages(root, toc)}
    path = Path(app.outdir) / "_static/course-search.js"
    written = {file: Path(app.outdir) / f"{file}.html" for file in pages}
    fresh = {file: sections(article(page.read_text("utf8"))) for file, page in written.items() if page.is_file()}
    documents = [
        {
            "id": f"{file}#{anchor}",
            "page": file,
            "title": pages[file].title,
            "heading": heading if anchor else "",
            "part": pages[file].part,
            "text": text,
        }
        for file, found in fresh.items()
        for anchor, heading, text in found
    ]
    documents += [
        {
            "id": f"{GLOSSARY}#{fact.anchor}",
            "page": GLOSSARY,
            "title": pages[GLOSSARY].title,
            "heading": " – ".join(filter(None, [fact.row["term"], fact.row["expansion"]])),
            "part": pages[GLOSSARY].part,
            "text": fact.row["definition"],
        }
        for fact in evidence.facts().values()
        if GLOSSARY in pages and fact.table == "glossary"
    ]
    said = " ".join(f"{one['title']} {one['heading']} {one['text']}" for one in documents).lower()
    body = json.dumps(
        {"documents": documents, **synonyms(root, pages, said)}, ensure_ascii=False, separators=(",", ":")
    )
    path.write_text(f"globalThis.courseSearch = {body};\n", "utf8")


def synonyms(root: Path, pages: dict, said: str) -> dict:
    """{"words": {phrase: words}, "pages": {phrase: [page]}}. Raises ExtensionError where a page is none of the book's, or where the book
    (`said`: all its text) does not say the words."""
    path = root / SYNONYMS
    if not path.is_file():
        return {"words": {}, "pages": {}}
    text = path.read_text("utf8")
    read = yaml.safe_load(text)

    def stop(part: str, phrase: str, problem: str):
        """With the line on which the phrase stands in its part of the file."""
        root = yaml.compose(text)
        entries = next(value for key, value in root.value if key.value == part)
        line = next(key.start_mark.line for key, _ in entries.value if key.value == phrase) + 1
        raise ExtensionError(f"{SYNONYMS}:{line}: “{phrase}” leads to {problem}")

    for phrase, files in read["pages"].items():
        for file in files:
            if file not in pages:
                stop("pages", phrase, f"{file}, which is no page of the book. Mend its name.")
    for phrase, words in read["words"].items():
        if unsaid := [word for word in words.lower().split() if not re.search(rf"\b{re.escape(word)}", said)]:
            stop("words", phrase, f"{' '.join(unsaid)}, which the book nowhere says. Use words that it has.")
    return read


def no_index_of_sphinx(app):
    app.builder.search = False


def search_page(app):
    if app.builder.name == "html":
        yield "search", {"title": "Search"}, "search.html"


def setup(app):
    app.connect("builder-inited", no_index_of_sphinx)
    app.connect("html-collect-pages", search_page)
    app.connect("build-finished", write_index)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
