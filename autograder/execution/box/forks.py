"""Forks, in a box or without one."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import sys
import traceback
from collections.abc import Callable

from . import containment, namespaces

MADV_COLLAPSE, LARGE = 25, 2 << 20


class Forks:
    """What a process must have to fork others. `shown` are folders below /tmp that every one of them sees."""

    def __init__(self, boxed: bool, shown: list[str]):
        self.boxed, self._shown = boxed, shown
        self._walls = (containment.Filter(), containment.Land()) if boxed else ()
        self._home, self._space = -1, containment.address_space()
        self.fonts: dict[str, bytes] = {}  # matplotlib's list, by its place below the home folder

    def settle(self) -> None:
        """Get ready to fork."""
        gc.collect()
        gc.freeze()
        _use_large_pages()
        self._space = containment.address_space()
        if not containment.single_threaded():
            raise RuntimeError("the warm process has more than one thread and cannot fork")

    def warm(self) -> int:
        """Fork a warm process: its pid, or that of one that waits for it; 0 in the child."""
        child = namespaces.fork_warm(self._shown) if self.boxed else os.fork()
        if child == 0 and self.boxed:
            self._home = namespaces.home()
        return child

    def session(self) -> int:
        """Fork a session from a warm process: its pid; 0 in the child."""
        return namespaces.fork_session(self._home) if self.boxed else os.fork()

    def keep_only(self, *kept: int) -> None:
        """In a child: close what the parent had open, but for `kept`."""
        for number in map(int, os.listdir("/dev/fd")):
            if number > 2 and number != self._home and number not in kept:
                with contextlib.suppress(OSError):  # the listing's own
                    os.close(number)

    def confine(self, limits: dict, folder: str | None = None) -> None:
        """In a session: give up what a learner's code must not have. `folder` is where it finds itself without a box."""
        if self.boxed:
            os.close(self._home)
            containment.confine(limits, *self._walls, self._shown, self._space)
        else:
            os.setsid()
            os.chdir(folder)
            containment.set_limits(limits, self._space)

    def do_without(self, packages: dict[str, list[str]]) -> None:
        """In a warm process: nobody here finds these packages any more. None of them is loaded yet."""
        for name, places in packages.items():
            for place in places if self.boxed else ():
                namespaces.cover(place)
            if not self.boxed:
                sys.modules[name] = None  # an import of it fails

    def kill(self, pid: int, what: int) -> None:
        """Send a signal to a session; one that ends it ends all that it started."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if self.boxed:
                os.kill(pid, what)
            else:
                os.killpg(pid, what)


def _use_large_pages() -> None:
    """A fork then copies a table of a few entries, not one of ten thousand. Where the system has none, nothing happens."""
    if not sys.platform.startswith("linux"):
        return
    with open("/proc/self/maps") as file:
        for line in file:
            span, rights, _, _, inode, *_ = line.split()
            first, last = (int(end, 16) for end in span.split("-"))
            first, last = -(-first // LARGE) * LARGE, last // LARGE * LARGE
            if rights == "rw-p" and inode == "0" and last > first:
                namespaces.libc.madvise(ctypes.c_void_p(first), ctypes.c_size_t(last - first), MADV_COLLAPSE)


def guarded(what: Callable, *arguments: object) -> None:
    """In a fork, which must never return into its parent's loop."""
    try:
        what(*arguments)
    except BaseException:  # noqa: BLE001
        os.write(2, traceback.format_exc().encode())
        os._exit(71)
    os._exit(0)
