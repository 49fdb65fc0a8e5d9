"""nbgrader in this course: `nbgrader` and formgrader run from this folder, JupyterLab finds it through `make lab` and `make desk`."""

import os
from pathlib import Path

import autograder

c = get_config()  # noqa: F821 - given by nbgrader
here = Path(__file__).resolve().parent

c.CourseDirectory.course_id = "bpo-vs-kpo"
c.CourseDirectory.source_directory = "autograder/source"
c.CourseDirectory.release_directory = "exercises"
for step in ("submitted", "autograded", "feedback", "solution", "source_with_tests"):
    setattr(c.CourseDirectory, f"{step}_directory", f"class/{step}")
c.ZipCollectApp.downloaded_directory = "class/downloaded"
c.CourseDirectory.db_url = f"sqlite:///{here / 'class/gradebook.db'}"

# Where a class hands out and hands in: a folder that all its members can write to. Without one, a folder of this course's own.
exchange = Path(os.environ.get("COURSE_EXCHANGE") or here / "class/exchange")
(here / "class").mkdir(exist_ok=True)
exchange.mkdir(mode=0o777, parents=True, exist_ok=True)
c.Exchange.root = str(exchange)

# On a machine with other users nobody else reads what a kernel sends. "auto": a kernel that knows no encryption goes without.
c.KernelManager.transport_encryption = "auto"

autograder.configure(c)
c.Bank.facts = (
    "outsourcing.evidence.text_of"  # `autograder check` looks the figures of a question up in the rows that it cites
)
