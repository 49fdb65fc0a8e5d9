"""How a class is graded: options that a course sets in its nbgrader_config.py, and `autograder grade` on its command line."""

from __future__ import annotations

from traitlets import Bool, Float, Integer, Unicode
from traitlets.config import LoggingConfigurable

from ..execution.limits import Limits
from ..execution.plan import Config


class Grading(LoggingConfigurable):
    """How the class is graded, whichever way it is started."""

    jobs = Integer(0, help="Submissions graded at the same time on this machine (0: one for each core).").tag(
        config=True
    )
    dask = Integer(0, help="Grade with a local Dask cluster of so many workers (0: without Dask).").tag(config=True)
    scheduler = Unicode("", help="Grade with the Dask cluster whose scheduler is at this address.").tag(config=True)
    patience = Float(600, help="Seconds to wait for a gradebook that another program has locked.").tag(config=True)
    trust_learner_code = Bool(
        False, help="Where there is no box, run learners' code with your own rights. It is written into every receipt."
    ).tag(config=True)
    seed = Integer(0, help="Seed of random numbers in learners' code and in tests.").tag(config=True)
    cell_seconds = Float(Limits.cell_seconds, help="Seconds that a cell may take.").tag(config=True)
    memory_mb = Integer(Limits.memory_mb, help="Megabytes that learners' code may use.").tag(config=True)
    dry_run = Bool(False, help="Only tell what would be graded, and why.").tag(config=True)

    def executor_config(self) -> Config:
        return Config(
            Limits(cell_seconds=self.cell_seconds, memory_mb=self.memory_mb), self.trust_learner_code, self.seed
        )
