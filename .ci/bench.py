"""How long generating and grading take here: figures to read, nothing is asserted.

python .ci/bench.py [LEARNERS]
"""

import os
import platform
import sys
import tempfile
import time
import warnings
from pathlib import Path

from autograder import invented
from autograder.rehearse import make_course, questions_of
from courseware.questions import load_bank

ROOT = Path(__file__).resolve().parent.parent


def main(count: int) -> None:
    from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback

    bank = load_bank(ROOT / "autograder/questions")
    print(
        f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}; {count} invented learners"
    )
    print(f"{'assignment':14}{'questions':>10}{'generate':>12}{'autograde':>12}{'a learner':>12}{'feedback':>12}{'a learner':>12}")
    with tempfile.TemporaryDirectory() as scratch:
        course = make_course(Path(scratch, "course"), ROOT / "autograder/source", ROOT / "autograder/questions")
        for path in sorted((ROOT / "autograder/source").glob("*/*.ipynb")):
            name, questions = path.stem, questions_of(path, bank)
            if not questions or path.parent.name != name:
                continue
            generate = timed(course, GenerateAssignment, name)
            for learner in invented.learners(count):
                invented.hand_in(
                    course.folder / "submitted" / learner.id / name, course.folder / "release" / name, name, questions, learner
                )
            grade, feedback = timed(course, Autograde, name), timed(course, GenerateFeedback, name)
            print(
                f"{name:14}{len(questions):10}{generate:10.2f} s{grade:10.2f} s{grade / count * 1e3:9.0f} ms"
                f"{feedback:10.2f} s{feedback / count * 1e3:9.0f} ms"
            )


def timed(course, converter: type, assignment: str) -> float:
    start = time.perf_counter()
    course.step(converter, assignment)
    return time.perf_counter() - start


if __name__ == "__main__":
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # nbgrader calls alembic by name
    warnings.filterwarnings("ignore", module=r"nbgrader\..*")
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50)
