"""Reading what a learner handed in: as bytes, within limits, never through a link out of the folder."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

from courseware.answers import MAX_BYTES as ANSWERS_LIMIT
from courseware.questions import RELEASE_FILE

from .folders import Folder, NoFile, Unreadable, opened, walk
from .names import shown

ANSWERS_FILE = "answers.json"
NOTEBOOK_LIMIT = 50_000_000
OTHER_FILE_LIMIT = 10_000_000
OTHER_FILES = 200
MOST_NOTEBOOKS, SEARCHED = 30, 100_000_000  # how many notebooks, and bytes, are looked at for the one that is meant
NO_WORK = (".ipynb_checkpoints", "__MACOSX")  # folders that JupyterLab and archives make
# What a page shows, or a browser saves, without running any of it: the only other files that are copied.
HARMLESS = (".csv", ".tsv", ".txt", ".json", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".pdf", ".xlsx")


@dataclass(frozen=True)
class Other:
    """A notebook that lies in the folder, under whatever name, and the answers kept beside it where that is another folder."""

    path: str
    data: bytes = field(repr=False)
    answers: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Submission:
    """The bytes of one submitted notebook and of the answers kept beside it, or why they are missing."""

    notebook: bytes | None
    notebook_problem: str
    answers: bytes | None
    answers_problem: str
    timestamp: str = ""
    remarks: tuple[str, ...] = ()  # what else was found when it was read
    files: dict[str, bytes] = field(default_factory=dict, repr=False)  # what else lies there, for code that reads it
    missing: bool = False  # there is nothing under the notebook's name
    others: tuple[Other, ...] = ()  # the notebooks of the folder, where one of another name may be meant (finding.py)
    more: bool = False  # there are more of them than are looked at
    flags: tuple[str, ...] = ()  # what is odd about the choice among them
    undecided: str = ""  # why a person chooses
    beside: tuple[tuple[str, bytes], ...] = ()  # answers beside the notebook that was taken: the file's name, its bytes

    @property
    def digest(self) -> str:
        """SHA-256 of everything that the score depends on."""
        parts = (
            self.notebook or b"",
            self.notebook_problem.encode(),
            self.answers or b"",
            self.answers_problem.encode(),
            self.timestamp.encode(),
            *(remark.encode() for remark in self.remarks),
            *(part for name, data in sorted(self.files.items()) for part in (name.encode("utf8", "replace"), data)),
            *(
                part
                for one in self.others
                for part in (one.path.encode("utf8", "replace"), one.data, one.answers or b"")
            ),
            *(text.encode("utf8", "replace") for text in (*self.flags, self.undecided)),
        )
        whole = hashlib.sha256()
        for part in parts:
            whole.update(len(part).to_bytes(8, "big") + part)
        return whole.hexdigest()


def read_file(folder: Path, name: str, limit: int) -> bytes | None:
    """Bytes of an ordinary file in `folder`; None when there is none. Raises Unreadable."""
    try:
        with opened(folder) as here:
            return here.read(name, limit)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Unreadable(f"The folder cannot be opened ({error.strerror}).") from None


def read_submission(
    folder: Path, notebook: str, files: dict[str, bytes] | None = None, remarks: tuple[str, ...] = ()
) -> Submission:
    """What lies in `folder` for the notebook named `notebook` (without .ipynb). Never raises for anything that a learner can hand in.

    `files` are the folder's other files (from `read_files`), where code is to be run that may read them.
    """
    return read_submissions(folder, [notebook], files, remarks)[notebook]


def read_submissions(
    folder: Path,
    notebooks: Iterable[str],
    files: dict[str, bytes] | None = None,
    remarks: tuple[str, ...] = (),
    ignore: Callable[[str], bool] = lambda path: False,
    apart: Iterable[str] = (),
) -> dict[str, Submission]:
    """As read_submission, for all the notebooks of an assignment; `apart` are those of its notebooks that are not wanted."""

    with ExitStack() as stack:
        trouble = ""
        top: Folder | None = None
        try:
            top = stack.enter_context(opened(folder))
        except FileNotFoundError:
            pass
        except OSError as error:
            trouble = f"The folder cannot be opened ({error.strerror})."

        def attempt(name: str, limit: int) -> tuple[bytes | None, str]:
            try:
                return (top.read(name, limit) if top else None), trouble
            except Unreadable as error:
                return None, str(error)

        own = {name: attempt(f"{name}.ipynb", NOTEBOOK_LIMIT) for name in notebooks}
        answers, answers_problem = attempt(ANSWERS_FILE, ANSWERS_LIMIT)
        stamp, _ = attempt("timestamp.txt", 1000)
        others, more = _others(top, own, ignore, frozenset(f"{name}.ipynb" for name in apart)) if top else ((), False)
    found = {}
    for name, (raw, problem) in own.items():
        missing = raw is None and not problem
        if missing:
            problem = f"{name}.ipynb is missing. Hand in the notebook under the name that it was given out with."
        said = (stamp or b"").decode("utf8", "replace").strip()
        found[name] = Submission(
            raw, problem, answers, answers_problem, said, remarks, files or {}, missing, others, more
        )
    return found


def _others(
    top: Folder, own: dict[str, tuple[bytes | None, str]], ignore: Callable[[str], bool], apart: frozenset[str]
) -> tuple[tuple[Other, ...], bool]:
    """(The notebooks in the folder, whether there are more); none where the folder has those of the right names and no other."""
    known = {f"{name}.ipynb": raw for name, (raw, _) in own.items()}
    found = {path: Other(path, raw) for path, raw in known.items() if raw is not None}
    most, left = len(found) + MOST_NOTEBOOKS, SEARCHED
    wide = not all(known.values())  # is one missing, or empty, so that files of any name are looked into?

    def passed_over(path: str) -> bool:
        return os.path.basename(path) in NO_WORK or ignore(path)

    for here, names in walk(top, passed_over):
        for name in names:
            if not _may_be_a_notebook(name, wide):
                continue
            path = "/".join((*here.parts, name)).encode("utf8", "replace").decode("utf8")
            if path in apart or path in known:
                continue
            named = ".ipynb" in name.lower()
            if len(found) >= most or left <= 0:
                if named:
                    return tuple(found.values()), True
                continue
            with suppress(Unreadable):
                data = here.read(name, NOTEBOOK_LIMIT)
                left -= len(data or b"")
                if data is not None and (named or b'"cells"' in data):
                    found[path] = Other(path, data)
                    found[path] = Other(path, data, here.read(ANSWERS_FILE, ANSWERS_LIMIT) if here.parts else None)
    return (() if len(own) == 1 and set(found) <= set(known) else tuple(found.values())), False


def _may_be_a_notebook(name: str, wide: bool) -> bool:
    plain = name.lower()
    if plain.startswith(".") or plain.endswith("~") or plain in (ANSWERS_FILE, RELEASE_FILE, "timestamp.txt"):
        return False  # hidden, a copy that an editor made, or known as something else
    return ".ipynb" in plain or (wide and Path(plain).suffix in ("", ".json", ".txt"))


def read_files(folder: Path, ignore: Callable[[str], bool]) -> dict[str, bytes]:
    """A submission's other files by relative path, for code that reads them: as many and as large as copy_other_files keeps."""
    found: dict[str, bytes] = {}
    size = 0
    with suppress(OSError), opened(folder) as top:
        for here, name in _other_files(top, ignore):
            if len(found) >= OTHER_FILES:
                break
            try:
                data = here.read(name, OTHER_FILE_LIMIT - size)
            except Unreadable:
                continue  # copy_other_files says what was left out
            if data is not None:
                size += len(data)
                found["/".join((*here.parts, name)).encode("utf8", "replace").decode("utf8")] = data
    return found


def _other_files(top: Folder, ignore: Callable[[str], bool]) -> Iterator[tuple[Folder, str]]:
    for here, names in walk(top, ignore):
        yield from ((here, name) for name in names if not name.endswith(".ipynb"))


def copy_other_files(folder: Path, destination: Path, ignore: Callable[[str], bool]) -> list[str]:
    """Copy a submission's other files for the record, beside the graded notebook. Files of other kinds than HARMLESS, links and oversized files
    stay behind; returns what was left out, in words.

    `ignore(path)` says whether the course ignores a path. Raises OSError.
    """
    left_out, copied = [], 0
    with opened(folder) as top:
        for here, name in _other_files(top, ignore):
            said = shown(Path(*here.parts, name).as_posix())
            kept, full = Path(name).suffix.lower() in HARMLESS, copied >= OTHER_FILES
            try:
                data = here.read(name, OTHER_FILE_LIMIT if kept and not full else 0)
            except NoFile:
                left_out.append(f"{said} is a link or a special file and was not followed.")
                continue
            except Unreadable:
                data = None
            if not kept:
                left_out.append(f"{said} is of a kind that is not copied: look at it in the folder of submissions.")
                continue
            if data is None or full:
                left_out.append(f"{said} was too large, one too many, or not to be read: no copy was kept.")
                continue
            target = Path(destination, *here.parts, name)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.unlink(missing_ok=True)
            target.write_bytes(data)
            copied += 1
    return left_out
