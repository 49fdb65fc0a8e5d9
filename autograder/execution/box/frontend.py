"""What notebooks take for granted of a kernel that a front end started, and that one alone does not have."""

from __future__ import annotations

import contextlib
import functools
import io
import os
import socket
import sys
from pathlib import Path

MOST_CORES = 4
PICTURES = {"png", "png2x", "retina", "jpg", "jpeg"}
tried_network: list[bool] = []  # one for each time
EXTENSIONS = ("storemagic",)  # that ipykernel's application loads


def accompany(kernel) -> None:
    """Teach the kernel of the warm process. Imports nothing that a notebook may do without."""
    shell = kernel.shell
    enable = shell.enable_matplotlib
    # Whatever %matplotlib asks for (notebook, widget, qt): there is no window and no page, and a figure is a picture.
    shell.enable_matplotlib = lambda gui=None: enable("inline")
    shell.enable_gui = lambda gui=None: None
    _keep_builtins(shell)
    for name in EXTENSIONS:
        with contextlib.suppress(Exception):
            shell.extension_manager.load_extension(name)
    _notice_network()
    sys.breakpointhook = lambda *_, **__: None  # one that was left in a cell: nobody is there to go on from it
    _always_pictures()
    # Pool() starts a process for each core: on a large machine that is more than a submission may have.
    cores = min(os.cpu_count() or 1, MOST_CORES)
    os.cpu_count = lambda: cores


def _notice_network() -> None:
    """Note it where code looks for an address, also when it goes on without: whoever grades may want to know."""

    def noticing(stock):
        @functools.wraps(stock)
        def look(*arguments, **named):
            tried_network.append(True)
            return stock(*arguments, **named)

        return look

    for name in ("getaddrinfo", "gethostbyname"):
        setattr(socket, name, noticing(getattr(socket, name)))


def _keep_builtins(shell) -> None:
    """%pylab brings Python's own, over those in which the judge looks the learner's names up."""
    enable = shell.enable_pylab

    def enable_pylab(*arguments, **named):
        mine = shell.user_ns["__builtins__"]
        try:
            return enable(*arguments, **named)
        finally:
            shell.user_ns["__builtins__"] = mine

    shell.enable_pylab = enable_pylab


def _always_pictures() -> None:
    """Figures that are asked for as SVG or PDF alone come as pictures: those are what can be shown of a submission."""
    from IPython.core import pylabtools

    select = pylabtools.select_figure_formats

    def select_figure_formats(shell, formats, **named):
        formats = {formats} if isinstance(formats, str) else set(formats)
        return select(shell, formats if formats & PICTURES else {*formats, "png"}, **named)

    pylabtools.select_figure_formats = select_figure_formats


def fonts() -> dict[str, str]:
    """matplotlib's list of fonts as this process makes it: its text by its place below the home folder."""
    with contextlib.suppress(Exception):
        import matplotlib.font_manager

        folder = Path(matplotlib.get_cachedir())
        return {str(path.relative_to(Path.home())): path.read_text("utf8") for path in folder.glob("fontlist-*.json")}
    return {}


class Unheard(io.StringIO):
    """What the instructor's cells print in the judge. What asks for a descriptor gets one that leads nowhere either."""

    def fileno(self) -> int:
        return 2


def settle(kernel) -> None:
    """In a fork, whose /tmp is a new one: the folder that the kernel writes to."""
    os.makedirs(os.path.join(kernel.shell.profile_dir.location, "db"), exist_ok=True)
