"""One notebook on its way through the executor: the learner's child, the judge's child, and the steps between them."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ..verdicts import KILLED, NOT_SERIALISABLE, OUT_OF_MEMORY, TIMEOUT
from . import reasons
from .box.names import bound
from .box.wire import encode
from .carrying import carried
from .outputs import Outputs, Room
from .plan import Ran, Sheet, Step
from .reasons import CALL, CELL, PROCESSOR, WHOLE
from .session import GRACE, Session, Stopped

if TYPE_CHECKING:
    from .executor import Executor

ANSWER_BYTES = 48_000_000  # of one answer to a test: a list of several million numbers
NO_VALUE = {"MemoryError": OUT_OF_MEMORY, "NotData": NOT_SERIALISABLE}  # errors that are not the function's own
MOST_TOLD = 20
MOST_JUDGES = 2  # of one notebook


class NotebookRun:
    """One notebook on its way: the learner's child, the judge's child, and what stopped the learner's."""

    def __init__(self, executor: Executor, sheet: Sheet, files: dict[str, bytes], seed: int | None):
        self._seed = seed
        self._executor, self._sheet, self._limits = executor, sheet, executor.config.limits
        self._files = {**files, **dict(sheet.files)}
        self._learner: Session | None = None
        self._judge: Session | None = None
        self._own: list[str] = []  # the instructor's cells so far, for a fresh judge
        self._judges, self._lost = 0, ""  # started so far, and the verdict on what the last one took with it
        self._defined: set[str] = set()  # names that the learner's cells have set since the last test
        self._next: dict[str, Step] = {}  # the step after each, by its name
        self._bound: set[str] = set()  # names that cells have set
        self._told: object = None  # what the learner's child told with its last cell, for a test that comes next
        self._room = Room()
        self._stopped, self._why = "", ""  # the verdict that ended the learner's child, and its reason in words
        self._met: dict[str, None] = {}  # what the learner's cells have met so far that is the box's, in words
        self._library = executor.library if sheet.unaided else ()
        # the package of the course's library that a cell looked for, by the cell's text
        self.lacked: dict[str, str] = {}
        self._end = time.monotonic() + self._limits.total_seconds

    def steps(self, steps: list[Step]) -> dict[str, Ran]:
        do: dict[str, Callable[[Step], Ran]] = {
            "cell": self._cell,
            "inside": self._inside,
            "own": self._own_cell,
            "test": self._test,
            "calls": self._calls,
        }
        judged = any(step.kind == "test" for step in steps)
        self._next = {step.name: after for step, after in pairwise(steps)}
        try:
            for role in ("learner", "judge") if judged else ("learner",):
                self._executor.server(role, self._sheet)  # both get warm at the same time
            self._learner = self._executor.learner(self._sheet, steps, self._files, self._seed)
            if judged:
                self._fresh_judge()
            return {step.name: do[step.kind](step) for step in steps}
        finally:
            for session in (self._learner, self._judge):
                if session is not None:
                    session.close()

    def _fresh_judge(self) -> None:
        """Start the judge and bring it to the present cell."""
        server = self._executor.server("judge", self._sheet)
        self._judge = server.session(dict(self._sheet.files), 1 << 28)
        self._judges += 1
        for source in self._own[server.opened :]:
            self._ask_judge({"cell": source})

    def _seconds(self, most: float) -> float:
        return max(0.0, min(most, self._end - time.monotonic()))

    def _ask_learner(
        self, message: dict, until: str, seconds: float, hear: Callable | None = None, most: int = 0, what: str = CELL
    ) -> dict | None:
        """The child's reply, or None when it is gone; `_stopped` and `_why` then say why. `what` is late where it is late."""
        if self._stopped or not seconds:
            self._why = self._why or self._ended(TIMEOUT)
            self._stopped = self._stopped or TIMEOUT
            return None
        begun = time.monotonic()
        try:
            reply, interrupted = self._learner.request(message, until, seconds, hear, most)
        except Stopped as stop:
            self._stopped = stop.why
            self._why = self._ended(stop.why, what if time.monotonic() - begun >= seconds else PROCESSOR)
            self._learner.close()
            return None
        return {**reply, "interrupted": interrupted} if isinstance(reply, dict) else {"interrupted": interrupted}

    def _ended(self, verdict: str, what: str = CELL) -> str:
        """The reason for a verdict, in words; "" for none."""
        return reasons.ended(verdict, self._limits, what if self._seconds(1) else WHOLE) if verdict else ""

    def _note(self, text: object, reply: dict) -> list[str]:
        """What a text tells of the box, and the child of the network; kept for the tests below."""
        tried = reply.pop("network", False) is True
        met = reasons.met(text if isinstance(text, str) else "", self._limits, tried)
        self._met.update(dict.fromkeys(met))
        return met

    def _whys(self, *own: str) -> str:
        """Why a test failed, as far as it is the box's: its own reasons, and what the cells above have met."""
        return " ".join(dict.fromkeys(why for why in (*own, *self._met) if why))

    def _cell(self, step: Step) -> Ran:
        self._defined |= bound(step.source)
        outputs = Outputs(self._room)
        message = {"cell": step.source, "tell": self._wanted(step)}
        reply = self._ask_learner(message, "reply", self._seconds(self._limits.cell_seconds), outputs.hear)
        self._told = None if reply is None else reply.pop("told", None)
        if reply is None:
            outputs.note(self._stopped, self._why)
            return Ran(outputs.as_tuple(), self._stopped, why=self._why)
        error = reply.get("ename") if reply.get("status") != "ok" else ""
        error = error[:100] if isinstance(error, str) else "Error"
        verdict = TIMEOUT if reply["interrupted"] else OUT_OF_MEMORY if error == "MemoryError" else ""
        why = self._ended(verdict)
        if verdict:
            self._met[why] = None
        why = " ".join([*([why] if why else []), *self._note(outputs.text(), reply)])
        if package := reasons.lacks(outputs.text(), self._library):
            self.lacked[step.source] = package
        outputs.note(verdict, why)
        ran_through = reply.get("status") == "ok" and not verdict
        return Ran(
            outputs.as_tuple(),
            verdict,
            outputs.value() if ran_through else None,
            error or ("" if ran_through else "Error"),
            why=why,
            exits=bool(reply.get("exits")),
        )

    def _wanted(self, step: Step) -> list[str]:
        """The names of cells that a test which comes next speaks of: it looks them up first."""
        self._bound |= bound(step.source)
        after = self._next.get(step.name)
        if after is None or after.kind != "test":
            return []
        return sorted(self._bound & set(re.findall(r"\w+", after.source)))[:MOST_TOLD]

    def _inside(self, step: Step) -> Ran:
        """A test in the learner's own process: its result is only as good as that process."""
        ran = self._cell(step)
        return replace(ran, why=self._whys(ran.why))

    def _own_cell(self, step: Step) -> Ran:
        ran = self._cell(step)
        self._own.append(step.source)
        if self._judge is not None and len(self._own) > self._executor.server("judge", self._sheet).opened:
            reply, trouble = self._ask_judge({"cell": step.source})
            ran = replace(ran, apart=(trouble or "no result") if reply is None else str(reply.get("error") or ""))
        return ran

    def _test(self, step: Step) -> Ran:
        if self._stopped:
            return Ran(verdict=self._stopped, why=self._why)
        message = {"test": step.source, "licence": step.licence, "share": step.share, "defined": sorted(self._defined)}
        message["told"], self._told = self._told, None
        self._defined.clear()
        reply, trouble = self._ask_judge(message)
        if self._stopped or trouble:  # whatever the judge made of a dead function, or of one that was late
            return Ran(verdict=self._stopped or trouble, why=self._why or self._whys(self._ended(trouble)))
        if reply is None:
            return Ran(verdict=KILLED, error="no result", why=self._whys())
        if reply.get("shared"):
            self._ask_learner({"ask": {"op": "set", "values": reply["shared"]}}, "answer", self._limits.call_seconds)
        wall = {name: tuple(reply[name]) for name in ("refused", "doubts", "used")}
        if "error" in reply:
            verdict = OUT_OF_MEMORY if reply["error"] == "MemoryError" else ""
            why = self._whys(self._ended(verdict), *self._note(reply["text"], reply))
            return Ran((), verdict, None, reply["error"], reply["text"], reply["line"], **wall, why=why)
        return Ran(value=reply["value"], **wall, why=self._whys())

    def _ask_judge(self, message: dict) -> tuple[dict | None, str]:
        """The judge's reply (None: it gave none) while the learner's child answers it; and a verdict on that child's answers.

        A judge that a test took with it is replaced, once and in time. One that a cell of the instructor's took is not: what
        a learner's value did to it would be done to the next.
        """
        if self._judge is None or not self._seconds(1):
            return None, self._lost if self._judge is None else TIMEOUT
        end = time.monotonic() + self._seconds(self._limits.cell_seconds)
        late: list[str] = []

        def relay(frame: dict) -> None:
            seconds = end - time.monotonic()
            if seconds > 0:
                reply = self._ask_learner({"ask": frame["content"]}, "answer", seconds, most=ANSWER_BYTES)
            else:
                reply = {"error": "TimeoutError", "interrupted": True}  # the test itself goes on for too long
            if reply is None:
                reply = {"error": "RuntimeError", "text": "the learner's code was stopped"}
            elif reply.pop("interrupted"):
                late.append(TIMEOUT)
            self._note(reply.get("text"), reply)
            with contextlib.suppress(Stopped):
                try:
                    self._judge.send({"answer": reply})
                except RecursionError:  # it could just be read
                    self._judge.send({"answer": {"error": "NotData", "text": "the value is too deep"}})

        # A little more than the learner's code has: its deadline and the grace after it end first.
        seconds = self._seconds(self._limits.cell_seconds) + GRACE + 1
        try:
            reply, interrupted = self._judge.request(message, "verdict", seconds, relay)
        except Stopped as stop:
            self._judge.close()
            self._judge, self._lost = None, stop.why if stop.why in (TIMEOUT, OUT_OF_MEMORY) else ""
            if "test" in message and self._judges < MOST_JUDGES and self._seconds(1):
                self._fresh_judge()
            return None, stop.why if stop.why in (TIMEOUT, OUT_OF_MEMORY) else ""
        return reply, TIMEOUT if interrupted else late[0] if late else ""

    def _calls(self, step: Step) -> Ran:
        outcomes = tuple(self._call(call) for call in step.calls)
        return Ran(outcomes=outcomes, verdict=self._stopped, why=self._why or self._whys())

    def _call(self, call: dict) -> dict[str, Any]:
        request = {"op": "function", "name": call["function"], "args": encode(list(call["args"])), "handles": False}
        reply = self._ask_learner({"ask": request}, "answer", self._seconds(self._limits.call_seconds), what=CALL)
        if reply is None or reply["interrupted"]:
            self._met[self._why or self._ended(TIMEOUT, CALL)] = None
            return {"verdict": self._stopped or TIMEOUT}
        self._note(reply.get("text"), reply)
        if "error" in reply:
            error = reply["error"][:80] if isinstance(reply["error"], str) else "Error"
            if package := reasons.missed(error, reply.get("text"), call["function"], self._library, self.lacked):
                self._met[reasons.UNAIDED.format(package)] = None
            if error in NO_VALUE:
                self._met[self._ended(NO_VALUE[error])] = None
                return {"verdict": NO_VALUE[error]}
            return {"error": error}
        return carried(reply.get("value"))
