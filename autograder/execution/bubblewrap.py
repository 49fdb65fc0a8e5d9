"""The outer wall: the command that starts a warm process inside bubblewrap, and whether that can be had on this machine."""

from __future__ import annotations

import os
import shutil
import site
import sys
from collections.abc import Iterable
from pathlib import Path

from . import shown

INSIDE = "/grader"  # where autograder/box is shown
WAYS_OUT = (
    "Ways out: a Linux machine with bubblewrap, a container that allows user namespaces, or --trust-learner-code."
)
# One thread in each library: a fork of a process with threads may never answer.
ENVIRONMENT = {
    "PATH": f"{sys.prefix}/bin:/usr/bin:/bin",
    "HOME": "/tmp",
    "USER": "learner",
    "LOGNAME": "learner",
    "LANG": "C.UTF-8",
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONUNBUFFERED": "1",
    "PYTHONNOUSERSITE": "" if site.ENABLE_USER_SITE else "1",
    "PIP_RETRIES": "0",  # there is no network, now or later
    "NBGRADER_EXECUTION": "autograde",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    **{f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR")},
    "VECLIB_MAXIMUM_THREADS": "1",
}


def find() -> str | None:
    """Path of bubblewrap: $BWRAP or the one on PATH; None where there is none, or no Linux."""
    return shutil.which(os.environ.get("BWRAP") or "bwrap") if sys.platform == "linux" else None


def lacking() -> str:
    """What this machine lacks for a box, in one sentence; "" when nothing is known to be missing (trying tells the rest)."""
    if sys.platform != "linux":
        return f"There is no box on {sys.platform}: it needs Linux."
    if find() is None:
        return "bubblewrap is not on this machine ('apt-get install bubblewrap')."
    try:
        import landlock  # noqa: F401
        import pyseccomp  # noqa: F401
    except (ImportError, RuntimeError, OSError) as error:
        return f"A part of the box is missing: {error}."
    return ""


def command(descriptor: int, hidden: Iterable[str] = ()) -> tuple[list[str], list[str]]:
    """(command that starts the first process with its control socket `descriptor`, folders below /tmp that it must keep).

    `hidden` are the course's folders: not shown, wherever they lie.
    """
    words = [
        find(),
        *([] if os.getuid() == 0 else ["--unshare-user"]),
        "--unshare-pid",
        "--unshare-net",
        "--unshare-ipc",
        "--unshare-uts",
    ]
    words += ["--unshare-cgroup-try", "--die-with-parent", "--new-session", "--hostname", "box", "--clearenv"]
    for name, value in ENVIRONMENT.items():
        words += ["--setenv", name, value] if value else []
    words += ["--perms", "1777", "--tmpfs", "/tmp", "--dir", "/new"]
    said, below_tmp = shown.words(hidden)
    words += said
    words += [
        "--ro-bind",
        str(Path(__file__).parent / "box"),
        f"{INSIDE}/box",
        "--proc",
        "/proc",
        "--dev",
        "/dev",
        *("--dev-bind", "/dev/null", "/dev/zero"),  # mapped and shared, it would be memory that no process has
        "--remount-ro",
        "/dev",
    ]
    words += ["--remount-ro", "/", "--chdir", INSIDE, "--", sys.executable, "-m", "box.zygote", str(descriptor)]
    return words, below_tmp
