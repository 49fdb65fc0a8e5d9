"""A forked child, spoken to in frames under a deadline and a byte budget."""

from __future__ import annotations

import contextlib
import json
import select
import shutil
import signal
import socket
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator

from .box.channel import FRAME, PART, RECORD
from .memory import EVERY, in_use, sender

GRACE = 2.0  # seconds that an interrupted cell has to stop


class Stopped(Exception):
    """The child is gone or was ended; `why` is a verdict."""

    def __init__(self, why: str):
        super().__init__(why)
        self.why = why


class Session:
    """One forked child, spoken to in frames. What comes from it is untrusted: every frame is checked for size and form.

    `control` leads to the warm process: the child ends when this side hangs up. `memory` is what all its processes may take
    together, `folder` its own where there is no box.
    """

    def __init__(self, sock: socket.socket, control: socket.socket, most: int, memory: int, folder: str | None = None):
        self._socket, self._control, self._memory, self._folder = sock, control, memory, folder
        self._budget = self._most = most
        self._buffer, self._got, self._pid, self._closed = bytearray(), 0, None, False
        self._played: deque[tuple[str, list[dict]]] = deque()
        self.said = ""  # the child's last words, if it failed
        self._weighed = time.monotonic()
        sock.setblocking(False)

    def send(self, message: dict, deadline: float | None = None) -> None:
        """Raises Stopped when the child does not take it."""
        data = json.dumps(message).encode()
        left = memoryview(FRAME.pack(len(data)) + data)
        deadline = time.monotonic() + 30.0 if deadline is None else deadline
        while True:
            try:
                left = left[self._socket.send(left) :]
            except BlockingIOError:  # it has not read what it was sent before
                pass
            except OSError:
                raise Stopped("killed") from None
            if not left:
                return
            if not select.select([], [self._socket], [], max(0.1, deadline - time.monotonic()))[1]:
                raise Stopped("timeout")

    def request(
        self, message: dict, until: str, seconds: float, hear: Callable[[dict], None] | None = None, most: int = 0
    ) -> tuple[dict, bool]:
        """Send a request and wait for the frame of type `until`; other frames go to `hear`. Returns (its content, was it interrupted).

        `most` bytes may come back, where that is more than a cell may send out.
        Past the deadline the child is interrupted as by Ctrl-C, and given up when that does not help. Raises Stopped.
        """
        if self._played:
            return self._replay(message, until, hear)
        self._got, interrupted = 0, False
        self._most = most or self._budget
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
                self._tell(b"S", signal.SIGINT)

    def play(self, sources: Iterable[str], frames: Iterable[list[dict]]) -> None:
        """The child is as after these cells: requests for them, which come first, are given what they sent out then."""
        self._played.extend(zip(sources, frames, strict=True))

    def _replay(self, message: dict, until: str, hear: Callable[[dict], None] | None) -> tuple[dict, bool]:
        source, frames = self._played.popleft()
        assert message["cell"] == source, "the cells were run in another order"
        for frame in frames:
            if frame["t"] == until:
                return frame["content"], False
            if hear is not None:
                hear(frame)
        raise AssertionError("a cell without a reply was recorded")

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
                data = self._socket.recv(PART)
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
            if self._pid is None:
                self._pid = sender(self._control)
            if in_use(self._pid, self._memory) > self._memory:
                raise Stopped("out of memory")
            self._weighed = time.monotonic()

    def _tell(self, what: bytes, argument: int = 0) -> None:
        with contextlib.suppress(BrokenPipeError):
            self._control.sendall(RECORD.pack(what, argument))

    def _death(self) -> str:
        """Why the child ended. Raises OSError when the warm process itself is gone."""
        code = self._end()
        self.close()
        return {128 + signal.SIGXCPU: "timeout"}.get(code, "killed")

    def _end(self) -> int:
        """Kill the child with all that it started, and wait for it; its exit code (128 and more: a signal)."""
        self._control.settimeout(30)
        self._tell(b"E")
        while True:
            answer = self._control.recv(RECORD.size, socket.MSG_WAITALL)
            if len(answer) != RECORD.size:
                raise OSError("The warm process died.")
            what, code = RECORD.unpack(answer)
            if what == b"X":
                return code

    def close(self) -> None:
        """End the child and everything that it started."""
        if self._closed:
            return
        self._closed = True
        self._socket.close()
        if self._folder:
            with contextlib.suppress(OSError):
                self._end()
            shutil.rmtree(self._folder, ignore_errors=True)
        self._control.close()


def _frame(data: bytes) -> dict:
    try:
        frame = json.loads(data.decode())
    except (ValueError, RecursionError):
        raise Stopped("not serialisable") from None
    if type(frame) is not dict or type(frame.get("t")) is not str or "content" not in frame:
        raise Stopped("killed")
    return frame
