"""The book's contents: its pages in reading order, with the practice questions that each one asks. Read from the files as they are."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from .questions import asked

TOC_ENV = "COURSE_TOC"  # the build names the table of contents that it uses, in case it is not the book's own
TOC_FILE = "_toc.yml"


@dataclass(frozen=True)
class Page:
    """One page: its part's name, its file without suffix (from the book's root), its title, and the questions it asks, in order."""

    part: str
    file: str
    title: str
    asks: tuple[str, ...]


def root_of(folder: Path) -> Path:
    """The book's root: the nearest folder with a table of contents, from `folder` upwards. Raises FileNotFoundError."""
    for above in (folder, *folder.parents):
        if (above / TOC_FILE).is_file():
            return above
    raise FileNotFoundError(f"no {TOC_FILE} in {folder} or above it: work in the book's folder.")


def book_of(root: Path, toc: Path | None = None) -> Path:
    """The folder of the book at `root`: that of its first page."""
    return (root / _listed(root, toc)["root"]).parent


def _listed(root: Path, toc: Path | None) -> dict[str, Any]:
    listed: dict[str, Any] = yaml.safe_load((toc or Path(os.environ.get(TOC_ENV) or root / TOC_FILE)).read_text("utf8"))
    return listed


def pages(root: Path, toc: Path | None = None) -> list[Page]:
    """The pages of the book at `root`, in reading order. The first page is a part of its own, named after its file."""
    listed = _listed(root, toc)
    first = (Path(listed["root"]).name.capitalize(), listed["root"])
    others = [(part["caption"], chapter["file"]) for part in listed.get("parts", ()) for chapter in part["chapters"]]
    return [_page(root, part, file) for part, file in (first, *others)]


def _page(root: Path, part: str, file: str) -> Page:
    path = root / f"{file}.md"
    lines = path.read_text("utf8").splitlines() if path.is_file() else []
    title = next((line[2:].strip() for line in lines if line.startswith("# ")), Path(file).name)
    return Page(part, file, title, tuple(id_ for line in lines if (id_ := asked(line))))
