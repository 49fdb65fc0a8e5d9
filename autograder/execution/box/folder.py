"""The folder that cells run in: what changed in it, as data, and how such changes are put into another."""

from __future__ import annotations

import base64
import contextlib
import os

MOST_FILES, MOST_BYTES = 300, 20_000_000
# What Python would import: a file of that name beside a test is never a learner's.
IMPORTABLE = (".py", ".pyc", ".pyd", ".so", ".pth", ".zip", ".egg")


class Folder:
    """The present folder at the time it is made, and how its files were when they were last looked at."""

    def __init__(self) -> None:
        self.root = os.getcwd()
        self._folders: list[str] = []
        self._seen = self._look()
        self._known = set(self._folders)

    def changed(self) -> dict:
        """{"files": {relative path: base64}, "folders": [...], "gone": [...], "left out": bool} since the last look, or the last writing."""
        now, files, size, left_out = self._look(), {}, 0, False
        for name, state in now.items():
            if self._seen.get(name) == state:
                continue
            size += state[1]
            if size > MOST_BYTES or len(files) >= MOST_FILES:
                left_out = True
                continue
            try:
                with open(os.path.join(self.root, name), "rb") as file:
                    files[name] = base64.b64encode(file.read()).decode()
            except OSError:
                left_out = True
        gone = [name for name in self._seen if name not in now]
        self._seen = now
        folders = sorted(set(self._folders) - self._known)
        self._known |= set(folders)
        return {"files": files, "folders": folders, "gone": gone, "left out": left_out}

    def write(self, changes: dict, own: frozenset[str] = frozenset(), importable: bool = True) -> None:
        """Put the other side's changes here, but for files that are `own`; `importable` ones only where that is said."""
        for name, data in changes["files"].items():
            with contextlib.suppress(OSError, ValueError, TypeError):  # a forged name, or content, is no file
                if path := self._inside(name, own, importable):
                    os.makedirs(os.path.dirname(path), exist_ok=True)
                    with open(path, "wb") as file:
                        file.write(base64.b64decode(data))
        for name in list(changes.get("folders", ()))[:MOST_FILES]:
            with contextlib.suppress(OSError, ValueError, TypeError):
                if path := self._inside(name, own, importable):
                    os.makedirs(path, exist_ok=True)
        gone = [name for name in changes["gone"] if type(name) is str]
        for name in gone:
            with contextlib.suppress(OSError, ValueError):
                path = self._inside(name, own, importable)
                if path and os.path.isfile(path):
                    os.unlink(path)
        now = self._look()  # of what else has changed here the other side has not heard
        for name in [*changes["files"], *gone]:
            self._seen.pop(name, None)
            self._seen |= {name: now[name]} if name in now else {}

    def _inside(self, name: str, own: frozenset[str], importable: bool) -> str:
        """The whole path of a relative one; "" for one that leads out, through a link, or to what is not to be written."""
        path = os.path.normpath(os.path.join(self.root, name))
        if not path.startswith(self.root + os.sep) or os.path.realpath(path) != path or os.path.isdir(path):
            return ""
        inside = os.path.relpath(path, self.root)
        return "" if inside in own or (not importable and inside.lower().endswith(IMPORTABLE)) else path

    def _look(self) -> dict[str, tuple[int, int]]:
        found: dict[str, tuple[int, int]] = {}
        self._folders = []
        for directory, folders, names in os.walk(self.root):
            folders[:] = [name for name in folders if name != "__pycache__"]
            self._folders += [os.path.relpath(os.path.join(directory, name), self.root) for name in folders]
            for name in names:
                path = os.path.join(directory, name)
                try:
                    status = os.lstat(path)
                except OSError:
                    continue
                if os.path.isfile(path) and not os.path.islink(path):
                    found[os.path.relpath(path, self.root)] = status.st_mtime_ns, status.st_size
                if len(found) > 5000:
                    return found
        return found
