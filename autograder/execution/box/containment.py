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
import socket
import struct
import sys
import tempfile

from . import namespaces
from .namespaces import MS_NODEV, MS_NOEXEC, MS_NOSUID, NAMESPACES, call, libc, mount

PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT = 4, 24, 38, 47
PR_GET_SECCOMP, PR_SET_SECCOMP, PR_GET_NO_NEW_PRIVS = 21, 22, 39
SECCOMP_MODE_FILTER, LANDLOCK_RULE_PATH_BENEATH = 2, 1
NOBODY = 65534
# Calls that an exercise never needs and that reach beyond the process, or take memory that is no process's: refused by name, on
# whatever architecture.
REFUSED = """
    mount umount2 pivot_root chroot unshare setns ptrace process_vm_readv process_vm_writev bpf perf_event_open
    userfaultfd keyctl add_key request_key kexec_load kexec_file_load init_module finit_module delete_module reboot
    swapon swapoff acct quotactl open_by_handle_at name_to_handle_at io_uring_setup io_uring_enter io_uring_register
    move_mount fsopen fsmount fsconfig open_tree mount_setattr pidfd_getfd pidfd_open kcmp process_madvise
    personality memfd_create memfd_secret shmget msgget semget vmsplice io_setup inotify_init inotify_init1
    fanotify_init landlock_create_ruleset setsockopt bind connect listen accept accept4
""".split()
AF_UNIX, AF_INET, AF_INET6, SOCK_STREAM, F_SETPIPE_SZ, PR_FUTEX_HASH = 1, 2, 10, 1, 1031, 78
SHARED_AND_OF_NO_FILE, HUGE = 0x01 | 0x20, 0x40000  # flags of mmap
WORD = 0xFFFFFFFF  # of a number of 32 bits the kernel does not look at what stands above


def become_nobody() -> None:
    """Real root becomes nobody: the limit on processes is not enforced for uid 0. bubblewrap built the mounts with root's rights."""
    if os.getuid() == 0:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
        call(libc.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0), "dumpable")  # else /proc/self/uid_map belongs to root


def show_processes() -> None:
    """As real root: a whole /proc over bubblewrap's masked one. The kernel gives a child its own only where one is seen whole."""
    if os.getuid() == 0:
        mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)


def evidence() -> None:
    """See from inside that the walls stand. Raises OSError or AssertionError where a wall is missing."""
    assert os.getpid() == 1, "no pid namespace of its own"
    assert os.getuid() != 0, "it is root"
    assert libc.prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1, "it may gain privileges"
    assert libc.prctl(PR_GET_SECCOMP, 0, 0, 0, 0) == 2, "no seccomp filter"
    for path in ("/", "/usr", "/grader", sys.prefix):
        assert not os.access(path, os.W_OK), f"{path} can be written"
    for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX):
        with contextlib.suppress(OSError), socket.socket(family):
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
        for name, condition in self._conditions():
            self._filter.add_rule(refuse, name, pyseccomp.Arg(*condition))
        for family in (AF_INET, AF_INET6):  # as where there is no network
            self._filter.add_rule(pyseccomp.ERRNO(errno.ENETUNREACH), "socket", pyseccomp.Arg(0, pyseccomp.EQ, family))
        for bit in (1 << n for n in range(64) if NAMESPACES & 1 << n):
            self._filter.add_rule(refuse, "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, bit, bit))
        # the flags of clone3 lie in memory; the C library falls back to clone
        self._filter.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")
        with tempfile.TemporaryFile() as file:
            self._filter.export_bpf(file)
            file.seek(0)
            program = file.read()
        self._program = ctypes.create_string_buffer(program, len(program))
        self._filter = _Program(len(program) // 8, ctypes.addressof(self._program))

    @staticmethod
    def _conditions() -> list[tuple[str, tuple[int, ...]]]:
        """Calls that are refused for what they ask: sockets but the pairs that asyncio and multiprocessing use, whose buffers are as
        large as they come; larger pipes; memory that stays taken when no process has it in its table; a table of the kernel's."""
        from pyseccomp import EQ, GT, LT, MASKED_EQ, NE

        others = [kind for kind in range(16) if kind != SOCK_STREAM]
        return [
            ("socket", (0, LT, AF_INET)),
            *(("socket", (0, EQ, family)) for family in range(AF_INET + 1, AF_INET6)),
            ("socket", (0, GT, AF_INET6)),
            ("socketpair", (0, NE, AF_UNIX)),
            *(("socketpair", (1, MASKED_EQ, 0xF, kind)) for kind in others),
            ("fcntl", (1, MASKED_EQ, WORD, F_SETPIPE_SZ)),
            ("mmap", (3, MASKED_EQ, SHARED_AND_OF_NO_FILE, SHARED_AND_OF_NO_FILE)),
            ("mmap", (3, MASKED_EQ, HUGE, HUGE)),
            ("prctl", (0, MASKED_EQ, WORD, PR_FUTEX_HASH)),
        ]

    def load(self) -> None:
        """Raises OSError."""
        wanted = ctypes.byref(self._filter), 0, 0
        call(libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, *wanted), "seccomp")


class _Program(ctypes.Structure):
    _fields_ = [("instructions", ctypes.c_ushort), ("first", ctypes.c_void_p)]


class Land:
    """Landlock's rules, worked out once in the first process: read everything that is shown, write only below /tmp and /dev/shm.

    The network needs no rule: there is none, and no socket either. A kernel without Landlock has none of these: the namespaces
    and the read-only mounts stand alone.
    """

    def __init__(self):
        from landlock import FSAccess, LandlockError, plumbing

        # ctypes makes a function anew each time that it is asked for
        self._create, self._add = plumbing.get_create_ruleset(), plumbing.get_add_rule()
        self._restrict, self._beneath = plumbing.get_restrict_self(), plumbing.PathBeneathAttr
        try:
            everything = FSAccess.all()
        except LandlockError:
            self._handled, self._rules = None, []
            return
        read = FSAccess.EXECUTE | FSAccess.READ_FILE | FSAccess.READ_DIR
        write = everything & ~(FSAccess.MAKE_CHAR | FSAccess.MAKE_BLOCK)
        # /dev/null is written to, and a shell needs ioctl
        device = (FSAccess.READ_FILE | FSAccess.WRITE_FILE | FSAccess.READ_DIR | FSAccess.IOCTL_DEV) & everything
        self._handled = plumbing.RulesetAttr(int(everything))
        allowed = (("/", read), ("/tmp", write), ("/dev/shm", write), ("/dev", device))
        self._rules = [(path, int(rights)) for path, rights in allowed]

    def apply(self) -> None:
        """For this process and all that it starts. Raises OSError."""
        if self._handled is None:
            return
        ctypes.set_errno(0)  # the package takes an older error for its own
        rules = self._create(ctypes.byref(self._handled), ctypes.sizeof(self._handled), 0)
        for path, rights in self._rules:
            folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
            beneath = self._beneath(rights, folder)
            self._add(rules, LANDLOCK_RULE_PATH_BENEATH, ctypes.byref(beneath), 0)
            os.close(folder)
        self._restrict(rules, 0)
        os.close(rules)


def confine(limits: dict, filter_: Filter, land: Land, shown: list[str], warm: int) -> None:
    """In the child: a private /tmp, /dev/shm and /proc, then every right given up. `shown` are folders below /tmp that stay visible,
    `warm` is the `address_space` that it begins with."""
    os.setsid()
    namespaces.leave(limits["tmp_mb"], shown)
    set_limits(limits, warm)
    _drop_capabilities()
    call(libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")
    land.apply()
    filter_.load()


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
        "RLIMIT_SIGPENDING": 256,
    }
    for name, value in wanted.items():
        if hasattr(resource, name):
            kind = getattr(resource, name)
            hard = resource.getrlimit(kind)[1]
            value = value if hard == resource.RLIM_INFINITY else min(value, hard)
            with contextlib.suppress(ValueError, OSError):  # macOS knows the name and refuses some
                resource.setrlimit(kind, (value, value))


def _drop_capabilities() -> None:
    for capability in range(64):
        libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
    libc.prctl(PR_CAP_AMBIENT, 4, 0, 0, 0)  # clear all
    header, nothing = struct.pack("Ii", 0x20080522, 0), bytes(24)
    call(libc.capset(header, nothing), "capset")


def single_threaded() -> bool:
    """Is this process alone with itself? A fork of a threaded process may never answer."""
    if sys.platform == "linux":
        return len(os.listdir("/proc/self/task")) == 1
    import threading

    return threading.active_count() == 1
