"""ipykernel's own kernel and shell without sockets and threads: what a cell sends out goes to a function.

Booted once in the warm process; each submission is a fork of it. The shell is ZMQInteractiveShell exactly, because
packages choose by that class how they draw.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import logging
import os
import random
import re
import sys
import threading
import types
import zlib
from collections.abc import Iterable

from . import frontend

# Run once and forgotten, so that a learner's first error or display costs no import.
EVERYDAY = (
    "print('x')",
    "import sys; print('e', file=sys.stderr)",
    "1/0",
    "def f(:\n",
    "assert 1 == 2, 'no'",
    "def g(x):\n    return h(x)\ndef h(x):\n    raise ValueError(x)\ng(3)",
    "undefined_name",
    "from IPython.display import display, Markdown\ndisplay(Markdown('x'))",
    "[1, 2, {'a': 1.5}]",
    "import asyncio\nawait asyncio.sleep(0)",
    # plotly reads its table of what figures may hold at the first figure
    "import plotly.graph_objects as go\ngo.Figure([go.Bar(x=[1], y=[1]), go.Scatter(x=[1], y=[1])], {'title': {'text': 'x'}}).show()",
)

# What makes a cell more than Python: an escape at a line's beginning or after an equals sign, a question mark at its end.
SIGNS = re.compile(r"(^|=)[\s\\]*[%!?,;/]|\?\s*$", re.MULTILINE)


class Stream(io.TextIOBase):
    """sys.stdout or sys.stderr of the kernel: text goes out in chunks of at most 64 KB, as it comes."""

    encoding, errors, chunk = "UTF-8", "strict", 1 << 16

    def __init__(self, name: str, kernel):
        self.name, self._kernel, self._kept, self._size, self._lock = name, kernel, [], 0, threading.RLock()

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return False

    def fileno(self) -> int:
        return 1 if self.name == "stdout" else 2

    def set_parent(self, parent) -> None:
        """ipykernel calls it for every request."""

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        with self._lock:
            self._kept.append(text)
            self._size += len(text)
            if self._size > self.chunk:
                self.flush()
        return len(text)

    def flush(self) -> None:
        with self._lock:
            text = "".join(self._kept)
            self._kept.clear()
            self._size = 0
        if text:
            self._kernel.session.send(None, "stream", {"name": self.name, "text": text})


def boot(packages: list[str]):
    """The kernel, in this process; `packages` are imported, those that are not there passed over."""
    from ipykernel.ipkernel import IPythonKernel
    from ipykernel.zmqshell import ZMQInteractiveShell  # noqa: F401 - before plotly, which looks for it
    from IPython.core.profiledir import ProfileDir
    from jupyter_client.session import Session
    from traitlets.config import Config

    class Recorder(Session):
        """Hands every message to `sink` in place of a socket."""

        sink = staticmethod(lambda message: None)

        def send(
            self,
            stream,
            msg_or_type,
            content=None,
            parent=None,
            ident=None,
            buffers=None,
            track=False,
            header=None,
            metadata=None,
        ):
            message = msg_or_type
            if isinstance(message, str):
                message = self.msg(message, content=content, parent=parent, header=header, metadata=metadata)
            self.sink({"t": message["header"]["msg_type"], "content": message["content"]})
            return message

    debugger = types.ModuleType("ipykernel.debugger")  # debugpy starts threads
    debugger._is_debugpy_available, debugger.Debugger = False, object
    sys.modules["ipykernel.debugger"] = debugger
    config = Config()
    config.HistoryManager.enabled = False
    config.HistoryManager.hist_file = ":memory:"
    log = logging.getLogger("autograder.kernel")
    log.addHandler(logging.NullHandler())
    log.setLevel(logging.CRITICAL)
    log.propagate = False
    profile = ProfileDir.create_profile_dir(os.path.expanduser("~/.ipython/profile_default"))
    kernel = IPythonKernel.instance(config=config, log=log, session=Recorder(), profile_dir=profile, user_ns=None)
    del sys.modules["ipykernel.debugger"]
    # one that shows code around each line takes seconds for a deep recursion
    kernel.shell.InteractiveTB.set_mode("Plain")
    kernel.shell_channel_thread = types.SimpleNamespace(parent_thread=threading.main_thread())
    kernel.shell.input_transformer_manager = _quick_transformer()
    stock = kernel.shell.should_run_async  # which compiles the cell to find out
    kernel.shell.compile.get_code_name = _code_name
    kernel.shell.should_run_async = lambda raw, **more: may_wait(raw) and stock(raw, **more)
    sys.stdout, sys.stderr = Stream("stdout", kernel), Stream("stderr", kernel)
    frontend.accompany(kernel)
    for name in packages:
        with contextlib.suppress(ImportError):
            __import__(name)
    return kernel


def _code_name(raw: str, *_) -> str:
    """A file's name for a cell, as ipykernel's, whose own hash is written in Python and takes as long as a short cell."""
    from ipykernel.compiler import get_tmp_directory

    return f"{get_tmp_directory()}{os.sep}{zlib.crc32(raw.encode('utf8', 'replace'))}.py"


def _quick_transformer():
    """IPython's transformer of cells, which reads a cell token by token only where one of its signs stands in a telling place."""
    from IPython.core.inputtransformer2 import TransformerManager

    class Quick(TransformerManager):
        usual = TransformerManager().token_transformers

        def do_token_transforms(self, lines):
            plain = self.token_transformers == self.usual and not SIGNS.search("".join(lines))
            return lines if plain else super().do_token_transforms(lines)

    return Quick()


def begin(kernel) -> None:
    """Before cells run in the loop that is running: what they send out belongs to one request, for nobody tells them apart."""
    from tornado.ioloop import IOLoop

    kernel.io_loop = IOLoop.current()
    header = {"msg_id": "cell", "session": "box", "msg_type": "execute_request"}
    kernel.set_parent([b"box"], {"header": header, "msg_id": "cell"})


def may_wait(source: str) -> bool:
    """Can the cell have to wait for something?"""
    return "await" in source or "async" in source


async def run_cell(kernel, source: str) -> dict:
    """Run one cell as a front end's request would; the reply's content."""
    try:
        if may_wait(source):
            reply = await kernel.do_execute(source, False, True, None, False)
        else:
            reply = _run_cell(kernel, source)
    except (KeyboardInterrupt, asyncio.CancelledError) as error:
        reply = {"status": "error", "ename": type(error).__name__}
    await asyncio.sleep(0)  # tasks that the cell made take a step, as in a real kernel
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()
    return reply


def _run_cell(kernel, source: str) -> dict:
    """What ipykernel's `do_execute` does for a cell that cannot wait for anything, without what it looks up each time anew."""
    shell = kernel.shell
    kernel._forward_input(False)
    try:
        result = shell.run_cell(source, store_history=True)
    finally:
        kernel._restore_input()
        shell.payload_manager.clear_payload()
    reply = {"status": "ok", "execution_count": shell.execution_count - 1}
    if not result.success or getattr(shell, "_last_traceback_during_displayhook", False):
        error = result.error_in_exec if result.error_before_exec is None else result.error_before_exec
        reply |= {"status": "error", "ename": type(error).__name__}
    return reply


def warm(kernel, cells: Iterable[str]) -> None:
    """Run cells for what they import, and forget what they defined."""
    shell = kernel.shell
    streams, state, folder = (sys.stdout, sys.stderr), random.getstate(), os.getcwd()
    before = set(shell.user_ns)
    special = {
        name: value for name, value in shell.user_ns.items() if name.startswith("__")
    }  # reset drops __spec__ too

    async def run():
        begin(kernel)
        for source in cells:
            with contextlib.suppress(BaseException):
                await run_cell(kernel, source)

    asyncio.run(run())
    if "ipywidgets" in sys.modules:
        from ipywidgets import Widget

        Widget.close_all()
    shell.reset(new_session=False)
    shell.execution_count = 1
    shell.user_ns.update(special)
    for name in set(shell.user_ns) - before:
        del shell.user_ns[name]
    for module in list(sys.modules.values()):
        if isinstance(module, types.ModuleType):
            module.__dict__.pop("__warningregistry__", None)
    sys.stdout, sys.stderr = streams
    random.setstate(state)
    os.chdir(folder)
