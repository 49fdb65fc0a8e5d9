"""How a class is graded: options that a course sets in its nbgrader_config.py, and `autograder grade` on its command line."""

from __future__ import annotations

import os

from traitlets import Bool, Float, Integer, Unicode
from traitlets.config import LoggingConfigurable

from ..execution.limits import Limits
from ..execution.plan import Config
from .paper import Bank


class Grading(LoggingConfigurable):
    """How the class is graded, whichever way it is started."""

    jobs = Integer(
        0, help="Submissions graded at the same time on this machine (0: one for each core, if its memory holds them)."
    ).tag(config=True)
    dask = Integer(0, help="Grade with a local Dask cluster of so many workers (0: without Dask).").tag(config=True)
    scheduler = Unicode("", help="Grade with the Dask cluster whose scheduler is at this address.").tag(config=True)
    patience = Float(600, help="Seconds to wait for a gradebook that another program has locked.").tag(config=True)
    trust_learner_code = Bool(
        False, help="Where there is no box, run learners' code with your own rights. It is written into every receipt."
    ).tag(config=True)
    seed = Integer(0, help="Seed of random numbers in learners' code and in tests.").tag(config=True)
    cell_seconds = Float(Limits.cell_seconds, help="Seconds that a cell may take.").tag(config=True)
    memory_mb = Integer(
        Limits.memory_mb, help="Megabytes that the code of one submission may use, and its tests as much."
    ).tag(config=True)
    dry_run = Bool(False, help="Only tell what would be graded, and why.").tag(config=True)

    def executor_config(self, coursedir) -> Config:
        limits = Limits(cell_seconds=self.cell_seconds, memory_mb=self.memory_mb)
        return Config(limits, self.trust_learner_code, self.seed, course_folders(coursedir))


def course_folders(coursedir) -> tuple[str, ...]:
    """Every folder in which the course keeps what is not a learner's: its own, and those that its configuration puts elsewhere."""
    from nbgrader.apps import ZipCollectApp
    from nbgrader.exchange.default import Exchange

    config, root = coursedir.config, coursedir.root
    exchange = Exchange(config=config)
    named = [getattr(coursedir, name) for name in coursedir.trait_names() if name.endswith("_directory")]
    named += [
        ZipCollectApp(config=config).downloaded_directory,
        Bank(config=config).folder,
        exchange.root,
        exchange.cache,
    ]
    if coursedir.db_url.startswith("sqlite:///"):
        named.append(os.path.dirname(coursedir.db_url.removeprefix("sqlite:///")))
    return tuple(sorted({os.path.normpath(os.path.join(root, name)) for name in ("", *named) if name is not None}))
