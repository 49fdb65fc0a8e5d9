"""What goes over the sockets between the trusted side and the processes of a box: frames of JSON, and records of fixed size."""

from __future__ import annotations

import array
import json
import socket
import struct

RECORD = struct.Struct("<ci")  # an operation and an argument; zygote.py and warm.py say which there are
FRAME = struct.Struct("<I")


class Channel:
    """Frames of JSON with a length before each, over a session's socket."""

    def __init__(self, sock: socket.socket):
        self._socket = sock

    def send(self, message: dict) -> None:
        data = json.dumps(message, default=_as_text).encode("utf8", "replace")
        self._socket.sendall(FRAME.pack(len(data)) + data)

    def receive(self) -> dict | None:
        head = self._exactly(FRAME.size)
        body = self._exactly(FRAME.unpack(head)[0]) if head else None
        return json.loads(body) if body else None

    def _exactly(self, count: int) -> bytes | None:
        data = bytearray()
        while len(data) < count:
            part = self._socket.recv(min(count - len(data), 1 << 20))
            if not part:
                return None
            data += part
        return bytes(data)


def _as_text(value: object) -> str:
    """Messages of a kernel hold a few times and bytes of images."""
    import base64

    return base64.b64encode(value).decode() if isinstance(value, bytes) else str(value)


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
