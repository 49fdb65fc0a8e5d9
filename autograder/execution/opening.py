"""The cells that stand before a learner's first, run once for a class: whether that may be done, and a session that goes on from there.

They must be as they were released. They are run twice: in a warm process that submissions are then forked from, and once as any
submission runs them, but at another time and with other files in place of the learner's. Where both show the same and leave the
same data, they depend on nothing but their text, and every submission shows what they showed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .box.elsewhere import OTHER
from .outputs import Outputs, Room
from .plan import Sheet, Step
from .session import Session, Stopped

if TYPE_CHECKING:
    from .executor import Executor
    from .forkserver import ForkServer

FROM = 3  # so many submissions make it worth the while
MOST_NAMES = 6  # sets of names of learners' files that are tried
# Clocks that no process can be given another of: numpy's and those of databases.
CLOCKS = re.compile(r"""['"](now|today)['"]|CURRENT_(DATE|TIME)""")


@dataclass(frozen=True)
class Record:
    """What the cells sent out, cell by cell, and whether they took random numbers."""

    frames: list[list[dict]]
    drew: bool
    like: str


class Opening:
    """The first cells of a notebook, for one executor."""

    def __init__(self, executor: Executor, sheet: Sheet):
        self._executor, self._sheet, self._asked = executor, sheet, 0
        self._server: ForkServer | None = None
        self._record: Record | None = None
        self._tried: dict[
            frozenset[str], str
        ] = {}  # names of learners' files, and why the cells cannot be shared with these
        self.why = (
            "" if sheet.opening else "there are none"
        )  # why the cells are not run once for all; "" as far as is known
        if any(map(CLOCKS.search, sheet.opening)):
            self.why = "they may ask a clock"

    def start(self) -> None:
        """Let a warm process run the cells, and do not wait for it."""
        if not self.why and self._server is None:
            self._server = self._executor.fork_server("opened", self._sheet, opening=list(self._sheet.opening))

    def wait(self) -> None:
        """Until that process has run them, where it was started."""
        if self.why or self._server is None or self._record is not None:
            return
        try:
            ready = self._server.ready(self._executor.config.limits.total_seconds)
        except OSError:
            self.why = "they did not run through"
        else:
            self.why = ready["left"] if ready["left"] or ready["like"] else "what they leave cannot be compared"
            self._record = Record(ready["frames"], ready["drew"], ready["like"])
        if self.why:
            self._server.close()

    def session(self, steps: list[Step], files: dict[str, bytes], seed: int) -> Session | None:
        """A session of a submission that goes on after the first cells, and gives what they showed. None where it cannot: its
        first cells are others, its random numbers are, or what they do depends on more than their text."""
        first = [step.source for step in steps if step.kind in ("own", "cell")][: len(self._sheet.opening)]
        leading = all(step.kind in ("own", "cell") for step in steps[: len(first)])
        if self.why or not leading or tuple(first) != self._sheet.opening:
            return None
        self._asked += 1
        if self._server is None and self._asked < FROM:
            return None
        self.start()
        self.wait()
        record, names = self._record, frozenset(files) - {name for name, _ in self._sheet.files}
        if self.why or record is None or (record.drew and seed != self._executor.config.seed):
            return None
        if names not in self._tried and len(self._tried) < MOST_NAMES:
            self._tried[names] = self._other(names, record)
        if self._tried.get(names, "too many"):
            return None
        output_bytes = self._executor.config.limits.output_bytes
        session = self._server.session(files, output_bytes, seed, draw_on=record.drew)
        session.play(self._sheet.opening, record.frames)
        return session

    def _other(self, names: frozenset[str], record: Record) -> str:
        """What is other, or could be, when the cells run elsewhere and a learner's files have these names; "" for nothing."""
        limits, server = self._executor.config.limits, self._executor.server("learner", self._sheet)
        session = server.session(dict.fromkeys(names, OTHER), limits.output_bytes, elsewhere=True)
        try:
            for source, frames in zip(self._sheet.opening, record.frames, strict=True):
                heard: list[dict] = []
                reply, interrupted = session.request({"cell": source}, "reply", limits.cell_seconds, heard.append)
                heard.append({"t": "reply", "content": reply})
                if interrupted or _shown(heard) != _shown(frames):
                    return "they show something else"
            look, _ = session.request({"look": True}, "look", limits.cell_seconds)
            return look["noticed"] or ("" if look["like"] == record.like else "they leave something else")
        except Stopped as stop:
            return stop.why
        finally:
            session.close()

    def used(self) -> float:
        """As `ForkServer.used`."""
        return self._server.used() if self._server is not None and not self.why else 0.0

    def close(self) -> None:
        if self._server is not None:
            self._server.close()


def _shown(frames: list[dict]) -> tuple:
    """What a cell's frames come to in a graded notebook, and its reply."""
    outputs = Outputs(Room())
    for frame in frames:
        outputs.hear(frame)
    return outputs.as_tuple(), outputs.value(), [frame["content"] for frame in frames if frame["t"] == "reply"]
