"""The memory of a session's processes together: the kernel's limit (RLIMIT_AS) knows only one process at a time."""

from __future__ import annotations

import psutil

EVERY = 0.5  # seconds between two looks: each reads the list of all processes, some 5 ms


class Tree:
    """The processes that a warm process has made. Created when it is warm and nothing else runs below `root`."""

    def __init__(self, root: int):
        self._root = psutil.Process(root)
        warm = [self._root, *self._root.children(recursive=True)]
        self._warm = {process.pid for process in warm}
        self.shared = max(_resident(process) for process in warm)  # bytes that every fork has from the start

    def bytes(self, enough: int) -> int:
        """Bytes of memory in use, pages that several processes share counted once; more than that where it is below `enough`."""
        try:
            forks = [process for process in self._root.children(recursive=True) if process.pid not in self._warm]
        except psutil.NoSuchProcess:
            return 0
        resident = sum(map(_resident, forks))
        return resident if resident <= enough else sum(map(_proportional, forks))


def _resident(process: psutil.Process) -> int:
    try:
        return process.memory_info().rss
    except psutil.Error:  # it has just ended
        return 0


def _proportional(process: psutil.Process) -> int:
    """Its own pages and its share of those it has with others; all that it can see where the system does not tell."""
    try:
        return getattr(process.memory_full_info(), "pss", None) or _resident(process)
    except (psutil.Error, OSError):
        return _resident(process)
