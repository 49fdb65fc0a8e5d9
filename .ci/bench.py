"""How fast a class is graded here, by nbgrader itself and by us, in one run: figures to read, nothing is asserted.

python .ci/bench.py [--learners 200] [--sizes 50 500 5000] [--kills 100] [--jobs N]
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import random
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

import bench_class

from autograder.rehearsal import invented
from autograder.rehearsal.rehearse import Course, make_course, questions_of
from courseware.questions import load_bank

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
STOCK = 'c = get_config()\nc.CourseDirectory.course_id = "rehearsal"\n'
# The setting that makes nbgrader itself fastest: kernels are killed.
TUNED = STOCK + 'c.Execute.shutdown_kernel = "immediate"\n'
SHORT_RUNS = 5  # of a size below 500, where a run is short beside what the machine does meanwhile
DECLARED = "foundations"  # an assignment of declared questions only: no code is run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--learners", type=int, default=200)
    parser.add_argument("--sizes", type=int, nargs="*", default=[50, 500, 5000])
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    system = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    print(
        f"{os.cpu_count()} cores, {system}; {options.jobs} submissions at a time; load {os.getloadavg()[0]:.1f} at the start"
    )
    with tempfile.TemporaryDirectory() as scratch:
        ordinary, declared, questions = make_courses(Path(scratch))
        compare(ordinary, declared, questions, options)
        cost(ordinary, declared, questions, options)
        faults(declared, questions, options)


def make_courses(scratch: Path) -> tuple[Course, Course, list]:
    """A course with the ordinary assignment, and one with the course's own declared questions."""
    from nbgrader.converters import GenerateAssignment

    bank = load_bank(ROOT / "autograder/questions")
    (scratch / "none").mkdir()
    bench_class.write_source(scratch / "source")
    ordinary = make_course(scratch / "ordinary", scratch / "source", scratch / "none")
    ordinary.step(GenerateAssignment, bench_class.NAME)
    declared = make_course(scratch / "declared", ROOT / "autograder/source", ROOT / "autograder/questions")
    declared.step(GenerateAssignment, DECLARED)
    return ordinary, declared, questions_of(ROOT / f"autograder/source/{DECLARED}/{DECLARED}.ipynb", bank)


def hand_in_declared(course: Course, questions: list, count: int) -> None:
    shutil.rmtree(course.folder / "submitted", ignore_errors=True)
    for learner in invented.learners(count):
        folder = course.folder / "submitted" / learner.id / DECLARED
        invented.hand_in(folder, course.folder / "release" / DECLARED, DECLARED, questions, learner)


def compare(ordinary: Course, declared: Course, questions: list, options) -> None:
    """The same class by each way; start-up is in every figure."""
    count = options.learners
    if not count:
        return
    bench_class.hand_in(ordinary.folder, count)
    hand_in_declared(declared, questions, count)
    ways = {}
    for way, config in (("nbgrader autograde", STOCK), ("nbgrader autograde, tuned", TUNED)):
        folder = copied(ordinary.folder, way)
        (folder / "nbgrader_config.py").write_text(config, encoding="utf8")
        ways[way] = stock(folder)
    ways["autograder grade"] = ours(copied(ordinary.folder, "ours"), bench_class.NAME, options)
    words = f"an ordinary notebook of {len(bench_class.QUESTIONS)} questions with hidden tests, all start-up included"
    print(f"\nA class of {count}, {words}\n")
    print("| way | wall | a learner | times stock | scores |\n| --- | ---: | ---: | ---: | --- |")
    base = ways["nbgrader autograde"]
    for way, (seconds, scores) in ways.items():
        equal = sum(scores.get(cell) == score for cell, score in base[1].items())
        print(
            f"| {way} | {seconds:.1f} s | {seconds / count * 1e3:.1f} ms | {base[0] / seconds:.1f} | {equal} of {len(base[1])} equal |"
        )
    seconds, _ = ours(copied(declared.folder, "ours-declared"), DECLARED, options)
    words = f"{len(questions)} declared questions, in place of the 12"
    print(
        f"| {words} | {seconds:.1f} s | {seconds / count * 1e3:.1f} ms | {base[0] / seconds:.1f} | another assignment |",
        flush=True,
    )


def copied(folder: Path, name: str) -> Path:
    return Path(shutil.copytree(folder, folder.parent / name.replace(" ", "-")))


def stock(folder: Path) -> tuple[float, dict]:
    start = time.perf_counter()
    run = subprocess.run([BIN / "nbgrader", "autograde", bench_class.NAME], cwd=folder, capture_output=True, text=True)
    if run.returncode:
        sys.exit(run.stderr[-3000:])
    return time.perf_counter() - start, scores(folder)


def ours(folder: Path, assignment: str, options) -> tuple[float, dict]:
    start = time.perf_counter()
    grade(folder, assignment, options)
    return time.perf_counter() - start, scores(folder)


def grade(folder: Path, assignment: str, options) -> dict:
    """Run `autograder grade`; what it prints as JSON."""
    command = [BIN / "autograder", "grade", assignment, "--again", "--json", "--jobs", str(options.jobs)]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if run.returncode:
        sys.exit(run.stderr[-3000:])
    return json.loads(run.stdout)


def scores(folder: Path) -> dict[tuple, float]:
    with sqlite3.connect(folder / "gradebook.db") as book:
        rows = book.execute(
            "SELECT s.student_id, c.name, g.auto_score FROM grade g JOIN base_cell c ON c.id = g.cell_id "
            "JOIN submitted_notebook n ON n.id = g.notebook_id JOIN submitted_assignment s ON s.id = n.assignment_id"
        ).fetchall()
    book.close()
    return {(student, cell): score for student, cell, score in rows}


def cost(ordinary: Course, declared: Course, questions: list, options) -> None:
    """What one more submission costs: the time of a run, less that of a run over two. Each run is a class's first: nothing is graded yet.
    Short runs are repeated: the middle one counts."""
    if not options.sizes:
        return
    print("\nCost of one more submission (start-up subtracted), and what the processor's time goes into\n")
    print("| class | submissions | start-up | wall | one more | against the first size | share by stage |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | --- |")
    for words, course, assignment in (
        ("judged, boxed", ordinary, bench_class.NAME),
        ("declared questions", declared, DECLARED),
    ):
        start = first = None
        empty = (course.folder / "gradebook.db").read_bytes()
        for count in (2, *options.sizes):
            if course is ordinary:
                bench_class.hand_in(course.folder, count)
            else:
                hand_in_declared(course, questions, count)
            runs = []
            for _ in range(SHORT_RUNS if count < 500 else 1):
                anew(course.folder, empty)
                runs.append(grade(course.folder, assignment, options)["seconds"])
            whole = statistics.median(said["all"] for said in runs)
            if start is None:
                start = whole
                continue
            each = (whole - start) / (count - 2) * 1e3
            first = first or each
            parts = {
                stage: sum(said.get(stage, 0) for said in runs)
                for stage in ("learner", "judge", "trusted", "reading", "files", "gradebook")
            }
            shares = ", ".join(f"{stage} {spent / sum(parts.values()):.0%}" for stage, spent in parts.items())
            print(
                f"| {words} | {count} | {start:.1f} s | {whole:.1f} s | {each:.2f} ms | {each / first - 1:+.0%} | {shares} |",
                flush=True,
            )


def anew(folder: Path, empty: bytes) -> None:
    """Take back what a run wrote."""
    for name in ("autograded", "receipts"):
        shutil.rmtree(folder / name, ignore_errors=True)
    for path in folder.glob("gradebook.db*"):
        path.unlink()
    (folder / "gradebook.db").write_bytes(empty)


def faults(declared: Course, questions: list, options) -> None:
    """Kill -9 at random moments, each time taken up again; then row for row the gradebook of an undisturbed run."""
    if not options.kills:
        return
    sys.path.insert(0, str(ROOT / "tests/autograder"))
    from course_state import files, rows
    from killable import Server

    hand_in_declared(declared, questions, 100)
    shutil.rmtree(declared.folder / "receipts", ignore_errors=True)
    undisturbed, disturbed = copied(declared.folder, "undisturbed"), copied(declared.folder, "disturbed")
    draw, killed, finished = random.Random(1), 0, 0
    with Server(stderr=subprocess.DEVNULL) as server:
        for again in ([], ["--again"]):
            start = time.perf_counter()
            server.start(undisturbed, DECLARED, *again)
            server.ended()
        whole = time.perf_counter() - start
        for _ in range(options.kills):
            pid = server.start(disturbed, DECLARED, "--again" if draw.random() < 0.5 else "--resume")
            time.sleep(draw.uniform(0, whole))
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            killed, finished = (killed + 1, finished) if server.ended() < 0 else (killed, finished + 1)
        server.start(disturbed, DECLARED)
        server.ended()
    same = rows(undisturbed) == rows(disturbed) and files(undisturbed) == files(disturbed)
    words = "the same" if same else "NOT THE SAME"
    print(
        f"\nkill -9 of a run: {killed} times ({finished} runs had ended before), taken up again: {words}, row for row"
    )


if __name__ == "__main__":
    os.environ["PATH"] = f"{BIN}{os.pathsep}{os.environ['PATH']}"  # nbgrader calls alembic by name
    warnings.filterwarnings("ignore", module=r"nbgrader\..*")
    main()
