"""What goes over the sockets between the trusted side and the processes of a box: frames of JSON, and records of fixed size."""

from __future__ import annotations

import array
import json
import socket
import struct

RECORD = struct.Struct("<ci")  # an operation and an argument; zygote.py and warm.py say which there are
FRAME = struct.Struct("<I")
PART = 1 << 16


class Channel:
    """Frames of JSON with a length before each. So many bytes are read `ahead`, where nothing but frames comes over the socket."""

    def __init__(self, sock: socket.socket, ahead: int = 0):
        self._socket, self._ahead, self._kept = sock, ahead, bytearray()

    def send(self, message: dict) -> None:
        data = _encode(message).encode("utf8", "replace")
        self._socket.sendall(FRAME.pack(len(data)) + data)

    def receive(self) -> dict | None:
        """The next frame; None where the other side is gone."""
        head = self._next(FRAME.size)
        body = self._next(FRAME.unpack(head)[0]) if head else None
        return json.loads(body) if body else None

    def _next(self, count: int) -> bytes | None:
        while len(self._kept) < count:
            part = self._socket.recv(max(self._ahead, min(count - len(self._kept), PART)))
            if not part:
                return None
            self._kept += part
        data = bytes(self._kept[:count])
        del self._kept[:count]
        return data


def _as_text(value: object) -> str:
    """Messages of a kernel hold a few times and bytes of images."""
    import base64

    return base64.b64encode(value).decode() if isinstance(value, bytes) else str(value)


_encode = json.JSONEncoder(default=_as_text).encode


def receive_record(control: socket.socket) -> tuple[bytes, int, list[socket.socket]]:
    """An operation, b"" where the other side is gone, its argument, and the sockets that came with it."""
    handles = array.array("i")
    try:
        data, ancillary, _, _ = control.recvmsg(RECORD.size, socket.CMSG_LEN(2 * handles.itemsize), socket.MSG_WAITALL)
    except ConnectionResetError:  # gone, and had not read all
        return b"", 0, []
    for level, kind, body in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            handles.frombytes(body[: len(body) - len(body) % handles.itemsize])
    what, argument = RECORD.unpack(data) if len(data) == RECORD.size else (b"", 0)
    return what, argument, [socket.socket(fileno=handle) for handle in handles]
