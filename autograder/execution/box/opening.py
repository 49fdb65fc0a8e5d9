"""The cells that stand before a learner's first, run once in a warm process for all that come after.

That may be done where they leave nothing behind but data in memory, of which each fork has its own, and where they leave the same
under other conditions (elsewhere.py). Both are looked at here; the trusted side decides.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import stat
import threading

from .kernel import begin
from .likeness import likeness, random_state

KEPT_BY_LIBRARIES = (".cache", ".config", "__pycache__")  # their own, not a result


def run(kernel, sources: list[str]) -> dict:
    """Run the cells in this process. {"frames": what each sent out, "left": what they left that forks cannot have ("" for
    nothing), "drew": whether they took random numbers, "like": see `likeness`}."""
    from .serving import Cells

    frames: list[dict] = []
    cells = Cells(kernel, frames.append)
    each: list[list[dict]] = []

    async def loop() -> tuple[str, bool]:
        begin(kernel)
        before, fresh = holdings(), random_state()
        for source in sources:
            frames.clear()
            await cells.run(source)
            each.append(list(frames))
        after = holdings()
        left = ", ".join(name for name in before if before[name] != after[name])
        return left, random_state() != fresh

    left, drew = asyncio.run(loop())
    numbers = random_state()
    return {"frames": each, "left": left, "drew": drew, "like": _aside(lambda: likeness(kernel.shell, numbers))}


def holdings() -> dict[str, object]:
    """What a process has besides memory of its own. Two forks would share it, or one lack it."""
    return {
        "threads": threading.active_count(),
        "tasks": len(asyncio.all_tasks()),
        "processes": _has_children(),
        "open files": _descriptors(),
        "shared memory": _shared_memory(),
        "written files": _files(),
        "another folder": os.getcwd(),
        "an alarm": signal.getitimer(signal.ITIMER_REAL),
    }


def _has_children() -> bool:
    try:
        os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return False
    return True


def _descriptors() -> dict[str, str]:
    found = {}
    for number in os.listdir("/proc/self/fd"):
        try:
            found[number] = os.readlink(f"/proc/self/fd/{number}")
        except OSError:  # the listing's own
            continue
    return found


def _shared_memory() -> list[str]:
    with open("/proc/self/maps") as file:
        return [line for line in file if line.split()[1].endswith("s")]


def _files() -> dict[str, tuple[int, int]]:
    found = {}
    for directory, folders, names in os.walk("/tmp"):
        folders[:] = [name for name in folders if name not in KEPT_BY_LIBRARIES]
        for name in names:
            path = os.path.join(directory, name)
            status = os.lstat(path)
            if not stat.S_ISCHR(status.st_mode):
                found[path] = status.st_mtime_ns, status.st_size
    return found


def _aside(look) -> object:
    """The result of a look that is taken in a fork: whatever it does to what it looks at stays there."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            with os.fdopen(write, "w") as file:
                json.dump(look(), file)
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read) as file:
        said = file.read()
    os.waitpid(child, 0)
    return json.loads(said) if said else None
