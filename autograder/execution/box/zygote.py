"""The warm process: single-threaded, with everything imported; a fork of it serves one submission.

    python -m box.zygote CONTROL_FD      (its settings come first over the control socket)

Requests on the control socket are records of fixed size: an operation, the number of a session, an argument. "F" comes
with the session's socket and forks; "S" sends a signal to that session's child; "E" ends it with all it started and tells how
it died.
"""

from __future__ import annotations

import array
import gc
import json
import os
import signal
import socket
import struct
import sys
import traceback

RECORD = struct.Struct("<cii")
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


def main(control: socket.socket) -> None:
    settings = Channel(control).receive()
    from . import containment, kernel
    from .judge import Judge
    from .results import imports_of
    from .seeding import reseed

    filter_ = None
    if settings["boxed"]:
        filter_ = containment.Filter()
        import landlock  # noqa: F401 - nothing is imported after the fork

        containment.show_processes()
        containment.become_nobody()
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    os.makedirs(settings["work"], exist_ok=True)
    os.chdir(settings["work"])
    sys.path.insert(0, "")
    _write_files(settings["files"])
    opened, judge, booted = 0, None, None
    if settings["role"] != "trial":
        booted = kernel.boot(settings["packages"])
        reseed(settings["seed"])
    if settings["role"] == "judge":
        judge = Judge(booted, settings["theirs"])
        opened = judge.open(settings["cells"], imports_of(settings["sources"]))
    elif settings["role"] == "learner":
        kernel.warm(booted, [imports_of(settings["sources"]), *settings["cells"]])
    reseed(settings["seed"])  # once more: a numpy that was imported by now loads its generators at their first use
    gc.collect()
    gc.freeze()
    if not containment.single_threaded():
        raise RuntimeError("the warm process has more than one thread and cannot fork")
    Channel(control).send({"opened": opened})
    children: dict[int, tuple[int, int]] = {}
    while True:
        record, handles = _record(control)
        if record is None:
            for reaper, child in children.values():
                _kill(child or reaper, signal.SIGKILL, settings["boxed"])
            os._exit(0)
        op, session, argument = RECORD.unpack(record)
        if op == b"F":
            reaper, child = containment.fork() if settings["boxed"] else (os.fork(), 0)
            if reaper == child == 0:
                _child(booted, judge, handles[0], control, settings, filter_)
            os.close(handles[0])
            children[session] = reaper, child
        elif op == b"S" and session in children:
            reaper, child = children[session]
            _kill(child or reaper, argument, boxed=True)
        elif op == b"E" and session in children:
            reaper, child = children.pop(session)
            _kill(child or reaper, signal.SIGKILL, settings["boxed"])
            _, status = os.waitpid(reaper, 0)
            code = os.waitstatus_to_exitcode(status)
            control.sendall(RECORD.pack(b"X", session, code if code >= 0 else 128 - code))


def _child(booted, judge, handle: int, control: socket.socket, settings: dict, filter_) -> None:
    """What a fork does. Never returns."""
    from . import containment, kernel
    from .seeding import reseed

    channel = Channel(socket.socket(fileno=handle))
    try:
        control.close()
        begin = channel.receive()
        if settings["boxed"]:
            containment.confine(settings["limits"], filter_, settings["shown"])
        else:
            os.setsid()
            os.makedirs(begin["folder"], exist_ok=True)
            os.chdir(begin["folder"])
            containment.set_limits(settings["limits"], containment.address_space())
        _write_files(begin["files"])
        reseed(begin["seed"])
        if settings["role"] == "trial":
            channel.receive()
            channel.send({"t": "evidence", "content": containment.evidence()})
        elif judge is not None:
            judge.serve(channel.receive, channel.send)
        else:
            kernel.serve(booted, channel.receive, channel.send)
    except BaseException as error:  # noqa: BLE001 - a fork never returns into the warm process's loop
        try:
            channel.send({"t": "fatal", "content": repr(error)[:1000]})
        finally:
            os._exit(70)
    os._exit(0)


def _write_files(files: dict[str, str]) -> None:
    """Files as base64 by relative path, below the present folder."""
    import base64

    here = os.getcwd()
    for name, data in files.items():
        path = os.path.normpath(os.path.join(here, name))
        if path.startswith(here + os.sep):
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(base64.b64decode(data))


def _kill(pid: int, number: int, boxed: bool) -> None:
    try:
        if boxed:
            os.kill(pid, number)
        else:
            os.killpg(pid, number)
    except (ProcessLookupError, PermissionError):
        pass


def _record(control: socket.socket) -> tuple[bytes | None, list[int]]:
    handles = array.array("i")
    data, ancillary, _, _ = control.recvmsg(RECORD.size, socket.CMSG_LEN(4 * handles.itemsize), socket.MSG_WAITALL)
    for level, kind, body in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            handles.frombytes(body[: len(body) - len(body) % handles.itemsize])
    return (data if len(data) == RECORD.size else None), list(handles)


if __name__ == "__main__":
    try:
        main(socket.socket(fileno=int(sys.argv[1])))
    except BaseException:  # noqa: BLE001
        os.write(2, traceback.format_exc().encode())
        os._exit(71)
