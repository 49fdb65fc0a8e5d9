"""The trusted side of a warm process: make it of the first one, fork a session, end it."""

from __future__ import annotations

import array
import base64
import contextlib
import socket
import tempfile

from .base import START, Base
from .box import WORK
from .box.channel import RECORD, Channel
from .limits import Limits
from .memory import resident, sender, tell_sender
from .session import Session


class ForkServer:
    """A warm process, which gets warm while others go on. `role` is "learner" or "judge"."""

    def __init__(self, base: Base, role: str, limits: Limits, seed: int, files: dict[str, bytes], **settings):
        ours, theirs = socket.socketpair()
        tell_sender(ours)
        self._base, self._control, self._limits, self._seed, self._files = base, ours, limits, seed, files
        folder = None if base.boxed else tempfile.mkdtemp(prefix="warm-", dir=base.folder)
        start = {
            "role": role,
            "limits": limits.as_dict(),
            "seed": seed,
            "files": _as_text(files),
            "work": folder or WORK,
            **settings,
        }
        self._control.settimeout(START)
        with theirs, contextlib.suppress(OSError):  # what went wrong is told by `opened`
            base.fork(theirs)
        with contextlib.suppress(OSError):
            Channel(self._control).send(start)
        self._ready: dict | None = None

    @property
    def opened(self) -> int:
        """How many of the instructor's first cells the judge's warm process has run. Waits until it is warm; raises OSError."""
        return self.ready(START)["opened"]

    def ready(self, seconds: float) -> dict:
        """What the warm process says when it is warm. Raises OSError, and then it is of no use."""
        if self._ready is None:
            self._control.settimeout(seconds)
            with contextlib.suppress(OSError):
                self.pid = sender(self._control)
                self._ready = Channel(self._control).receive()
            if self._ready is None:
                self.close()
                raise OSError(f"The warm process did not start. {self._base.said()[-1500:]}")
            self._control.settimeout(None)
            self.shared = resident(self.pid)  # bytes that every fork has from the start
        return self._ready

    def session(self, files: dict[str, bytes], output_bytes: int, seed: int | None = None, **more) -> Session:
        """A fresh child. Its random numbers are of `seed`, or of the warm process's own. What `more` it is told: see warm.py.

        Raises OSError when the warm process did not start, with what it said, or died.
        """
        assert self.opened >= 0
        folder = None if self._base.boxed else tempfile.mkdtemp(prefix="work-", dir=self._base.folder)
        pairs = [socket.socketpair(), socket.socketpair()]
        tell_sender(pairs[1][0])
        handles = array.array("i", [theirs.fileno() for _, theirs in pairs])
        try:
            self._control.sendmsg([RECORD.pack(b"F", 0)], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, handles)])
        finally:
            for _, theirs in pairs:
                theirs.close()
        most = self.shared + (self._limits.memory_mb << 20)
        session = Session(pairs[0][0], pairs[1][0], output_bytes, most, folder)
        new = {name: data for name, data in files.items() if self._files.get(name) != data}
        begin = {"folder": folder, "files": _as_text(new), "seed": self._seed if seed is None else seed, **more}
        session.send(begin)
        return session

    def used(self) -> float:
        """Seconds of processor time that the process took since it was warm, with its sessions that have ended; 0.0 where it is gone."""
        with contextlib.suppress(OSError):
            self._control.sendall(RECORD.pack(b"U", 0))
            said = self._control.recv(RECORD.size, socket.MSG_WAITALL)
            return RECORD.unpack(said)[1] / 1e3 if len(said) == RECORD.size else 0.0
        return 0.0

    def close(self) -> None:
        """End the process, and every session of it, unless another process uses it too."""
        self._control.close()


def _as_text(files: dict[str, bytes]) -> dict[str, str]:
    return {name: base64.b64encode(data).decode() for name, data in files.items()}
