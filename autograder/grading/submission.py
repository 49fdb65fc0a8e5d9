"""Reading what a learner handed in: as bytes, within limits, never through a link out of the folder."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from courseware.answers import MAX_BYTES as ANSWERS_LIMIT

ANSWERS_FILE = "answers.json"
NOTEBOOK_LIMIT = 50_000_000
OTHER_FILE_LIMIT = 10_000_000
OTHER_FILES = 200
DEEPEST, MOST_NAMES = 20, 20_000  # folders in one another, and names in all
ACTIVE = (".html", ".htm", ".xhtml", ".xht", ".shtml", ".svg", ".xml", ".mht", ".mhtml")  # formgrader would serve them


class Unreadable(Exception):
    """A file of a submission that cannot be read; the text says why, for the learner."""


@dataclass(frozen=True)
class Submission:
    """The bytes of one submitted notebook and of the answers kept beside it, or why they are missing."""

    notebook: bytes | None
    notebook_problem: str
    answers: bytes | None
    answers_problem: str
    timestamp: str = ""
    remarks: tuple[str, ...] = ()  # what else was found when it was read
    files: dict[str, bytes] = field(
        default_factory=dict, repr=False
    )  # what else lies in the folder, for code that reads it

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
        )
        whole = hashlib.sha256()
        for part in parts:
            whole.update(len(part).to_bytes(8, "big") + part)
        return whole.hexdigest()


def read_file(folder: Path, name: str, limit: int) -> bytes | None:
    """Bytes of an ordinary file inside `folder`; None when there is none.

    Raises Unreadable for links, devices and more than `limit` bytes.
    """
    path = Path(folder) / name
    try:
        if path.is_symlink():
            raise Unreadable(f"{name} is a link to another file. Hand in the file itself.")
        handle = os.open(
            path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        )
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Unreadable(f"{name} cannot be opened ({error.strerror}). Hand it in again.") from None
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise Unreadable(f"{name} is not an ordinary file. Hand in the file itself.")
        if status.st_size > limit:
            raise Unreadable(
                f"{name} is too large: {status.st_size / 1e6:.1f} MB, at most {limit / 1e6:.0f} MB are read."
            )
        with os.fdopen(handle, "rb", closefd=False) as file:
            return file.read(limit)
    except OSError as error:
        raise Unreadable(f"{name} cannot be read ({error.strerror}). Hand it in again.") from None
    finally:
        os.close(handle)


def read_submission(
    folder: Path, notebook: str, files: dict[str, bytes] | None = None, remarks: tuple[str, ...] = ()
) -> Submission:
    """What lies in `folder` for the notebook named `notebook` (without .ipynb). Never raises for anything that a learner can hand in.

    `files` are the folder's other files (from `read_files`), where code is to be run that may read them.
    """

    def attempt(name: str, limit: int) -> tuple[bytes | None, str]:
        try:
            return read_file(folder, name, limit), ""
        except Unreadable as error:
            return None, str(error)

    raw, problem = attempt(f"{notebook}.ipynb", NOTEBOOK_LIMIT)
    if raw is None and not problem:
        problem = f"{notebook}.ipynb is missing. Hand in the notebook under the name that it was given out with."
    answers, answers_problem = attempt(ANSWERS_FILE, ANSWERS_LIMIT)
    stamp, _ = attempt("timestamp.txt", 1000)
    return Submission(
        raw,
        problem,
        answers,
        answers_problem,
        (stamp or b"").decode("utf8", "replace").strip(),
        remarks,
        files or {},
    )


def _walk(folder: Path, ignore: Callable[[str], bool]) -> Iterator[tuple[str, list[str], list[str]]]:
    """As os.walk, which follows no linked folders, but sorted, and only so deep and so many as any assignment needs."""
    left = MOST_NAMES
    for directory, names, files in os.walk(folder):
        deep = len(Path(directory).relative_to(folder).parts) >= DEEPEST  # os.walk calls itself for each level
        names[:] = [] if deep else sorted(name for name in names if not ignore(os.path.join(directory, name)))
        left -= len(names) + len(files)
        if left < 0:
            return
        yield directory, names, sorted(files)


def read_files(folder: Path, ignore: Callable[[str], bool]) -> dict[str, bytes]:
    """A submission's other files by relative path, for code that reads them: as many and as large as copy_other_files keeps."""
    found: dict[str, bytes] = {}
    folder = Path(folder)
    for directory, _, files in _walk(folder, ignore):
        for name in files:
            inside = Path(directory, name).relative_to(folder)
            if name.endswith(".ipynb") or ignore(os.path.join(directory, name)) or len(found) >= OTHER_FILES:
                continue
            try:
                data = read_file(Path(directory), name, OTHER_FILE_LIMIT)
            except Unreadable:
                continue  # copy_other_files says what was left out
            if data is not None and sum(map(len, found.values())) + len(data) <= OTHER_FILE_LIMIT:
                found[inside.as_posix().encode("utf8", "replace").decode("utf8")] = data
    return found


def copy_other_files(folder: Path, destination: Path, ignore: Callable[[str], bool]) -> list[str]:
    """Copy a submission's other files for the record. Links and oversized files stay behind; returns what was left out, in words.

    `ignore(path)` says whether the course ignores a path.
    """
    left_out, copied = [], 0
    folder, destination = Path(folder), Path(destination)
    for directory, names, files in _walk(folder, ignore):
        for name in files:
            path = Path(directory, name)
            shown = _shown(path.relative_to(folder))
            if name.endswith(".ipynb") or ignore(str(path)):
                continue
            status = path.lstat()
            if not stat.S_ISREG(status.st_mode):
                left_out.append(f"{shown} is a link or a special file and was not followed.")
            elif path.suffix.lower() in ACTIVE:
                left_out.append(f"{shown} could run a script in your browser: look at it in the folder of submissions.")
            elif status.st_size > OTHER_FILE_LIMIT or copied >= OTHER_FILES:
                left_out.append(f"{shown} was too large, or one too many, to keep a copy.")
            else:
                target = destination / path.relative_to(folder)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.unlink(missing_ok=True)
                shutil.copyfile(path, target, follow_symlinks=False)
                copied += 1
        for name in list(names):
            if Path(directory, name).is_symlink():
                left_out.append(f"{_shown(Path(directory, name).relative_to(folder))} is a link and was not followed.")
    return left_out


def _shown(path: Path) -> str:
    """A file's name for a log: no control character of it reaches a terminal."""
    return "".join(sign if sign.isprintable() else "?" for sign in path.as_posix())[:200]
