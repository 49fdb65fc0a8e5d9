"""The trusted side of a warm process: start it, fork a session, end it."""

from __future__ import annotations

import array
import base64
import contextlib
import itertools
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from . import bubblewrap
from .box import WORK
from .box.zygote import RECORD, Channel
from .limits import Limits
from .memory import Tree
from .session import Session

START = 120.0  # seconds that a warm process has to start
PACKAGES = ["ipywidgets", "plotly.graph_objects", "plotly.io._renderers", "IPython.display"]


class ForkServer:
    """A warm process, which gets warm while others go on. `role` is "learner", "judge", or "trial": only to see if it can be had."""

    def __init__(self, role: str, boxed: bool, limits: Limits, seed: int, files: dict[str, bytes], **settings):
        ours, theirs = socket.socketpair()
        self._control, self._ids, self._boxed, self._limits, self._seed = ours, itertools.count(1), boxed, limits, seed
        self._folder = None if boxed else tempfile.mkdtemp(prefix="grader-")
        keep: list[str] = []
        environment = None
        if boxed:
            command, keep = bubblewrap.command(theirs.fileno())
        else:
            command = [sys.executable, "-m", "box.zygote", str(theirs.fileno())]
            environment = {**bubblewrap.ENVIRONMENT, "HOME": self._folder, "TMPDIR": self._folder}
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
        start = {
            "role": role,
            "boxed": boxed,
            "limits": limits.as_dict(),
            "seed": seed,
            "files": _as_text(files),
            "packages": PACKAGES,
            "shown": keep,
            "work": WORK if boxed else os.path.join(self._folder, "work"),
            **settings,
        }
        self._control.settimeout(START)
        with contextlib.suppress(OSError):  # what went wrong is told by wait()
            Channel(self._control).send(start)
        self._opened: int | None = None

    @property
    def opened(self) -> int:
        """How many of the instructor's first cells the judge's warm process has run. Waits until it is warm; raises OSError."""
        if self._opened is None:
            try:
                ready = Channel(self._control).receive()
            except OSError:
                ready = None
            if ready is None:
                raise OSError(f"The warm process did not start. {self.close()[-1500:]}")
            self._control.settimeout(None)
            self._tree = Tree(self._process.pid)
            self._opened = ready["opened"]
        return self._opened

    def _box_alone(self) -> str:
        """Without a box, too, the code that runs beside learners' is found as `box` and not through the package."""
        place = os.path.join(self._folder, "code")
        os.makedirs(place)
        os.symlink(Path(__file__).parent / "box", os.path.join(place, "box"))
        return place

    def session(self, files: dict[str, bytes], output_bytes: int, seed: int | None = None) -> Session:
        """A fresh child. Raises OSError when the warm process did not start, with what it said, or died."""
        assert self.opened >= 0
        number = next(self._ids)
        ours, theirs = socket.socketpair()
        with theirs:
            handles = array.array("i", [theirs.fileno()])
            self._control.sendmsg([RECORD.pack(b"F", number, 0)], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, handles)])
        session = Session(self, number, ours, output_bytes)
        folder = "" if self._boxed else os.path.join(self._folder, f"work-{number}")
        session.send({"folder": folder, "files": _as_text(files), "seed": self._seed if seed is None else seed})
        return session

    def is_full(self) -> bool:
        """Do the children take more memory together than one submission may?"""
        most = self._tree.shared + (self._limits.memory_mb << 20)
        return self._tree.bytes(most) > most

    def signal(self, number: int, what: int) -> None:
        self._control.sendall(RECORD.pack(b"S", number, what))

    def end(self, number: int) -> int:
        """Kill a session's child with all that it started; its exit code (128 and more: a signal). Raises OSError."""
        self._control.sendall(RECORD.pack(b"E", number, 0))
        self._control.settimeout(30)
        answer = self._control.recv(RECORD.size, socket.MSG_WAITALL)
        self._control.settimeout(None)
        if len(answer) != RECORD.size:
            raise OSError("The warm process died.")
        if self._folder:
            shutil.rmtree(os.path.join(self._folder, f"work-{number}"), ignore_errors=True)
        return RECORD.unpack(answer)[2]

    def close(self) -> str:
        """End the process; what it wrote for us, if anything."""
        if self._log.closed:
            return ""
        self._control.close()
        try:
            self._process.wait(3)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._log.seek(0)
        with self._log:
            return self._log.read(20_000).decode(errors="replace")


def _as_text(files: dict[str, bytes]) -> dict[str, str]:
    return {name: base64.b64encode(data).decode() for name, data in files.items()}
