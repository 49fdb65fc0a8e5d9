"""A warm process: a notebook's packages and its instructor's cells are in it; a fork of it serves one submission.

Its settings come first over its control socket, as a frame; it answers when it is warm. Each record "F" forks a session, whose
socket and control socket come with it; "U" asks for the milliseconds of processor time that all of them took. On a session's
control socket "S" sends a signal to it, and "E" ends it with all that it started and tells how it died ("X"); it ends too when
the other side hangs up. The first record on a control socket is "H", from the new process itself: with it the kernel tells which
one that is.

A session is told first, as a frame, what its learner's files and its seed are; whether its random numbers go on where they stand
(`draw_on`); and whether it is to be `elsewhere` (elsewhere.py).
"""

from __future__ import annotations

import base64
import contextlib
import importlib
import os
import random
import select
import signal
import socket
import time

from . import frontend, kernel, opening, serving
from .channel import PART, RECORD, Channel, receive_record
from .elsewhere import Elsewhere
from .forks import Forks, guarded
from .judge import Judge
from .results import imports_of
from .seeding import reseed


def main(forks: Forks, booted, control: socket.socket) -> None:
    forks.keep_only(control.fileno())
    control.sendall(RECORD.pack(b"H", os.getpid()))
    settings = Channel(control).receive()
    forks.do_without(settings.get("absent", {}))
    for name in settings["modules"]:
        # it is not installed, or cannot be loaded here: a cell that imports it says so
        with contextlib.suppress(Exception):
            importlib.import_module(name)
    os.chdir(settings["work"])
    _enter(settings["folder"])
    files = {name: base64.b64decode(data) for name, data in settings["files"].items()}
    write_files(forks.fonts, os.path.expanduser("~"))
    frontend.settle(booted)
    write_files(files)
    reseed(settings["seed"])
    judge, ready = None, {"opened": 0}
    if settings["role"] == "judge":
        judge = Judge(booted, settings["theirs"])
        ready["opened"] = judge.open(settings["cells"], imports_of(settings["sources"]))
    else:
        kernel.warm(booted, [imports_of(settings["sources"]), *settings["cells"]])
    reseed(settings["seed"])  # once more: a numpy that was imported by now loads its generators at their first use
    if settings["role"] == "opened":
        ready |= opening.run(booted, settings["opening"])
        if ready["left"]:
            Channel(control).send(ready)
            return
    drawn = random.getstate()
    forks.settle()
    Channel(control).send(ready)

    def serve(channel: Channel) -> None:
        begin = channel.receive()
        forks.confine(settings["limits"], begin["folder"])
        _enter(settings["folder"])
        write_files(forks.fonts, os.path.expanduser("~"))
        frontend.settle(booted)
        theirs = {name: base64.b64decode(data) for name, data in begin["files"].items()}
        write_files(files | theirs)
        if begin.get("draw_on"):
            random.setstate(drawn)  # a fork begins anew
        else:
            reseed(begin["seed"])
        if judge is not None:
            judge.serve(channel.receive, channel.send)
        else:
            elsewhere = Elsewhere(list(theirs)) if begin.get("elsewhere") else None
            serving.serve(booted, channel.receive, channel.send, elsewhere)

    Sessions(forks, control, settings["limits"]["cpu_seconds"], serve).loop()


class Sessions:
    """The children of a warm process, each with the control socket that leads to it."""

    def __init__(self, forks: Forks, control: socket.socket, cpu_seconds: int, serve):
        self._forks, self._control, self._cpu_seconds, self._serve = forks, control, cpu_seconds, serve
        self._running: dict[int, tuple[socket.socket, int]] = {}
        self._killed: list[int] = []
        self._begun = time.process_time()
        self._used = 0.0  # seconds of processor time of the sessions that have ended
        self._poll = select.poll()
        self._poll.register(control, select.POLLIN)

    def loop(self) -> None:
        """Until nobody holds the control socket any more."""
        while True:
            for number, _ in self._poll.poll():
                if number != self._control.fileno():
                    self._do(number)
                    continue
                what, _, handles = receive_record(self._control)
                if not what:
                    for _, child in self._running.values():
                        self._forks.kill(child, signal.SIGKILL)
                    return
                if what == b"U":
                    self._control.sendall(RECORD.pack(b"U", round(self._cost() * 1e3)))
                    continue
                self._fork(*handles)
            self._killed = [pid for pid in self._killed if not self._ended(pid, os.WNOHANG)]

    def _ended(self, child: int, how: int = 0) -> tuple[int, float] | None:
        """The exit code of a session that has ended and the processor time that it took; None for one that goes on."""
        found, status, used = os.wait4(child, how)
        if not found:
            return None
        seconds = used.ru_utime + used.ru_stime
        self._used += seconds
        return os.waitstatus_to_exitcode(status), seconds

    def _cost(self) -> float:
        """Seconds of processor time that this process has taken since it began to fork, with all that it forked and that has ended."""
        return self._used + time.process_time() - self._begun

    def _fork(self, sock: socket.socket, control: socket.socket) -> None:
        child = self._forks.session()
        if child == 0:
            guarded(self._child, sock, control)
        sock.close()
        self._running[control.fileno()] = control, child
        self._poll.register(control, select.POLLIN)

    def _child(self, sock: socket.socket, control: socket.socket) -> None:
        control.sendall(RECORD.pack(b"H", os.getpid()))
        self._forks.keep_only(sock.fileno())
        channel = Channel(sock, PART)
        try:
            self._serve(channel)
        except BaseException as error:  # noqa: BLE001
            channel.send({"t": "fatal", "content": repr(error)[:1000]})
            os._exit(70)

    def _do(self, number: int) -> None:
        control, child = self._running[number]
        what, argument, _ = receive_record(control)
        if what == b"S":
            self._forks.kill(child, argument)
            return
        self._forks.kill(child, signal.SIGKILL)
        if what == b"E":
            code, seconds = self._ended(child)
            if seconds > self._cpu_seconds - 0.5:  # the kernel's two ways to count are not quite the same
                code = -signal.SIGXCPU  # the first process of a namespace gets no such signal: it is killed
            control.sendall(RECORD.pack(b"X", code if code >= 0 else 128 - code))
        else:
            self._killed.append(child)
        self._poll.unregister(control)
        del self._running[number]
        control.close()


def _enter(name: str) -> None:
    """The folder of the assignment, so that `../NAME/data.csv` is found as on the learner's own machine."""
    if name:
        os.makedirs(name, exist_ok=True)
        os.chdir(name)


def write_files(files: dict[str, bytes], folder: str = "") -> None:
    """Files by relative path, below the present folder or another."""
    here = folder or os.getcwd()
    for name, data in files.items():
        path = os.path.normpath(os.path.join(here, name))
        if path.startswith(here + os.sep):
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(data)
