"""The memory of a session's processes together: the kernel's limit (RLIMIT_AS) knows only one process at a time.

What the kernel keeps for them counts too: what is written to a socket or pipe and not yet read is in no process.
"""

from __future__ import annotations

import contextlib
import os
import socket
import struct
from collections import Counter
from functools import lru_cache
from pathlib import Path

import psutil

from .box.channel import RECORD

EVERY = 0.5  # seconds between two looks: each reads the list of all processes, some 5 ms
CONTAINER = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")  # what it may have
PIPE, TERMINAL = 1 << 16, 1 << 17  # bytes that one can hold
_CREDENTIALS = struct.Struct("3i")


def tell_sender(control: socket.socket) -> None:
    """Let the kernel say who sends on `control`: only it knows by which number a process in a box goes outside."""
    if hasattr(socket, "SO_PASSCRED"):
        control.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)


def sender(control: socket.socket) -> int:
    """The process that sent the record which comes next. Raises OSError."""
    data, ancillary, _, _ = control.recvmsg(RECORD.size, socket.CMSG_SPACE(_CREDENTIALS.size), socket.MSG_WAITALL)
    if len(data) != RECORD.size:
        raise OSError("The warm process died.")
    for _, kind, body in ancillary:
        if kind == getattr(socket, "SCM_CREDENTIALS", None):
            return _CREDENTIALS.unpack(body)[0]
    return RECORD.unpack(data)[1]


def in_use(root: int, enough: int) -> int:
    """Bytes of memory that a process and all below it use, pages that several share counted once; more than that where it is
    below `enough`."""
    try:
        first = psutil.Process(root)
        tree = [first, *first.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0
    kept = _in_kernel(tree)
    whole = kept + sum(_resident(process) for process in tree)
    return whole if whole <= enough else kept + sum(map(_proportional, tree))


def resident(pid: int) -> int:
    """Bytes of memory that a process has, 0 when it has ended."""
    try:
        return _resident(psutil.Process(pid))
    except psutil.Error:
        return 0


def holds(memory_mb: int) -> int:
    """How many submissions this machine can grade at a time: each may take that much, and its judge as well. At least one."""
    free = psutil.virtual_memory().available
    for place in CONTAINER:
        with contextlib.suppress(
            OSError, ValueError
        ):  # there is no such group of processes, or it may have all ("max")
            free = min(free, int(Path(place).read_text()))
    return max(1, free // (2 * memory_mb << 20))


def _in_kernel(tree: list[psutil.Process]) -> int:
    """The most that the open sockets, pipes and terminals of these processes can hold; one that several have counts once."""
    links = set()
    for process in tree:
        folder = f"/proc/{process.pid}/fd"
        with contextlib.suppress(OSError):
            for number in os.listdir(folder):
                with contextlib.suppress(OSError):  # it was closed meanwhile
                    links.add(os.readlink(f"{folder}/{number}"))
    kinds = Counter(link.partition(":")[0] for link in links)
    terminals = sum(link.startswith(("/dev/pts/", "/dev/ptmx")) for link in links)
    return kinds["socket"] * _socket_bytes() + kinds["pipe"] * PIPE + terminals * TERMINAL


@lru_cache(maxsize=1)
def _socket_bytes() -> int:
    """What a socket can hold: a message that has begun to fit is taken whole."""
    with contextlib.suppress(OSError, ValueError), open("/proc/sys/net/core/wmem_default") as file:
        return int(file.read()) * 3 // 2
    return 1 << 19


def _resident(process: psutil.Process) -> int:
    try:
        return process.memory_info().rss
    except psutil.Error:  # it has just ended
        return 0


def _proportional(process: psutil.Process) -> int:
    """Its own pages and its share of those it has with others; all that it can see where the system does not tell."""
    try:
        return getattr(process.memory_full_info(), "pss", None) or _resident(process)
    except (psutil.Error, OSError):
        return _resident(process)
