"""Reading what a learner handed in: as bytes, within limits, never through a link out of the folder."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from courseware.answers import MAX_BYTES as ANSWERS_LIMIT

from .folders import Folder, NoFile, Unreadable, opened, walk

ANSWERS_FILE = "answers.json"
NOTEBOOK_LIMIT = 50_000_000
OTHER_FILE_LIMIT = 10_000_000
OTHER_FILES = 200
ACTIVE = (".html", ".htm", ".xhtml", ".xht", ".shtml", ".svg", ".xml", ".mht", ".mhtml")  # formgrader would serve them


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
    """Copy a submission's other files for the record. Links and oversized files stay behind; returns what was left out, in words.

    `ignore(path)` says whether the course ignores a path. Raises OSError.
    """
    left_out, copied = [], 0
    with opened(folder) as top:
        for here, name in _other_files(top, ignore):
            shown = _shown(Path(*here.parts, name))
            if Path(name).suffix.lower() in ACTIVE:
                left_out.append(f"{shown} could run a script in your browser: look at it in the folder of submissions.")
                continue
            try:
                data = here.read(name, OTHER_FILE_LIMIT) if copied < OTHER_FILES else None
            except NoFile:
                left_out.append(f"{shown} is a link or a special file and was not followed.")
                continue
            except Unreadable:
                data = None
            if data is None:
                left_out.append(f"{shown} was too large, one too many, or not to be read: no copy was kept.")
                continue
            target = Path(destination, *here.parts, name)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.unlink(missing_ok=True)
            target.write_bytes(data)
            copied += 1
    return left_out


def _shown(path: Path) -> str:
    """A file's name for a log: no control character of it reaches a terminal."""
    return "".join(sign if sign.isprintable() else "?" for sign in path.as_posix())[:200]
