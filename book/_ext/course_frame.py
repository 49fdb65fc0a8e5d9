"""The frame of each page (Sphinx extension): its part, its place, the minutes it takes, its questions, and the pages before and after.

Minutes are words at 180 a minute, and one for each question; a work sample takes its own words, and one for each point. The three paths stand in book/paths.yml.
"""

from __future__ import annotations

import json
import math
import posixpath
import re
from functools import lru_cache
from html import escape
from pathlib import Path

import yaml
from sphinx.errors import ExtensionError

from courseware import contents
from courseware.questions import QuestionError, find_samples, load_questions, sample_id, sample_minutes

WORDS_A_MINUTE = 180
PATHS = "book/paths.yml"
APART = re.compile(r"book/(reference|teaching)/|book/about$")  # pages of no way through the course
NO_WORDS = re.compile(
    r"\A---\n.*?\n---\n|^```.*?^```$|\{(fact|value)\}`[^`]*`|<[^>]*>|\]\([^)]*\)", re.DOTALL | re.MULTILINE
)


def minutes(root: Path, page: contents.Page) -> int:
    """Whole minutes that a page takes: its words, without code and citations, and its questions."""
    words = len(re.findall(r"\w+", NO_WORDS.sub(" ", (root / f"{page.file}.md").read_text("utf8"))))
    samples = {sample_id(path): path for path in find_samples(contents.book_of(root))} if page.asks else {}
    return math.ceil(words / WORDS_A_MINUTE) + sum(_sample(samples[id]) if id in samples else 1 for id in page.asks)


@lru_cache(maxsize=64)
def _sample(path: Path) -> int:
    try:
        return sample_minutes(load_questions(path)[0], WORDS_A_MINUTE)
    except QuestionError:  # told with its line before anything was built
        return 1


@lru_cache(maxsize=1)
def course(root: Path, toc: Path) -> tuple[dict[str, contents.Page], dict[str, dict]]:
    """(the pages by file, in order; the paths by name). Raises ExtensionError for a path that leads nowhere."""
    pages = {page.file: page for page in contents.pages(root, toc)}
    if not (root / PATHS).is_file():
        return pages, {}
    text = (root / PATHS).read_text("utf8")
    paths = yaml.safe_load(text)
    for name, path in paths.items():
        for file in path["pages"]:
            if file not in pages:
                line = next(n for n, line in enumerate(text.splitlines(), 1) if line.strip() == f"- {file}")
                raise ExtensionError(
                    f"{PATHS}:{line}: the path {name} names {file}, which is no page of {toc.name}. Mend the name or take it out."
                )
    return pages, paths


def frame(app, pagename, templatename, context, doctree):
    root, toc = Path(app.srcdir), (Path(app.srcdir) / app.config.external_toc_path).resolve()
    pages, paths = course(root, toc)
    page = pages.get(pagename)
    context["course_frame"] = None
    if page is None:
        return
    main = [one for one in pages if not APART.search(one)]
    line = main if pagename in main else [one for one in pages if pages[one].part == page.part]

    def turn(way: list[str]) -> dict[str, list[str]]:
        at = way.index(pagename)
        found = {"prev": way[at - 1] if at else None, "next": way[at + 1] if at + 1 < len(way) else None}
        return {which: [_address(pagename, to), pages[to].title] for which, to in found.items() if to}

    here = [one for one in pages if pages[one].part == page.part]
    context["course_frame"] = {
        "part": page.part if page.file != next(iter(pages)) else "",
        "place": f"{here.index(pagename) + 1} of {len(here)}",
        "minutes": minutes(root, page),
        "asks": list(page.asks),
        "apart": bool(APART.search(pagename)),
        "turn": turn(line),
        "home": next(iter(pages)) == pagename,
        "paths": json.dumps(
            {
                name: {
                    **turn(path["pages"]),
                    "title": path["title"],
                    "at": path["pages"].index(pagename) + 1,
                    "of": len(path["pages"]),
                }
                for name, path in paths.items()
                if pagename in path["pages"]
            }
        ),
    }
    if "body" in context and "<!-- course: " in context["body"]:
        for name, make in (("start", _start), ("paths", _paths), ("parts", _parts)):
            context["body"] = context["body"].replace(f"<!-- course: {name} -->", make(root, pagename, pages, paths))


def _address(pagename: str, to: str) -> str:
    return posixpath.relpath(f"{to}.html", posixpath.dirname(pagename) or ".")


def _hours(total: int) -> str:
    return f"{total} min" if total < 90 else f"{total / 60:.1f} h".replace(".0 h", " h")


def _total(root: Path, pages: dict, files: list[str]) -> str:
    return _hours(sum(minutes(root, pages[file]) for file in files))


def _start(root: Path, pagename: str, pages: dict, paths: dict) -> str:
    main = [file for file in pages if not APART.search(file) and file != pagename]
    first, asked = pages[main[0]], sum(len(pages[file].asks) for file in main)
    parts = len({pages[file].part for file in main if pages[file].asks})
    return (
        f'<p class="course-start"><a class="start" href="{_address(pagename, first.file)}">Start: {escape(first.title)} '
        f"<small>{minutes(root, first)} min</small></a></p>"
        f'<p class="course-sum">{parts} parts, {_total(root, pages, main)} in all, {asked} quick questions. '
        "Free, no login, nothing is sent.</p>"
    )


def _paths(root: Path, pagename: str, pages: dict, paths: dict) -> str:
    def one(name: str, path: dict) -> str:
        items = "".join(
            f'<li><a data-path="{name}" href="{_address(pagename, file)}">{escape(pages[file].title)}</a> '
            f"<small>{minutes(root, pages[file])} min</small></li>"
            for file in path["pages"]
        )
        return (
            f'<section class="course-path" data-path="{name}"><h3>{escape(path["title"])}: '
            f"<small>{_total(root, pages, path['pages'])}</small></h3>"
            f"<p>{escape(path['for'])}</p><ol>{items}</ol></section>"
        )

    return f'<div class="course-paths">{"".join(one(*item) for item in paths.items())}</div>'


def _parts(root: Path, pagename: str, pages: dict, paths: dict) -> str:
    parts: dict[str, list[str]] = {}
    for file, page in pages.items():
        if not APART.search(file) and file != pagename and page.asks:
            parts.setdefault(page.part, []).append(file)
    items = "".join(
        f'<li><a href="{_address(pagename, files[0])}">{escape(part)}</a> <small>{_total(root, pages, files)}</small></li>'
        for part, files in parts.items()
    )
    return f'<ol class="course-parts">{items}</ol>'


def write_pages(app, exception):
    """Which questions each page asks, for the rings of progress, once for all pages; and the first page at the book's own address."""
    if exception or app.builder.format != "html":
        return
    out = Path(app.outdir)
    pages, _ = course(Path(app.srcdir), (Path(app.srcdir) / app.config.external_toc_path).resolve())
    asked = {file: page.asks for file, page in pages.items() if page.asks}
    (out / "_static/course-pages.js").write_text(
        f"globalThis.coursePages = {json.dumps(asked, separators=(',', ':'))};\n", "utf8"
    )
    first = next(iter(pages))
    page = out / f"{first}.html"
    if page.is_file():
        (out / "index.html").write_text(at_root(page.read_text("utf8"), posixpath.dirname(first)), "utf8")


def at_root(html: str, folder: str) -> str:
    """A page that was written for `folder`, for the book's root: its relative addresses lead where they did."""

    def moved(match: re.Match) -> str:
        address = match[3]
        if re.match(r"[a-z]+:|#|/", address) or not address:
            return match[0]
        path, sign, rest = re.match(r"([^#?]*)([#?]?)(.*)", address, re.DOTALL).groups()
        to = posixpath.normpath(posixpath.join(folder, path)) if path else posixpath.join(folder, "index.html")
        return f"{match[1]}{match[2]}{to}{sign}{rest}{match[2]}"

    html = re.sub(r'(\s(?:href|src|action)=)(")([^"]*)"', moved, html)
    return html.replace('data-content_root="../"', 'data-content_root="./"')


def setup(app):
    app.connect("html-page-context", frame, priority=800)
    app.connect("build-finished", write_pages, priority=400)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
