"""The trusted side of the first process of a box: it has everything imported, and warm processes are forks of it.

One is enough for a class: processes that are forked from this one may use what it started. Only the process that started it
ends it.
"""

from __future__ import annotations

import array
import atexit
import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from . import bubblewrap, fonts, shown
from .box.channel import RECORD, Channel
from .limits import Limits

START = 120.0  # seconds that a process has to get warm
PACKAGES = ["ipywidgets", "plotly.graph_objects", "plotly.io._renderers", "IPython.display"]


class Base:
    """The first process. It gets ready while others go on; what is asked of it meanwhile is done as soon as it is."""

    def __init__(self, boxed: bool, limits: Limits, hidden: tuple[str, ...] = ()):
        ours, theirs = socket.socketpair()
        self._control, self._owner, self.boxed = ours, os.getpid(), boxed
        self.folder = None if boxed else tempfile.mkdtemp(prefix="grader-")
        keep: list[str] = []
        environment = None
        self.view = shown.words(hidden) if boxed else None  # what a box shows of this machine
        if boxed:
            command, keep = bubblewrap.command(theirs.fileno(), hidden)
        else:
            command = [sys.executable, "-m", "box.zygote", str(theirs.fileno())]
            environment = {**bubblewrap.ENVIRONMENT, "HOME": self.folder, "TMPDIR": self.folder}
            environment["PYTHONPATH"] = self._box_alone()
        self._log = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            command,
            env=environment,
            pass_fds=(theirs.fileno(),),
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
        )
        theirs.close()
        start = {"boxed": boxed, "packages": PACKAGES, "shown": keep, "limits": limits.as_dict()}
        start["home"] = self.folder or "/tmp"
        start["fonts"] = fonts.known() if boxed else {}
        self._control.settimeout(START)
        with contextlib.suppress(OSError):  # what went wrong is told by hole() and said()
            Channel(self._control).send(start)
        self._hole: str | None = None

    def hole(self) -> str:
        """What the box lacks, seen from inside, in words; "" for nothing. Waits until it was looked."""
        if self._hole is None:
            with contextlib.suppress(OSError):
                found = Channel(self._control).receive()
                if found is not None:
                    fonts.keep(found["fonts"])
                    self._hole = f"the box has a hole ({found['hole']})." if found["hole"] else ""
            if self._hole is None:
                last = (self.said().strip().splitlines() or ["?"])[-1]
                self._hole = f"bubblewrap cannot make a box here ({last[:200]})."
        return self._hole

    def fork(self, control: socket.socket) -> None:
        """A warm process, which reads what it is to be from `control`. Raises OSError when this process is gone."""
        handles = array.array("i", [control.fileno()])
        self._control.sendmsg([RECORD.pack(b"W", 0)], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, handles)])

    def _box_alone(self) -> str:
        """Without a box, too, the code that runs beside learners' is found as `box` and not through the package."""
        place = os.path.join(self.folder, "code")
        os.makedirs(place)
        os.symlink(Path(__file__).parent / "box", os.path.join(place, "box"))
        return place

    def said(self) -> str:
        """What the process and those it forked wrote for us, if anything."""
        return os.pread(self._log.fileno(), 20_000, 0).decode(errors="replace")

    def close(self) -> None:
        self._control.close()
        if os.getpid() != self._owner:
            return
        self._process.kill()  # all that is in the box ends with it
        self._process.wait()
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)


_ahead: Base | None = None


def start_ahead(hidden: tuple[str, ...]) -> None:
    """Start the first process of a box while it is not known yet whether one is wanted: it then gets ready the sooner."""
    global _ahead
    with contextlib.suppress(OSError):
        if _ahead is None and not bubblewrap.lacking():
            _ahead = Base(True, Limits(), hidden)
            atexit.register(_end_ahead)


def first(boxed: bool, limits: Limits, hidden: tuple[str, ...]) -> Base:
    """The process that was started ahead, where it shows and hides the same as the one that is wanted; else a new one."""
    global _ahead
    found, _ahead = _ahead, None
    if found is not None and boxed and found.view == shown.words(hidden):
        return found
    if found is not None:
        found.close()
    return Base(boxed, limits, hidden)


def _end_ahead() -> None:
    if _ahead is not None:
        _ahead.close()
