"""Linux containment from inside: what the warm process gives up, and fresh namespaces and limits for each submission.

The outer wall is bubblewrap's (autograder/bubblewrap.py). Inside it every submission gets its own user, pid, mount and ipc
namespaces, a private /tmp, its own /proc, rlimits, no capabilities, no_new_privs, Landlock and a seccomp filter.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import resource
import signal
import socket
import struct
import sys

from . import WORK

NEWNS, NEWCGROUP, NEWUTS, NEWIPC = 0x20000, 0x2000000, 0x4000000, 0x8000000
NEWUSER, NEWPID, NEWNET = 0x10000000, 0x20000000, 0x40000000
NAMESPACES = NEWNS | NEWCGROUP | NEWUTS | NEWIPC | NEWUSER | NEWPID | NEWNET
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1, 2, 4, 8
MS_BIND, MS_MOVE, MS_REC, MS_PRIVATE = 0x1000, 0x2000, 0x4000, 0x40000
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT = 1, 4, 24, 38, 47
PR_GET_SECCOMP, PR_GET_NO_NEW_PRIVS = 21, 39
NOBODY = 65534
# Calls that an exercise never needs and that reach beyond the process, or take memory that is no process's: refused by name, on
# whatever architecture.
REFUSED = """
    mount umount2 pivot_root chroot unshare setns ptrace process_vm_readv process_vm_writev bpf perf_event_open
    userfaultfd keyctl add_key request_key kexec_load kexec_file_load init_module finit_module delete_module reboot
    swapon swapoff acct quotactl open_by_handle_at name_to_handle_at io_uring_setup io_uring_enter io_uring_register
    move_mount fsopen fsmount fsconfig open_tree mount_setattr pidfd_getfd pidfd_open kcmp process_madvise
    personality socket memfd_create memfd_secret shmget msgget
""".split()

_libc = ctypes.CDLL(None, use_errno=True)


def _call(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def _mount(source: str | None, target: str, kind: str | None, flags: int, data: str | None = None) -> None:
    texts = [text.encode() if text is not None else None for text in (source, target, kind)]
    _call(_libc.mount(*texts, ctypes.c_ulong(flags), data.encode() if data else None), f"mount {target}")


def become_nobody() -> None:
    """Real root becomes nobody: the limit on processes is not enforced for uid 0. bubblewrap built the mounts with root's rights."""
    if os.getuid() == 0:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
        _call(_libc.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0), "dumpable")  # else /proc/self/uid_map belongs to root


def show_processes() -> None:
    """As real root: a whole /proc over bubblewrap's masked one. The kernel gives a child its own only where one is seen whole."""
    if os.getuid() == 0:
        _mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)


def evidence() -> dict:
    """What can be seen of the containment from inside. Raises OSError or AssertionError where a wall is missing."""
    assert os.getpid() == 1, "no pid namespace of its own"
    assert os.getuid() != 0, "it is root"
    assert _libc.prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1, "it may gain privileges"
    assert _libc.prctl(PR_GET_SECCOMP, 0, 0, 0, 0) == 2, "no seccomp filter"
    for path in ("/", "/usr", "/grader", sys.prefix):
        assert not os.access(path, os.W_OK), f"{path} can be written"
    try:
        socket.socket(socket.AF_INET)
    except PermissionError:
        return {"pid": os.getpid(), "uid": os.getuid()}
    raise AssertionError("it can open a socket")


class Filter:
    """The seccomp filter, built once in the warm process and loaded in each child."""

    def __init__(self):
        import pyseccomp

        refuse = pyseccomp.ERRNO(errno.EPERM)
        self._filter = pyseccomp.SyscallFilter(pyseccomp.ALLOW)  # calls of a foreign architecture (x32 too) kill
        for name in REFUSED:
            with contextlib.suppress(OSError, ValueError):  # unknown to this machine's libseccomp or architecture
                self._filter.add_rule(refuse, name)
        for bit in (1 << n for n in range(64) if NAMESPACES & 1 << n):
            self._filter.add_rule(refuse, "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, bit, bit))
        # the flags of clone3 lie in memory; the C library falls back to clone
        self._filter.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")

    def load(self) -> None:
        self._filter.load()


def fork() -> tuple[int, int]:
    """Fork into fresh namespaces. The parent gets (pid of the reaper, pid of the child or 0), the child (0, 0).

    The child is the first process of its pid namespace: when it ends, everything that it started ends.
    """
    read, write = os.pipe()
    reaper = os.fork()
    if reaper:
        os.close(write)
        told = os.read(read, 4)
        os.close(read)
        return reaper, struct.unpack("i", told)[0] if len(told) == 4 else 0
    try:
        os.close(read)
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        uid, gid = os.getuid(), os.getgid()
        _call(_libc.unshare(NEWUSER | NEWNS | NEWPID | NEWIPC), "unshare")
        for name, text in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"), ("gid_map", f"{gid} {gid} 1")):
            with open(f"/proc/self/{name}", "w") as file:
                file.write(text)
        child = os.fork()
        if child == 0:
            os.close(write)
            _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
            return 0, 0
        os.write(write, struct.pack("i", child))
        os.closerange(3, 256)
        _, status = os.waitpid(child, 0)
        code = os.waitstatus_to_exitcode(status)
        os._exit(code if code >= 0 else 128 - code)
    except BaseException as error:  # noqa: BLE001 - nothing of the warm process may run twice
        os.write(2, f"containment: {error!r}\n".encode())
        os._exit(72)


def confine(limits: dict, filter_: Filter, shown: list[str]) -> None:
    """In the child: a private /tmp and /proc, then every right given up. `shown` are folders below /tmp that stay visible."""
    os.setsid()
    warm = address_space()
    _mount(None, "/", None, MS_REC | MS_PRIVATE)
    _private_tmp(limits["tmp_mb"], shown)
    try:
        _mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    except OSError:  # a kernel that refuses a nested /proc: an empty one
        _mount("tmpfs", "/proc", "tmpfs", MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, "size=4k")
    os.makedirs(WORK, exist_ok=True)
    os.chdir(WORK)
    set_limits(limits, warm)
    _drop_capabilities()
    _call(_libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")
    _landlock()
    filter_.load()


def _private_tmp(megabytes: int, shown: list[str]) -> None:
    options = f"size={megabytes}m,nr_inodes=8192,mode=0700"
    if not shown:
        _mount("tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, options)
        return
    # the interpreter itself lies below /tmp: take it along
    _mount("tmpfs", "/new", "tmpfs", MS_NOSUID | MS_NODEV, options)
    for path in shown:
        os.makedirs("/new" + path.removeprefix("/tmp"), exist_ok=True)
        _mount(path, "/new" + path.removeprefix("/tmp"), None, MS_BIND | MS_REC)
    _mount("/new", "/tmp", None, MS_MOVE)


def address_space() -> int:
    """Bytes of address space that this process has already."""
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[0]) * resource.getpagesize()
    except OSError:
        return 1 << 30


def set_limits(limits: dict, warm: int) -> None:
    wanted = {
        "RLIMIT_AS": warm + (limits["memory_mb"] << 20),
        "RLIMIT_CPU": limits["cpu_seconds"],
        "RLIMIT_FSIZE": limits["file_mb"] << 20,
        "RLIMIT_NOFILE": limits["open_files"],
        "RLIMIT_NPROC": limits["processes"],
        "RLIMIT_CORE": 0,
        "RLIMIT_MSGQUEUE": 0,
        "RLIMIT_MEMLOCK": 0,
    }
    for name, value in wanted.items():
        if hasattr(resource, name):
            kind = getattr(resource, name)
            hard = resource.getrlimit(kind)[1]
            value = value if hard == resource.RLIM_INFINITY else min(value, hard)
            with contextlib.suppress(ValueError, OSError):  # macOS knows the name and refuses some
                resource.setrlimit(kind, (value, value))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a file that grew too long is an error, not a death


def _drop_capabilities() -> None:
    for capability in range(64):
        _libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
    _libc.prctl(PR_CAP_AMBIENT, 4, 0, 0, 0)  # clear all
    header, nothing = struct.pack("Ii", 0x20080522, 0), struct.pack("IIIIII", *[0] * 6)
    _call(_libc.capset(ctypes.create_string_buffer(header), ctypes.create_string_buffer(nothing)), "capset")


def _landlock() -> None:
    """Read everything that is shown, write only below /tmp. The network needs no rule: there is none, and no socket either."""
    from landlock import FSAccess, LandlockError, Ruleset

    ctypes.set_errno(0)  # the package takes an older error for its own
    try:
        rules = Ruleset()
    except LandlockError:
        return  # a kernel without Landlock: the namespaces and the read-only mounts stand alone
    read = FSAccess.EXECUTE | FSAccess.READ_FILE | FSAccess.READ_DIR
    device = (FSAccess.READ_FILE | FSAccess.WRITE_FILE | FSAccess.READ_DIR | FSAccess.IOCTL_DEV) & rules.restrict_rules
    rules.allow("/", rules=read)
    rules.allow("/tmp", rules=rules.restrict_rules & ~(FSAccess.MAKE_CHAR | FSAccess.MAKE_BLOCK))
    rules.allow("/dev", rules=device)  # /dev/null is written to, and a shell needs ioctl
    ctypes.set_errno(0)
    rules.apply()
    os.close(rules._fd)


def single_threaded() -> bool:
    """Is this process alone with itself? A fork of a threaded process may never answer."""
    if sys.platform == "linux":
        return len(os.listdir("/proc/self/task")) == 1
    import threading

    return threading.active_count() == 1
