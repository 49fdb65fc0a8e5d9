"""Other conditions for cells of the instructor's: another time, other files of the learner's. In a process that is thrown away.

Cells that show and leave the same here as in another process, and did nothing that is noticed, depend on nothing but their text.
What they leave may be the same by chance (is it a weekday?), so it is noticed where they ask a clock or the system's randomness
themselves. What a package asks for its own ends counts only by what comes of it: each of plotly's figures draws a random name.
"""

from __future__ import annotations

import ctypes
import datetime
import gc
import os
import random
import secrets
import sys
import time
import uuid
from collections.abc import Callable

OTHER = b"\x00 other\n"  # what the learner's files hold here
SECONDS = 401 * 86400 + 13 * 3600 + 7 * 60 + 11.375  # on: another year, day of the week, hour, minute and second
LONG_AGO = 2  # when every file was written; it was read at 1
STARTS = (
    "subprocess.Popen",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.spawn",
    "os.fork",
    "os.forkpty",
    "pty.spawn",
)
THROUGH = {__file__, random.__file__, secrets.__file__, uuid.__file__, datetime.__file__}


class Elsewhere:
    """Made before the cells run. `files` are the learner's, by relative path."""

    def __init__(self, files: list[str]):
        self._files: list[str] = files
        self._noticed: set[str] = set()
        for directory, _, names in os.walk("."):
            for name in names:
                os.utime(os.path.join(directory, name), (1, LONG_AGO))
        self._move_clocks()
        self._watch_randomness()
        sys.addaudithook(self._hear)

    def noticed(self) -> str:
        """What the cells did that others could find otherwise: "" for nothing."""
        if not all(map(_untouched, self._files)):
            self._noticed.add("a learner's file")
        return ", ".join(sorted(self._noticed))

    def _hear(self, event: str, arguments: tuple) -> None:
        if event in STARTS:
            self._noticed.add("other programs")

    def _asked(self, what: str) -> None:
        """Note it where a cell, or a file beside the notebook, has asked."""
        frame = sys._getframe(1)
        while frame is not None and frame.f_code.co_filename in THROUGH:
            frame = frame.f_back
        if frame is not None and frame.f_code.co_filename.startswith("/tmp/"):
            self._noticed.add(what)

    def _watch(self, module: object, name: str, make: Callable[[Callable], Callable], what: str) -> None:
        made = make(getattr(module, name))

        def watched(*arguments, **named):
            self._asked(what)
            return made(*arguments, **named)

        setattr(module, name, watched)

    def _move_clocks(self) -> None:
        """Every clock that Python has shows another time. Raises RuntimeError where one cannot be moved."""
        ns = int(SECONDS * 1e9)
        for name in ("time", "monotonic", "perf_counter", "process_time", "thread_time", "clock_gettime"):
            self._watch(time, name, lambda stock: lambda *which: stock(*which) + SECONDS, "a clock")
            self._watch(time, f"{name}_ns", lambda stock: lambda *which: stock(*which) + ns, "a clock")
        for name in ("localtime", "gmtime", "ctime"):
            self._watch(time, name, lambda stock: lambda at=None: stock(time.time() if at is None else at), "a clock")
        here = time.localtime
        time.asctime = lambda at=None, stock=time.asctime: stock(here() if at is None else at)
        time.strftime = lambda form, at=None, stock=time.strftime: stock(form, here() if at is None else at)
        # The methods of a class that is written in C: only its own dictionary lets them be replaced.
        kind = datetime.datetime
        methods = gc.get_referents(vars(kind))[0]
        methods["now"] = classmethod(lambda cls, tz=None: cls.fromtimestamp(time.time(), tz))
        methods["utcnow"] = classmethod(lambda cls: cls.fromtimestamp(time.time(), datetime.UTC).replace(tzinfo=None))
        ctypes.pythonapi.PyType_Modified(ctypes.py_object(kind))
        moved = datetime.datetime.fromtimestamp(time.time())
        if abs(kind.now() - moved).total_seconds() > 60 or kind.today().date() != moved.date():
            raise RuntimeError("a clock cannot be moved")

    def _watch_randomness(self) -> None:
        def same(stock: Callable) -> Callable:
            return stock

        self._watch(os, "urandom", same, "randomness")
        self._watch(random, "_urandom", same, "randomness")
        stock = random.seed

        def seed(*arguments, **named):
            if not arguments and not named:
                self._asked("randomness")
            return stock(*arguments, **named)

        random.seed = seed


def _untouched(name: str) -> bool:
    try:
        status = os.stat(name)
    except OSError:
        return False
    return (status.st_atime, status.st_mtime, status.st_size) == (1, LONG_AGO, len(OTHER))
