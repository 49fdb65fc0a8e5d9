"""A learner's folder, read through open descriptors: whatever is renamed or exchanged for a link meanwhile, nothing that lies
elsewhere is read. Where the system has no such descriptors (Windows), each step looks for a link first.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

DEEPEST, MOST_NAMES = 20, 20_000  # folders in one another, and names in all
BY_HANDLE = os.open in os.supports_dir_fd and os.scandir in os.supports_fd and hasattr(os, "O_NOFOLLOW")
_READ = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_ENTER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0)


class Unreadable(Exception):
    """A file of a submission that cannot be read; the text says why, for the learner."""


class NoFile(Unreadable):
    """A link, a device or something else that is no ordinary file."""


class Folder:
    """An open folder, and `parts`, its place below the one that was opened first."""

    def __init__(self, path: Path, handle: int | None, parts: tuple[str, ...] = ()):
        self.path, self._handle, self.parts = path, handle, parts

    def _at(self, name: str) -> tuple[str, dict]:
        return (str(self.path / name), {}) if self._handle is None else (name, {"dir_fd": self._handle})

    def read(self, name: str, limit: int) -> bytes | None:
        """The bytes of an ordinary file in this folder; None when there is none.

        Raises NoFile for links and devices, Unreadable for more than `limit` bytes and what cannot be opened.
        """
        path, here = self._at(name)
        try:
            if self._handle is None and _is_link(path):
                raise NoFile(f"{name} is a link to another file. Hand in the file itself.")
            handle = os.open(path, _READ, **here)
        except FileNotFoundError:
            return None
        except OSError as error:
            if stat.S_ISLNK(_mode(path, here)):
                raise NoFile(f"{name} is a link to another file. Hand in the file itself.") from None
            raise Unreadable(f"{name} cannot be opened ({error.strerror}). Hand it in again.") from None
        try:
            status = os.fstat(handle)
            if not stat.S_ISREG(status.st_mode):
                raise NoFile(f"{name} is not an ordinary file. Hand in the file itself.")
            if status.st_size > limit:
                size = f"{status.st_size / 1e6:.1f} MB, at most {limit / 1e6:.0f} MB are read"
                raise Unreadable(f"{name} is too large: {size}.")
            with os.fdopen(handle, "rb", closefd=False) as file:
                return file.read(limit)
        except OSError as error:
            raise Unreadable(f"{name} cannot be read ({error.strerror}). Hand it in again.") from None
        finally:
            os.close(handle)

    def names(self, most: int) -> tuple[list[str], list[str]] | None:
        """(folders, everything else), sorted; None when there are more than `most`. Raises OSError."""
        folders: list[str] = []
        others: list[str] = []
        with os.scandir(self.path if self._handle is None else self._handle) as entries:
            for entry in entries:
                (folders if entry.is_dir(follow_symlinks=False) else others).append(entry.name)
                if len(folders) + len(others) > most:
                    return None
        return sorted(folders), sorted(others)

    @contextmanager
    def inside(self, name: str) -> Iterator[Folder]:
        """The folder `name` in this one. Raises OSError, also for a link."""
        path, here = self._at(name)
        parts = (*self.parts, name)
        if self._handle is None:
            if _is_link(path):
                raise NotADirectoryError(f"{name} is a link")
            yield Folder(Path(path), None, parts)
            return
        handle = os.open(path, _ENTER | os.O_NOFOLLOW, **here)
        try:
            yield Folder(self.path / name, handle, parts)
        finally:
            os.close(handle)


@contextmanager
def opened(path: Path) -> Iterator[Folder]:
    """The folder at `path`, which the course gave: links on the way to it are the instructor's own. Raises OSError."""
    if not BY_HANDLE:
        yield Folder(Path(path), None)
        return
    handle = os.open(path, _ENTER)
    try:
        yield Folder(Path(path), handle)
    finally:
        os.close(handle)


def walk(top: Folder, ignore: Callable[[str], bool]) -> Iterator[tuple[Folder, list[str]]]:
    """Each folder from `top` on with the names of what is in it and is no folder; only so deep and so many as any assignment needs.

    `ignore(path)` says whether the course ignores a path.
    """
    left = MOST_NAMES

    def below(folder: Folder) -> Iterator[tuple[Folder, list[str]]]:
        nonlocal left
        try:
            found = folder.names(left)
        except OSError:
            return
        if found is None:
            left = -1
            return
        left -= sum(map(len, found))
        yield folder, [name for name in found[1] if not ignore(os.path.join(folder.path, name))]
        for name in found[0] if len(folder.parts) < DEEPEST else ():
            if left >= 0 and not ignore(os.path.join(folder.path, name)):
                with suppress(OSError), folder.inside(name) as inner:
                    yield from below(inner)

    yield from below(top)


def _mode(path: str, here: dict) -> int:
    with suppress(OSError):
        return os.stat(path, follow_symlinks=False, **here).st_mode
    return 0


def _is_link(path: str) -> bool:
    return os.path.islink(path) or getattr(os.path, "isjunction", lambda _: False)(path)
