"""What a learner's child does: it runs cells and answers the judge until the other side hangs up."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import tempfile
from collections.abc import Callable

from .answering import Answering
from .elsewhere import Elsewhere
from .frontend import tried_network
from .kernel import begin, run_cell
from .likeness import likeness, random_state


class Cells:
    """Runs cells, and sends what they send out and then the reply as frames."""

    def __init__(self, kernel, send: Callable[[dict], None]):
        self._kernel, self._send, self._exits = kernel, send, []
        kernel.session.sink = send
        # `exit()`: a kernel under nbgrader runs the cells below all the same
        kernel.shell.ask_exit = lambda: self._exits.append(True)
        self._files = _own_descriptors()

    async def run(self, source: str, more: Callable[[], dict] = dict) -> None:
        """`more` gives what else goes into the reply."""
        tried_network.clear()
        reply = await run_cell(self._kernel, source)
        for name, file in self._files.items():
            if text := _written(file):
                self._send({"t": "stream", "content": {"name": name, "text": text}})
        kept = {key: reply.get(key) for key in ("status", "ename", "execution_count")}
        told = {"exits": bool(self._exits), "network": bool(tried_network)}
        self._send({"t": "reply", "content": kept | told | more()})
        self._exits.clear()


def serve(
    kernel, receive: Callable[[], dict | None], send: Callable[[dict], None], elsewhere: Elsewhere | None = None
) -> None:
    """Until the other side hangs up. `elsewhere` is there in a child that only the instructor's cells run in."""
    cells = Cells(kernel, send)

    def exchange(message: dict) -> dict | None:
        """The learner's code calls a function of the test's: the answer is still to come."""
        send({"t": "answer", "content": message})
        request = receive()
        return None if request is None else request["ask"]

    answering = Answering(kernel.shell.user_ns, exchange)

    working: list[bool] = []

    def interrupted(*_) -> None:
        """An interrupt that comes late, between two requests, is nobody's."""
        if working:
            raise KeyboardInterrupt

    async def loop():
        begin(kernel)
        signal.signal(signal.SIGINT, interrupted)  # here: asyncio.run has set one that only cancels
        while (request := receive()) is not None:
            working.append(True)
            if "cell" in request:
                names = request.get("tell") or []
                await cells.run(request["cell"], lambda names=names: {"told": answering.told(names)} if names else {})
                if getattr(kernel.shell, "exit_now", False):
                    return
            elif "look" in request and elsewhere is not None:
                like = likeness(kernel.shell, random_state())
                send({"t": "look", "content": {"like": like, "noticed": elsewhere.noticed()}})
            else:
                awaited = request["ask"].get("op") == "await"
                reply = await answering.answer_awaited(request["ask"]) if awaited else answering.answer(request["ask"])
                send({"t": "answer", "content": {**reply, "network": bool(tried_network)}})
                tried_network.clear()
            working.clear()

    asyncio.run(loop())


def _own_descriptors() -> dict[str, io.BufferedRandom]:
    """Descriptors 1 and 2 (of subprocesses, os.write) go to files in memory that are read after each cell."""
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    files = {}
    for number, name in ((1, "stdout"), (2, "stderr")):
        files[name] = tempfile.TemporaryFile()
        os.dup2(files[name].fileno(), number)
    return files


def _written(file) -> str:
    size = os.fstat(file.fileno()).st_size
    if not size:
        return ""
    data = os.pread(file.fileno(), 1 << 20, 0)
    os.ftruncate(file.fileno(), 0)
    os.lseek(file.fileno(), 0, os.SEEK_SET)
    return data.decode(errors="replace")
