"""A forked child, spoken to in frames under a deadline and a byte budget."""

from __future__ import annotations

import contextlib
import json
import select
import signal
import socket
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from .box.zygote import FRAME
from .memory import EVERY

if TYPE_CHECKING:
    from .forkserver import ForkServer

GRACE = 2.0  # seconds that an interrupted cell has to stop


class Stopped(Exception):
    """The child is gone or was ended; `why` is a verdict."""

    def __init__(self, why: str):
        super().__init__(why)
        self.why = why


class Session:
    """One forked child, spoken to in frames. What comes from it is untrusted: every frame is checked for size and form."""

    def __init__(self, server: ForkServer, number: int, sock: socket.socket, most: int):
        self._server, self._number, self._socket, self._budget = server, number, sock, most
        self._most = most
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

    def request(
        self,
        message: dict,
        until: str,
        seconds: float,
        hear: Callable[[dict], None] | None = None,
        most: int = 0,
    ) -> tuple[dict, bool]:
        """Send a request and wait for the frame of type `until`; other frames go to `hear`. Returns (its content, was it interrupted).

        `most` bytes may come back, where that is more than a cell may send out.
        Past the deadline the child is interrupted as by Ctrl-C, and given up when that does not help. Raises Stopped.
        """
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
