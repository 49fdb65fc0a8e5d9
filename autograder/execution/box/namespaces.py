"""Fresh namespaces: for a warm process, and from it for each submission.

A warm process is the first of its own pid namespace and keeps its rights over its own namespaces, and over nothing else. So a
submission is one fork of it, into a pid namespace that is made for that one. Otherwise a second process would have to stand
between the two, and each fork of a large process takes milliseconds.
"""

from __future__ import annotations

import ctypes
import os
import signal

from . import WORK

NEWNS, NEWCGROUP, NEWUTS, NEWIPC = 0x20000, 0x2000000, 0x4000000, 0x8000000
NEWUSER, NEWPID, NEWNET = 0x10000000, 0x20000000, 0x40000000
NAMESPACES = NEWNS | NEWCGROUP | NEWUTS | NEWIPC | NEWUSER | NEWPID | NEWNET
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1, 2, 4, 8
MS_BIND, MS_MOVE, MS_REC, MS_PRIVATE = 0x1000, 0x2000, 0x4000, 0x40000
PR_SET_PDEATHSIG = 1

libc = ctypes.CDLL(None, use_errno=True)


def call(result: int, what: str) -> int:
    """The result of a function of the C library. Raises OSError where it tells of an error."""
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def mount(source: str | None, target: str, kind: str | None, flags: int, data: str | None = None) -> None:
    texts = [text.encode() if text is not None else None for text in (source, target, kind)]
    call(libc.mount(*texts, ctypes.c_ulong(flags), data.encode() if data else None), f"mount {target}")


def home() -> int:
    """A descriptor of this process's own pid namespace."""
    return os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)


def fork_warm(shown: list[str]) -> int:
    """Fork a warm process. The parent gets the pid of one that waits for its end, the child 0.

    `shown` are folders below /tmp that stay visible. When the parent ends, so does the child.
    """
    waiting = os.fork()
    if waiting:
        return waiting
    try:
        _end_with_parent()
        _unshare(NEWUSER | NEWNS | NEWPID | NEWIPC)
        child = os.fork()
        if child:
            os.closerange(3, 256)
            os.waitpid(child, 0)
            os._exit(0)
        _end_with_parent()
        mount(None, "/", None, MS_REC | MS_PRIVATE)
        _own_folders("mode=0700", shown)
        return 0
    except BaseException as error:  # noqa: BLE001 - nothing of the first process may run twice
        os.write(2, f"namespaces: {error!r}\n".encode())
        os._exit(72)


def fork_session(home: int) -> int:
    """Fork the first process of a new pid namespace: when it ends, everything that it started ends. `home` is `home()`.

    The parent gets the child's pid, the child 0. Raises OSError.
    """
    _unshare(NEWPID)  # which concerns this process's children only
    child = -1
    try:
        child = os.fork()
    finally:
        if child:
            call(libc.setns(home, NEWPID), "setns")
    if child == 0:
        _end_with_parent()
    return child


def cover(place: str) -> None:
    """Let a folder be empty, or a file, for this process and all that it forks."""
    if os.path.isdir(place):
        mount("tmpfs", place, "tmpfs", MS_RDONLY | MS_NOSUID | MS_NODEV, "size=4k")
    elif os.path.exists(place):
        mount("/dev/null", place, None, MS_BIND)


def leave(megabytes: int, shown: list[str]) -> None:
    """In the child: a /tmp and a /dev/shm of so many megabytes and a /proc of its own, then no right over a namespace of the warm process."""
    _unshare(NEWNS)
    if _own_folders(f"size={megabytes}m,nr_inodes=8192,mode=0700", shown):
        _unshare(NEWUSER | NEWIPC)
    else:
        _unshare(NEWUSER | NEWIPC | NEWNS)
        mount("tmpfs", "/proc", "tmpfs", MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, "size=4k")


def _own_folders(options: str, shown: list[str]) -> bool:
    """An empty /tmp with the folder to work in, an empty /dev/shm, in which multiprocessing keeps its semaphores, and a /proc
    of this pid namespace; is there one? Some kernels refuse it."""
    _own_tmp(options, shown)
    mount("tmpfs", "/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, options)
    os.makedirs(WORK, exist_ok=True)
    os.chdir(WORK)
    try:
        mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    except OSError:
        return False
    return True


def _own_tmp(options: str, shown: list[str]) -> None:
    if not shown:
        mount("tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, options)
        return
    # the interpreter itself lies below /tmp: take it along
    mount("tmpfs", "/new", "tmpfs", MS_NOSUID | MS_NODEV, options)
    for path in shown:
        os.makedirs("/new" + path.removeprefix("/tmp"), exist_ok=True)
        mount(path, "/new" + path.removeprefix("/tmp"), None, MS_BIND | MS_REC)
    mount("/new", "/tmp", None, MS_MOVE)


def _unshare(what: int) -> None:
    """Enter new namespaces. In a new user namespace this process is who it was, and has all rights over what is made with it."""
    uid, gid = os.getuid(), os.getgid()
    call(libc.unshare(what), "unshare")
    if what & NEWUSER:
        for name, text in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"), ("gid_map", f"{gid} {gid} 1")):
            file = os.open(f"/proc/self/{name}", os.O_WRONLY | os.O_CLOEXEC)
            os.write(file, text.encode())
            os.close(file)


def _end_with_parent() -> None:
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
