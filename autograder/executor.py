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

from dataclasses import dataclass, field

from .limits import Limits

BOXED, TRUSTED, NONE = "boxed", "trusted", "none"


@dataclass(frozen=True)
class Config:
    """How code is run. `trust_learner_code` lets it run without a box where none can be had; the receipts say so."""

    limits: Limits = field(default_factory=Limits)
    trust_learner_code: bool = False
    seed: int = 0


class Executor:
    """See the module. `level` and `reason` are found by trying, once."""

    def __init__(self, config: Config | None = None):
        self.config = config or Config()

    @property
    def level(self) -> str:
        return NONE

    @property
    def reason(self) -> str:
        return "the box is not there yet"

    def close(self) -> None:
        """End every process that this executor started."""

    def __enter__(self) -> Executor:
        return self

    def __exit__(self, *_) -> None:
        self.close()
