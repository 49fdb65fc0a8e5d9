"""The command `autograder`."""

from __future__ import annotations

import argparse
import os
import sys
import warnings
from pathlib import Path

from . import grade_class


def main(argv: list[str] | None = None) -> int:
    """Run a command; returns its exit code. Trouble is told in one sentence on stderr."""
    os.environ["PATH"] = (
        f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"  # nbgrader calls alembic by name
    )
    warnings.filterwarnings("ignore", module=r"nbgrader\..*")
    parser = argparse.ArgumentParser(prog="autograder", description="Grades what learners hand in, behind nbgrader.")
    parser.add_argument(
        "--questions",
        type=Path,
        default=Path("autograder/questions"),
        help="folder of the graded questions (default: %(default)s)",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    rehearsal = commands.add_parser("rehearse", help="grade an invented class from end to end")
    rehearsal.add_argument("--learners", type=_count, default=30)
    rehearsal.add_argument("--seed", type=int, default=1)
    rehearsal.add_argument(
        "--folder", type=Path, default=Path("class/rehearsal"), help="where (default: %(default)s; emptied first)"
    )
    rehearsal.add_argument(
        "--source", type=Path, default=Path("autograder/source"), help="the assignments (default: %(default)s)"
    )
    edition = commands.add_parser("learner-edition", help="write the tree that learners and readers get: no keys in it")
    edition.add_argument("out", type=Path, help="a new folder, such as dist/learner-edition")
    opener = commands.add_parser("leaks", help="open every file and look for keys of graded questions")
    opener.add_argument("paths", type=Path, nargs="+", help="files and folders, such as exercises")
    checker = commands.add_parser(
        "check", help="an author's check: find questions that are no good items; run it in the course's folder"
    )
    checker.add_argument("practice", type=Path, nargs="*", help="folders whose questions.yml files are checked too")
    judged = commands.add_parser("ways", help="how each test cell is judged, and why; run it in the course's folder")
    judged.add_argument("assignment")
    grade_class.options(
        commands.add_parser("grade", help="grade a whole class; run it in the course's folder, as nbgrader")
    )
    arguments = parser.parse_args(argv)
    if arguments.command == "grade":
        return grade_class.run(arguments)
    if arguments.command == "ways":
        from .authoring import ways

        return ways.run(arguments.assignment)
    if arguments.command == "check":
        from .authoring.check import run

        return run(arguments.practice)

    from courseware.questions import QuestionError

    from .authoring.edition import EditionError, learner_edition
    from .authoring.leaks import keys_of_bank, search
    from .rehearsal.rehearse import RehearsalError, rehearse

    try:
        if not any(arguments.questions.glob("*.yml")):
            raise QuestionError(
                f"there are no graded questions in {arguments.questions}.",
                "Run this in the instructor's repository, or say --questions FOLDER.",
            )
        if arguments.command == "rehearse":
            return rehearse(
                arguments.folder.resolve(),
                arguments.source.resolve(),
                arguments.questions.resolve(),
                arguments.learners,
                arguments.seed,
            )
        keys = keys_of_bank(arguments.questions)
        if arguments.command == "learner-edition":
            count = learner_edition(Path.cwd(), arguments.out, keys)
            print(
                f"Learner edition: {count} files in {arguments.out}; each was opened, no key of a graded question is in them."
            )
            return 0
        missing = [str(path) for path in arguments.paths if not path.exists()]
        if missing:
            raise EditionError(f"{', '.join(missing)}: no such file or folder.")
        found = search(arguments.paths, keys)
        for leak in found.leaks:
            print(leak)
        print(f"{found.opened} files opened, {len(found.leaks)} leak{'' if len(found.leaks) == 1 else 's'}.")
        return 1 if found.leaks else 0
    except (QuestionError, EditionError, RehearsalError) as error:
        print(f"autograder: {error}", file=sys.stderr)
        return 2


def _count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 5000:
        raise argparse.ArgumentTypeError("from 1 to 5000 learners")
    return number


if __name__ == "__main__":
    sys.exit(main())
