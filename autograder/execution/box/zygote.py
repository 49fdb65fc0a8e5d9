"""The first process of a box: single-threaded, with everything imported. Warm processes (warm.py) are forks of it.

    python -m box.zygote CONTROL_FD      (its settings come first over the control socket)

It first says what its box lacks, seen from where a learner's code would be, and which fonts are there. Then each record "W" that comes forks a warm process,
whose own control socket comes with the record.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import traceback

from . import warm
from .channel import Channel, receive_record
from .forks import Forks, guarded


def main(control: socket.socket) -> None:
    settings = Channel(control).receive()
    from . import containment, kernel

    forks = Forks(settings["boxed"], settings["shown"])
    if settings["boxed"]:
        containment.show_processes()
        containment.become_nobody()
    seen = (
        look(forks, settings["limits"], settings["fonts"] is None) if settings["boxed"] else {"hole": "", "fonts": {}}
    )
    Channel(control).send(seen)
    fonts = seen["fonts"] if settings["fonts"] is None else settings["fonts"]
    forks.fonts = {name: text.encode() for name, text in fonts.items()}
    for number in (signal.SIGPIPE, signal.SIGXFSZ):  # a file that grew too long is an error, not a death
        signal.signal(number, signal.SIG_IGN)
    os.chdir(settings["home"])
    sys.path.insert(0, "")
    booted = kernel.boot(settings["packages"])
    kernel.warm(booted, kernel.EVERYDAY)
    forks.settle()
    children: list[int] = []
    while True:
        what, _, handles = receive_record(control)
        if not what:
            os._exit(0)  # and all that was forked ends with it
        child = forks.warm()
        if child == 0:
            guarded(warm.main, forks, booted, handles[0])
        handles[0].close()
        children = [pid for pid in [*children, child] if os.waitpid(pid, os.WNOHANG)[0] == 0]


def look(forks: Forks, limits: dict, fonts: bool) -> dict:
    """What a session finds missing in its containment ("hole", "" when it is whole), and matplotlib's fonts, where they are asked for."""
    ours, theirs = socket.socketpair()
    child = forks.warm()
    if child == 0:
        guarded(_look, forks, limits, fonts, theirs)
    theirs.close()
    with ours:
        found = Channel(ours).receive()
    os.waitpid(child, 0)
    return found or {"hole": "it ended at once", "fonts": {}}


def _look(forks: Forks, limits: dict, fonts: bool, answer: socket.socket) -> None:
    from . import containment, frontend

    child = forks.session()
    if child:
        os.waitpid(child, 0)
        os._exit(0)
    try:
        forks.confine(limits)
        containment.evidence()
        found = ""
    except (OSError, AssertionError) as error:
        found = str(error)
    Channel(answer).send({"hole": found, "fonts": frontend.fonts() if fonts else {}})


if __name__ == "__main__":
    try:
        main(socket.socket(fileno=int(sys.argv[1])))
    except BaseException:  # noqa: BLE001
        os.write(2, traceback.format_exc().encode())
        os._exit(71)
