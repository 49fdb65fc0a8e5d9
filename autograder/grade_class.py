"""`autograder grade ASSIGNMENT`: the whole class, in the course's folder, by the pipeline that nbgrader's own ways use too."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from dataclasses import asdict
from glob import glob
from pathlib import Path

from .execution.ahead import start_box
from .nbgrader_door.course import CannotGrade, converter


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("assignment", help="its name: the folder in the course's source directory")
    parser.add_argument(
        "--student", default="*", help="only these learners: an id, or a pattern such as 'a*' (default: all)"
    )
    parser.add_argument("--jobs", type=int, default=0, help="submissions at the same time (default: one for each core)")
    cluster = parser.add_mutually_exclusive_group()
    cluster.add_argument(
        "--dask", type=int, default=0, metavar="N", help="grade with a local Dask cluster of N workers"
    )
    cluster.add_argument(
        "--scheduler", default="", metavar="ADDRESS", help="grade with the Dask cluster at tcp://HOST:PORT"
    )
    again = parser.add_mutually_exclusive_group()
    again.add_argument(
        "--resume", action="store_true", help="grade only what is new or has changed (this is the default)"
    )
    again.add_argument(
        "--again", "--force", action="store_true", help="grade everything again; what a person entered stays"
    )
    parser.add_argument(
        "--trust-learner-code",
        action="store_true",
        help="where no box can be had, run learners' code with your own rights; every receipt says so",
    )
    parser.add_argument("--dry-run", action="store_true", help="tell what would be graded, and write nothing")
    parser.add_argument(
        "--check-against-stock",
        type=int,
        default=0,
        metavar="K",
        help="grade K random submissions nbgrader's own way too, in a scratch copy and without a box, and compare",
    )
    parser.add_argument("--json", action="store_true", help="print the results as JSON (progress goes to stderr)")


def run(arguments: argparse.Namespace) -> int:
    """Returns the exit code: 0, or 1 when something could not be graded, 2 when nothing could."""
    start_box(Path.cwd(), arguments.assignment)
    from nbgrader.converters.base import NbGraderException

    try:
        return _run(arguments)
    except KeyboardInterrupt:
        return 130
    except (CannotGrade, NbGraderException) as error:
        print(f"autograder: {error}", file=sys.stderr)
        return 2


def _must_be_handed_in(grading) -> None:
    """Raises CannotGrade where no submission is there to grade: a name that the course does not have, or nobody who handed in."""
    course = grading.coursedir
    if glob(course.format_path(course.submitted_directory, course.student_id, course.assignment_id)):
        return
    sources = Path(course.format_path(course.source_directory, ".", "*"))
    known = sorted(path.name for path in sources.parent.glob("*") if path.is_dir() and not path.name.startswith("."))
    if known and course.assignment_id not in known:
        raise CannotGrade(f"this course has no assignment {course.assignment_id}. It has: {', '.join(known)}.")
    place = course.format_path(course.submitted_directory, "LEARNER", course.assignment_id)
    who = "nobody" if course.student_id == "*" else f"no learner '{course.student_id}'"
    raise CannotGrade(
        f"{who} has handed in {course.assignment_id}: collect it, or put each learner's files in {place}."
    )


def _run(arguments: argparse.Namespace) -> int:
    from .classroom.progress import watcher

    start = time.perf_counter()
    grading = converter(Path.cwd(), arguments.assignment, arguments.student)
    _must_be_handed_in(grading)
    grading.force = arguments.again
    names = ("jobs", "dask", "scheduler", "dry_run", "trust_learner_code")
    grading.config.Grading.update({name: getattr(arguments, name) for name in names if getattr(arguments, name)})
    grading.watch = watch = watcher()
    try:
        grading.start()
    finally:
        watch.close()
    outcomes = sorted(grading.run.outcomes, key=lambda outcome: (outcome.student, outcome.notebook))
    if arguments.json:
        seconds = {stage: round(spent, 3) for stage, spent in grading.run.seconds.items()} | {
            "all": round(time.perf_counter() - start, 3)
        }
        results = [asdict(outcome) for outcome in outcomes]
        print(
            json.dumps(
                {"assignment": arguments.assignment, "seconds": seconds, "results": results}
                | ({"left_out": grading.left_out} if grading.left_out else {}),
                indent=1,
            )
        )
    elif not arguments.dry_run:
        print(summary(outcomes, time.perf_counter() - start, len(grading.left_out)))
    if arguments.check_against_stock and not arguments.dry_run and not _check(grading, arguments):
        return 1
    return 1 if grading.left_out or any(outcome.verdict == "grader fault" for outcome in outcomes) else 0


def _check(grading, arguments: argparse.Namespace) -> bool:
    """Compare with nbgrader itself and tell on stderr; whether all scores are equal."""
    from .nbgrader_door.stock_check import compare

    def say(text: str) -> None:
        print(text, file=sys.stderr)

    chosen, differences = compare(grading, arguments.check_against_stock, grading.run.options.seed, say)
    for one in differences:
        say(f"{one.student}, {one.notebook}, {one.cell}: {one.ours} here, {one.stock} by nbgrader itself")
    many = "submission" if len(chosen) == 1 else "submissions"
    say(f"{len(chosen)} {many} compared with nbgrader itself ({', '.join(chosen)}): {len(differences)} scores differ.")
    return not differences


def summary(outcomes: list, seconds: float, left_out: int = 0) -> str:
    graded = {outcome.student for outcome in outcomes if outcome.graded}
    everyone = {outcome.student for outcome in outcomes}
    counts = Counter(outcome.verdict for outcome in outcomes)
    lines = [f"{len(graded)} graded, {len(everyone) - len(graded)} looked up, in {seconds:.1f} s."]
    lines.append(
        "Notebooks: " + (", ".join(f"{verdict} {count}" for verdict, count in counts.most_common()) or "none") + "."
    )
    if by_hand := sum(outcome.open > 0 for outcome in outcomes):
        hold = "holds" if by_hand == 1 else "hold"
        lines.append(
            f"{by_hand} {hold} answers that a person grades, or code that was not run: formgrader shows what still waits."
        )
    if undecided := [outcome for outcome in outcomes if outcome.undecided]:
        named = [
            f"{outcome.student} ({outcome.notebook}: {', '.join(outcome.undecided)})" for outcome in undecided[:20]
        ]
        count, more = sum(len(outcome.undecided) for outcome in undecided), " ..." if len(undecided) > 20 else ""
        cells = "cell" if count == 1 else "cells"
        lines.append(f"A person decides {count} test {cells}, for the reason in formgrader: {', '.join(named)}{more}.")
    if inside := sum(outcome.inside for outcome in outcomes):
        words = "grade rests on a test" if inside == 1 else "grades rest on tests"
        lines.append(f"{inside} {words} in the learner's own process: `autograder ways` says which and why.")
    unread = [
        f"{outcome.student} ({outcome.notebook})" for outcome in outcomes if outcome.verdict == "unreadable submission"
    ]
    if unread:
        lines.append(f"Unreadable: {', '.join(unread[:20])}{' ...' if len(unread) > 20 else ''}.")
    if left_out:
        folders = "folder's name is" if left_out == 1 else "folders' names are"
        lines.append(f"Not graded, because the {folders} no learner's id: {left_out} (see above).")
    flagged = [outcome for outcome in outcomes if outcome.flags]
    lines += [
        f"Flagged: {outcome.student}, {outcome.notebook}: {'; '.join(outcome.flags)}." for outcome in flagged[:20]
    ]
    if len(flagged) > 20:
        lines.append(f"... and {len(flagged) - 20} more flagged.")
    return "\n".join(lines)
