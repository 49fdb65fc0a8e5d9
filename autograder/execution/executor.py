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

import os
from functools import cached_property

from . import bubblewrap, opening, shown, unaided
from .base import Base, first
from .forkserver import ForkServer
from .notebook_run import NotebookRun
from .opening import Opening
from .plan import Config, Ran, Sheet, Step
from .session import Session

BOXED, TRUSTED, NONE = "boxed", "trusted", "none"
ROLES = ("learner", "judge")
MOST_NOTEBOOKS = 4  # whose warm processes are kept at a time


class Executor:
    """See the module. `level` and `reason` are found by trying, once, where another on this machine has not `found` them."""

    def __init__(self, config: Config | None = None, found: tuple[str, str] | None = None):
        self.config = config or Config()
        self._found = found
        self._base: Base | None = None
        self._servers: dict[tuple[str, Sheet], ForkServer] = {}
        self._openings: dict[Sheet, Opening] = {}

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
                self._found = (
                    TRUSTED,
                    f"Learners' code runs with the instructor's rights (--trust-learner-code): {lacking}",
                )
            else:
                self._found = NONE, f"Code is not run: {lacking} {bubblewrap.WAYS_OUT}"
        return self._found

    def _first(self, boxed: bool) -> Base:
        """The first process of the box, or of code without one; started when it is not there yet."""
        if self._base is None:
            self._base = first(boxed, self.config.limits, self.config.hidden)
        return self._base

    def _try(self) -> str:
        """Start a box and look around in it; "" or what is missing."""
        try:
            hole = self._first(True).hole()
        except OSError as error:
            hole = f"the box cannot be used ({error})."
        if hole:
            self.close()
        return hole

    def run(self, sheet: Sheet, steps: list[Step], files: dict[str, bytes], seed: int | None = None) -> dict[str, Ran]:
        """Run a notebook's steps in order; what became of each, by its name. `files` are the learner's, below the instructor's.
        `seed` is of the learner's random numbers, where it is not the run's own.

        Raises RuntimeError when there is no box, OSError when the warm processes die twice: the grader's fault.
        """
        if self.level == NONE:
            raise RuntimeError(self.reason)
        for attempt in (1, 2):
            try:
                return unaided.run(sheet, steps, lambda one: NotebookRun(self, one, files, seed))
            except OSError:
                self.close()
                if attempt == 2:
                    raise
        raise AssertionError

    def prepare(self, sheets: list[Sheet], submissions: int) -> None:
        """Have the warm processes of notebooks ready. Processes that are forked from this one use the same. Raises OSError."""
        for sheet in sheets[:MOST_NOTEBOOKS]:
            for role in ROLES:
                self.server(role, sheet)
            if submissions >= opening.FROM:
                self._opening(sheet).start()
        for server in self._servers.values():
            assert server.opened >= 0
        for one in self._openings.values():
            one.wait()

    def learner(self, sheet: Sheet, steps: list[Step], files: dict[str, bytes], seed: int | None) -> Session:
        """A session for a submission's steps, which asks for them in their order. Raises OSError."""
        seed = self.config.seed if seed is None else seed
        session = self._opening(sheet).session(steps, files, seed) if self.level == BOXED else None
        return session or self.server("learner", sheet).session(files, self.config.limits.output_bytes, seed)

    def server(self, role: str, sheet: Sheet) -> ForkServer:
        """The warm process of a notebook, started when it is not there yet. Raises OSError."""
        key = (role, sheet)
        if key not in self._servers:
            while len(self._servers) >= len(ROLES) * MOST_NOTEBOOKS:
                _, oldest = next(iter(self._servers))
                self._servers.pop(next(iter(self._servers))).close()
                if oldest in self._openings:
                    self._openings.pop(oldest).close()
            self._servers[key] = self.fork_server(role, sheet)
        self._servers[key] = self._servers.pop(key)  # the last used is the last to go
        return self._servers[key]

    def fork_server(self, role: str, sheet: Sheet, **more) -> ForkServer:
        """A warm process, which is to be closed by who asks for it. Raises OSError."""
        settings = {"cells": list(sheet.cells), "sources": list(sheet.sources), "theirs": list(sheet.theirs)}
        settings |= {"modules": list(sheet.modules), "folder": os.path.basename(sheet.folder), **more}
        if sheet.unaided and role != "judge":
            settings["absent"] = self.library
        base = self._first(self.level == BOXED)
        return ForkServer(base, role, self.config.limits, self.config.seed, dict(sheet.files), **settings)

    @cached_property
    def library(self) -> dict[str, list[str]]:
        """The packages of the course's own library, each with the places at which a box would show it."""
        return shown.library(self.config.hidden)

    def used(self) -> dict[str, float]:
        """Seconds of processor time by role, of the sessions that have ended of the notebooks that are kept warm."""
        used = dict.fromkeys(ROLES, 0.0)
        for (role, _), server in self._servers.items():
            used[role] += server.used()
        for opening_ in self._openings.values():
            used["learner"] += opening_.used()
        return used

    def _opening(self, sheet: Sheet) -> Opening:
        if sheet not in self._openings:
            self._openings[sheet] = Opening(self, sheet)
        return self._openings[sheet]

    def close(self) -> None:
        """End every process that this executor started; those that another has are left to it."""
        while self._servers:
            self._servers.popitem()[1].close()
        while self._openings:
            self._openings.popitem()[1].close()
        if self._base is not None:
            self._base.close()
            self._base = None

    def __enter__(self) -> Executor:
        return self

    def __exit__(self, *_) -> None:
        self.close()
