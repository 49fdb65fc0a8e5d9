"""The trusted side of a warm process: start it, fork a session, exchange frames under a deadline and a byte budget."""

from __future__ import annotations

import array
import base64
import contextlib
import itertools
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from . import bubblewrap
from .box import WORK
from .box.zygote import FRAME, RECORD, Channel
from .limits import Limits
from .memory import EVERY, Tree

GRACE = 2.0  # seconds that an interrupted cell has to stop
START = 120.0  # seconds that a warm process has to start
PACKAGES = ["ipywidgets", "plotly.graph_objects", "plotly.io._renderers", "IPython.display"]


class Stopped(Exception):
    """The child is gone or was ended; `why` is a verdict."""

    def __init__(self, why: str):
        super().__init__(why)
        self.why = why


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
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - closed in close()
        self._process = subprocess.Popen(
            command, env=environment, pass_fds=(theirs.fileno(),), stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log
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


class Session:
    """One forked child, spoken to in frames. What comes from it is untrusted: every frame is checked for size and form."""

    def __init__(self, server: ForkServer, number: int, sock: socket.socket, most: int):
        self._server, self._number, self._socket, self._most = server, number, sock, most
        self._buffer, self._got, self.exit_code = bytearray(), 0, None
        self.said = ""  # the child's last words, if it failed
        self._weighed = time.monotonic()
        sock.setblocking(False)

    def send(self, message: dict, deadline: float | None = None) -> None:
        """Raises Stopped when the child does not take it."""
        data = json.dumps(message).encode()
        self._socket.settimeout(30.0 if deadline is None else max(0.1, deadline - time.monotonic()))
        try:
            self._socket.sendall(FRAME.pack(len(data)) + data)
        except TimeoutError:
            raise Stopped("timeout") from None
        except OSError:
            raise Stopped("killed") from None
        finally:
            self._socket.setblocking(False)

    def request(self, message: dict, until: str, seconds: float, hear: Callable[[dict], None] | None = None) -> tuple[dict, bool]:
        """Send a request and wait for the frame of type `until`; other frames go to `hear`. Returns (its content, was it interrupted).

        Past the deadline the child is interrupted as by Ctrl-C, and given up when that does not help. Raises Stopped.
        """
        self._got, interrupted = 0, False
        deadline = time.monotonic() + seconds
        self.send(message, deadline)
        while True:
            try:
                for frame in self._frames(deadline):
                    if frame["t"] == until:
                        return frame["content"], interrupted
                    if frame["t"] == "fatal":
                        self.said = str(frame["content"])[:1000]
                        raise Stopped("out of memory" if "MemoryError" in self.said else "killed")
                    if hear is not None:
                        hear(frame)
            except Stopped as stop:
                raise Stopped("timeout" if interrupted and stop.why == "killed" else stop.why) from None
            except TimeoutError:
                if interrupted:
                    raise Stopped("timeout") from None
                interrupted, deadline = True, time.monotonic() + GRACE
                self._server.signal(self._number, signal.SIGINT)

    def _frames(self, deadline: float) -> Iterator[dict]:
        while True:
            while len(self._buffer) >= FRAME.size:
                length = FRAME.unpack_from(self._buffer)[0]
                if length > self._most:
                    raise Stopped("too much output")
                if len(self._buffer) < FRAME.size + length:
                    break
                data = bytes(self._buffer[FRAME.size : FRAME.size + length])
                del self._buffer[: FRAME.size + length]
                yield _frame(data)
            heard = select.select([self._socket], [], [], max(0.0, min(EVERY, deadline - time.monotonic())))[0]
            self._weigh()
            if not heard:
                if time.monotonic() < deadline:
                    continue
                raise TimeoutError
            try:
                data = self._socket.recv(1 << 18)
            except BlockingIOError:
                continue
            except OSError:
                data = b""
            if not data:
                raise Stopped(self._death())
            self._got += len(data)
            if self._got > self._most:
                raise Stopped("too much output")
            self._buffer += data
            if time.monotonic() > deadline:  # a child that never stops talking is late as well
                raise TimeoutError

    def _weigh(self) -> None:
        if time.monotonic() - self._weighed >= EVERY:
            if self._server.is_full():
                raise Stopped("out of memory")
            self._weighed = time.monotonic()

    def _death(self) -> str:
        self.close()
        return {128 + signal.SIGXCPU: "timeout"}.get(self.exit_code, "killed")

    def close(self) -> None:
        """End the child and everything that it started. Raises OSError when the warm process itself is gone."""
        if self.exit_code is None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
            self._socket.close()
            self.exit_code = -1
            self.exit_code = self._server.end(self._number)


def _frame(data: bytes) -> dict:
    try:
        frame = json.loads(data)
    except (ValueError, RecursionError):
        raise Stopped("not serialisable") from None
    if type(frame) is not dict or type(frame.get("t")) is not str or "content" not in frame:
        raise Stopped("killed")
    return frame


def _as_text(files: dict[str, bytes]) -> dict[str, str]:
    return {name: base64.b64encode(data).decode() for name, data in files.items()}
