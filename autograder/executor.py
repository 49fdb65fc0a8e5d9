"""The executor: runs learners' code in a box and the instructor's tests outside it. This is the trusted side.

    config = Config(limits=Limits(), trust_learner_code=False, seed=0)      # plain data: pickle it to a worker
    with Executor(config) as executor:
        executor.level, executor.reason                                     # "boxed" | "trusted" | "none", and why
        result = grade(paper, submission, executor)                         # pure: bytes in, result out

One executor a worker process, used by one thread at a time; it starts its processes by `subprocess`, so it may live in a
worker that has threads. Warm processes are started at the first notebook that needs them and kept until `close`.
Where the level is "none", code is not run: questions that are scored from data are graded all the same.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from . import bubblewrap
from .box.remote import RemoteError
from .box.wire import NotData, decode, encode, plain
from .forkserver import GRACE, ForkServer, Session, Stopped
from .limits import Limits
from .outputs import Outputs, Room
from .verdicts import KILLED, NOT_SERIALISABLE, OUT_OF_MEMORY, TIMEOUT

BOXED, TRUSTED, NONE = "boxed", "trusted", "none"
NO_VALUE = {"MemoryError": OUT_OF_MEMORY, "NotData": NOT_SERIALISABLE}  # errors that a learner's function did not raise by itself
MOST_NOTEBOOKS = 4  # whose warm processes are kept at a time


@dataclass(frozen=True)
class Config:
    """How code is run. `trust_learner_code` lets it run without a box where none can be had; the receipts say so."""

    limits: Limits = field(default_factory=Limits)
    trust_learner_code: bool = False
    seed: int = 0


@dataclass(frozen=True)
class Sheet:
    """The instructor's side of a notebook, as far as warm processes are made of it. No hidden test and no key is in it.

    `cells` are the locked ungraded code cells before the first test, in order; `sources` the released text of the other
    code cells; `theirs` the names that the learner is told to define; `files` the data files beside the notebook.
    """

    cells: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    theirs: tuple[str, ...] = ()
    files: tuple[tuple[str, bytes], ...] = ()


@dataclass(frozen=True)
class Step:
    """One cell to run: a learner's ("cell"), the instructor's own ("own"), a test ("test"), a test in the learner's own
    process ("inside"), or calls of the learner's function ("calls")."""

    kind: str
    name: str
    source: str = ""
    calls: tuple[dict, ...] = ()


@dataclass(frozen=True)
class Ran:
    """What became of a step. `verdict` says what stopped it, "" for nothing."""

    outputs: tuple[dict, ...] = ()  # nbformat outputs, harmless ones
    verdict: str = ""
    value: float | str | None = None  # what a test evaluated to: nothing, a number, or "other" (some other object)
    error: str = ""  # name of the exception's class
    text: str = ""
    line: int = 0  # of the test's text
    fault: bool = False  # the test asks for what cannot be given: the instructor's matter
    outcomes: tuple[dict, ...] = ()  # of calls, in order, for a question's own scoring


class Executor:
    """See the module. `level` and `reason` are found by trying, once, where another on this machine has not `found` them."""

    def __init__(self, config: Config | None = None, found: tuple[str, str] | None = None):
        self.config = config or Config()
        self._found = found
        self._servers: dict[tuple[str, Sheet], ForkServer] = {}

    @property
    def level(self) -> str:
        """How learners' code is contained: BOXED, TRUSTED (not at all, and told so) or NONE (it is not run)."""
        return self._look()[0]

    @property
    def reason(self) -> str:
        """Why the level is what it is, and the ways out where code is not run."""
        return self._look()[1]

    def _look(self) -> tuple[str, str]:
        if self._found is None:
            lacking = bubblewrap.lacking() or self._try()
            if not lacking:
                self._found = BOXED, "Learners' code runs in a box: bubblewrap, namespaces, limits, Landlock, seccomp."
            elif not hasattr(os, "fork"):
                self._found = NONE, f"Code is not run: {lacking} {bubblewrap.WAYS_OUT}"
            elif self.config.trust_learner_code:
                self._found = TRUSTED, f"Learners' code runs with the instructor's rights (--trust-learner-code): {lacking}"
            else:
                self._found = NONE, f"Code is not run: {lacking} {bubblewrap.WAYS_OUT}"
        return self._found

    def _try(self) -> str:
        """Start a box and look around in it; "" or what is missing."""
        server = ForkServer("trial", True, self.config.limits, self.config.seed, {})
        try:
            try:
                session = server.session({}, 100_000)
            except OSError as error:
                return f"bubblewrap cannot make a box here ({(str(error).strip().splitlines() or ['?'])[-1][:200]})."
            try:
                session.request({}, "evidence", 30)
                return ""
            except Stopped:
                return f"the box has a hole ({session.said or 'it ended at once'})."
            finally:
                session.close()
        except OSError as error:
            return f"the box cannot be used ({error})."
        finally:
            server.close()

    def run(self, sheet: Sheet, steps: list[Step], files: dict[str, bytes], seed: int | None = None) -> dict[str, Ran]:
        """Run a notebook's steps in order; what became of each, by its name. `files` are the learner's, below the instructor's.
        `seed` is of the learner's random numbers, where it is not the run's own.

        Raises RuntimeError when there is no box, OSError when the warm processes die twice: the grader's fault.
        """
        if self.level == NONE:
            raise RuntimeError(self.reason)
        for attempt in (1, 2):
            try:
                return _Run(self, sheet, files, seed).steps(steps)
            except OSError:
                self.close()
                if attempt == 2:
                    raise
        raise AssertionError

    def server(self, role: str, sheet: Sheet) -> ForkServer:
        """The warm process of a notebook, started when it is not there yet."""
        key = (role, sheet)
        if key not in self._servers:
            while len(self._servers) >= 2 * MOST_NOTEBOOKS:
                self._servers.pop(next(iter(self._servers))).close()
            settings = {"cells": list(sheet.cells), "sources": list(sheet.sources), "theirs": list(sheet.theirs)}
            boxed = self.level == BOXED
            self._servers[key] = ForkServer(role, boxed, self.config.limits, self.config.seed, dict(sheet.files), **settings)
        return self._servers[key]

    def close(self) -> None:
        """End every process that this executor started."""
        while self._servers:
            self._servers.popitem()[1].close()

    def __enter__(self) -> Executor:
        return self

    def __exit__(self, *_) -> None:
        self.close()


class _Run:
    """One notebook on its way: the learner's child, the judge's child, and what stopped the learner's."""

    def __init__(self, executor: Executor, sheet: Sheet, files: dict[str, bytes], seed: int | None):
        self._seed = seed
        self._executor, self._sheet, self._limits = executor, sheet, executor.config.limits
        self._files = {**files, **dict(sheet.files)}
        self._learner: Session | None = None
        self._judge: Session | None = None
        self._own: list[str] = []  # the instructor's cells so far, for a fresh judge
        self._room = Room()
        self._stopped = ""  # the verdict that ended the learner's child
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
        try:
            for role in ("learner", "judge") if judged else ("learner",):
                self._executor.server(role, self._sheet)  # both get warm at the same time
            self._learner = self._executor.server("learner", self._sheet).session(self._files, self._limits.output_bytes, self._seed)
            if judged:
                self._fresh_judge()
            return {step.name: do[step.kind](step) for step in steps}
        finally:
            for session in (self._learner, self._judge):
                if session is not None:
                    session.close()

    def _fresh_judge(self) -> None:
        server = self._executor.server("judge", self._sheet)
        self._judge = server.session(dict(self._sheet.files), 1 << 28)
        for source in self._own[server.opened :]:
            self._ask_judge({"cell": source})

    def _seconds(self, most: float) -> float:
        return max(0.0, min(most, self._end - time.monotonic()))

    def _ask_learner(self, message: dict, until: str, seconds: float, hear: Callable | None = None) -> dict | None:
        """The child's reply, or None when it is gone; `_stopped` then says why."""
        if self._stopped or not seconds:
            self._stopped = self._stopped or TIMEOUT
            return None
        try:
            reply, interrupted = self._learner.request(message, until, seconds, hear)
        except Stopped as stop:
            self._stopped = stop.why
            self._learner.close()
            return None
        return {**reply, "interrupted": interrupted} if isinstance(reply, dict) else {"interrupted": interrupted}

    def _cell(self, step: Step) -> Ran:
        outputs = Outputs(self._room)
        reply = self._ask_learner({"cell": step.source}, "reply", self._seconds(self._limits.cell_seconds), outputs.hear)
        if reply is None:
            outputs.note(self._stopped)
            return Ran(outputs.as_tuple(), self._stopped)
        error = reply.get("ename") if reply.get("status") != "ok" else ""
        error = error[:100] if isinstance(error, str) else "Error"
        verdict = TIMEOUT if reply["interrupted"] else OUT_OF_MEMORY if error == "MemoryError" else ""
        if verdict:
            outputs.note(verdict)
        ran_through = reply.get("status") == "ok" and not verdict
        return Ran(outputs.as_tuple(), verdict, outputs.value() if ran_through else None, error or ("" if ran_through else "Error"))

    def _inside(self, step: Step) -> Ran:
        """A test in the learner's own process: its result is only as good as that process."""
        return self._cell(step)

    def _own_cell(self, step: Step) -> Ran:
        ran = self._cell(step)
        self._own.append(step.source)
        if self._judge is not None and len(self._own) > self._executor.server("judge", self._sheet).opened:
            self._ask_judge({"cell": step.source})
        return ran

    def _test(self, step: Step) -> Ran:
        if self._stopped:
            return Ran(verdict=self._stopped)
        reply, trouble = self._ask_judge({"test": step.source})
        if self._stopped or trouble:  # whatever the judge made of a dead function, or of one that was late
            return Ran(verdict=self._stopped or trouble)
        if reply is None:
            return Ran(verdict=KILLED, error="no result", fault=True)
        if "error" in reply:
            verdict = OUT_OF_MEMORY if reply["error"] == "MemoryError" else NOT_SERIALISABLE if reply.get("opaque") else ""
            return Ran((), verdict, None, reply["error"], reply["text"], reply["line"], reply.get("fault", False))
        return Ran(value=reply["value"])

    def _ask_judge(self, message: dict) -> tuple[dict | None, str]:
        """The judge's reply (None: it gave none) while the learner's child answers it; and a verdict on that child's answers."""
        end = time.monotonic() + self._seconds(self._limits.cell_seconds)
        late: list[str] = []

        def relay(frame: dict) -> None:
            reply = self._ask_learner({"ask": frame["content"]}, "answer", max(0.01, end - time.monotonic()))
            if reply is None:
                reply = {"error": "RuntimeError", "text": "the learner's code was stopped"}
            elif reply.pop("interrupted"):
                late.append(TIMEOUT)
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
            self._fresh_judge()
            return None, stop.why if stop.why == TIMEOUT else ""
        return reply, TIMEOUT if interrupted else late[0] if late else ""

    def _calls(self, step: Step) -> Ran:
        return Ran(outcomes=tuple(self._call(call) for call in step.calls), verdict=self._stopped)

    def _call(self, call: dict) -> dict[str, Any]:
        request = {"op": "function", "name": call["function"], "args": encode(list(call["args"])), "handles": False}
        reply = self._ask_learner({"ask": request}, "answer", self._seconds(self._limits.call_seconds))
        if reply is None or reply["interrupted"]:
            return {"verdict": self._stopped or TIMEOUT}
        if "error" in reply:
            error = reply["error"][:80] if isinstance(reply["error"], str) else "Error"
            if error in NO_VALUE:
                return {"verdict": NO_VALUE[error]}
            return {"error": error}
        try:
            return {"value": plain(decode(reply.get("value")))}
        except (NotData, RemoteError, TypeError, ValueError, RecursionError):
            return {"verdict": NOT_SERIALISABLE}
