"""`autograder rehearse`: an invented class through nbgrader's real chain, in a folder of its own."""

from __future__ import annotations

import csv
import json
import logging
import os
import shutil
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

from courseware.questions import Question, asked, load_bank

from ..classroom import gradebook
from ..verdicts import FAULT, QUESTION_VERDICTS, SUBMISSION_VERDICTS
from . import invented

CONFIG = """import autograder

c = get_config()
c.CourseDirectory.course_id = "rehearsal"
autograder.configure(c, questions="questions")
"""
MARK = "rehearsal.txt"


class RehearsalError(Exception):
    """Why a rehearsal cannot be held, or what it found wrong; the text is for the instructor."""


class Course:
    """A copy of the course's sources in a folder of its own, with nbgrader's steps as methods."""

    def __init__(self, folder: Path):
        from nbgrader.apps import NbGrader
        from nbgrader.coursedir import CourseDirectory

        self.folder = folder
        with inside(folder):
            app = NbGrader()
            app.log.setLevel(logging.ERROR)
            app.load_config_file()
            self.config = app.config
            self.directory = CourseDirectory(config=self.config, root=str(folder))

    def step(self, converter: type, assignment: str) -> None:
        """Run one of nbgrader's converters on an assignment. Raises NbGraderException."""
        self.directory.assignment_id = assignment
        with inside(self.folder):
            running = converter(coursedir=self.directory, config=self.config)
            running.log.setLevel(logging.ERROR)
            running.force = True
            running.start()

    def export(self, target: Path) -> None:
        """nbgrader's own export of all grades."""
        from nbgrader.plugins import CsvExportPlugin

        with inside(self.folder), gradebook.Gradebook(self.directory.db_url) as book:
            exporter = CsvExportPlugin(config=self.config)
            exporter.log.setLevel(logging.ERROR)
            exporter.to = str(target)
            exporter.export(book)


@contextmanager
def inside(folder: Path):
    before = os.getcwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def make_course(folder: Path, source: Path, questions: Path) -> Course:
    """A fresh course in `folder` (emptied first, if an earlier rehearsal made it)."""
    if folder.exists():
        if any(folder.iterdir()) and not (folder / MARK).exists():
            raise RehearsalError(
                f"{folder} is not empty and no rehearsal made it: choose another folder with --folder."
            )
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / MARK).write_text(
        "Made by `autograder rehearse`, and emptied by its next run. The learners in it are invented.\n",
        encoding="utf8",
    )
    (folder / "nbgrader_config.py").write_text(CONFIG, encoding="utf8")
    shutil.copytree(source, folder / "source", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    shutil.copytree(questions, folder / "questions")
    return Course(folder)


def questions_of(notebook: Path, bank: dict[str, Question]) -> list[Question]:
    """The questions that a notebook asks, in its order."""
    cells = json.loads(notebook.read_bytes())["cells"]
    ids = [
        asked(cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"]))
        for cell in cells
        if cell["cell_type"] == "code"
    ]
    return [bank[id_] for id_ in ids if id_ in bank]


def rehearse(folder: Path, source: Path, questions: Path, count: int, seed: int = 1, say=print) -> int:
    """Grade an invented class of `count` from end to end and tell what happened. Returns 0 when right earned full and empty earned 0."""
    from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback

    bank = load_bank(questions)
    names = sorted(
        path.parent.name
        for path in source.glob("*/*.ipynb")
        if path.stem == path.parent.name and questions_of(path, bank)
    )
    if not names:
        raise RehearsalError(f"No assignment in {source} asks a question of the bank: there is nothing to rehearse.")
    start = time.perf_counter()
    course = make_course(folder, source, questions)
    class_ = invented.learners(count, seed)
    say(f"An invented class of {count}, seed {seed}; assignments: {', '.join(names)}.")
    rows = []
    for name in names:
        course.step(GenerateAssignment, name)
        asked_here = questions_of(source / name / f"{name}.ipynb", bank)
        for learner in class_:
            invented.hand_in(
                folder / "submitted" / learner.id / name, folder / "release" / name, name, asked_here, learner, seed
            )
        began = time.perf_counter()
        course.step(Autograde, name)
        took = time.perf_counter() - began
        course.step(GenerateFeedback, name)
        say(f"{name}: {count} submissions graded in {took:.1f} s.")
        rows += results(course, [name])
    course.export(folder / "grades.csv")
    write_csv(rows, folder / "verdicts.csv")
    say(tables(rows, {learner.id: learner.way for learner in class_}))
    say(
        f"\nGradebook: {folder / 'gradebook.db'}\nScores and verdicts (CSV): {folder / 'verdicts.csv'}\n"
        f"nbgrader's export (CSV): {folder / 'grades.csv'}\n"
        f"Feedback pages: {folder / 'feedback'}\n{time.perf_counter() - start:.0f} s in all."
    )
    wrong = check(rows, class_)
    waiting = sum(bool(row["open"]) for row in rows)
    left = f" {waiting} submissions hold answers that a person grades, or code that was not run." if waiting else ""
    say("\n".join(wrong) if wrong else f"Checked: right answers score full, empty ones 0.{left}")
    return 1 if wrong else 0


def results(course: Course, assignments: list[str]) -> list[dict]:
    """Scores from the gradebook beside verdicts from the receipts, a row for each learner and assignment."""
    from ..classroom.publish import receipt_path

    rows = gradebook.scores(course.directory.db_url, assignments)
    for row in rows:
        record = json.loads(
            receipt_path(course.directory, row["assignment"], row["learner"], row["assignment"]).read_bytes()
        )
        row |= {
            "verdict": record["verdict"],
            "flags": record["flags"],
            "questions": {cell["id"]: cell["verdict"] for cell in record["cells"]},
            "open": sum(cell["points"] for cell in record["cells"] if cell["score"] is None),
        }
    return rows


def write_csv(rows: list[dict], path: Path) -> None:
    """One row for each learner, assignment and question, with the assignment's score repeated."""
    with open(path, "w", newline="", encoding="utf8") as file:
        writer = csv.writer(file)
        writer.writerow(
            [
                "learner",
                "assignment",
                "score",
                "max_score",
                "submission_verdict",
                "flags",
                "question",
                "question_score",
                "question_verdict",
            ]
        )
        for row in rows:
            for question, verdict in row["questions"].items():
                writer.writerow(
                    [
                        row["learner"],
                        row["assignment"],
                        row["score"],
                        row["max_score"],
                        row["verdict"],
                        "; ".join(row["flags"]),
                        question,
                        row["cells"][question],
                        verdict,
                    ]
                )


def tables(rows: list[dict], ways: dict[str, str]) -> str:
    """What became of each way of working, and of each question, as text."""
    lines = ["", f"{'learners who hand in':24}{'':>4} {'mean score':>12}  verdict on the submission"]
    for way in sorted(set(ways.values()), key=invented.WAYS.index):
        mine = [row for row in rows if ways[row["learner"]] == way]
        share = sum(row["score"] / row["max_score"] for row in mine) / len(mine)
        verdicts = Counter(row["verdict"] for row in mine)
        words = ", ".join(f"{verdict} {verdicts[verdict]}" for verdict in SUBMISSION_VERDICTS if verdicts[verdict])
        lines.append(f"{way:24}{len({row['learner'] for row in mine}):4} {share:12.0%}  {words}")
    used = [verdict for verdict in QUESTION_VERDICTS if any(verdict in row["questions"].values() for row in rows)]
    lines += [
        "",
        f"{'question':24}" + "".join(f"{verdict:>12}" if len(verdict) < 12 else f"  {verdict}" for verdict in used),
    ]
    for question in dict.fromkeys(question for row in rows for question in row["questions"]):
        counts = Counter(row["questions"][question] for row in rows if question in row["questions"])
        lines.append(f"{question:24}" + "".join(f"{counts[verdict]:>{max(12, len(verdict) + 2)}}" for verdict in used))
    return "\n".join(lines)


def check(rows: list[dict], class_: list[invented.Learner]) -> list[str]:
    """What is not as it must be: full marks for right answers (but for what a person grades), 0 for empty ones, nobody missing."""
    ways, wrong = {learner.id: learner.way for learner in class_}, []
    for row in rows:
        must = {
            "right": row["max_score"] - row["open"],
            "notebook only": row["max_score"] - row["open"],
            "tampered": row["max_score"] - row["open"],
            "empty": 0,
            "broken answers": 0,
            "of another assignment": 0,
            "invalid": 0,
            "wrong": 0,
        }.get(ways[row["learner"]])
        if must is not None and abs(row["score"] - must) > 1e-9:
            wrong.append(
                f"WRONG: {row['learner']} ({ways[row['learner']]}) has {row['score']:g} of {row['max_score']:g} "
                f"in {row['assignment']}, not {must:g}."
            )
        if (row["needs_manual_grade"] and not row["open"]) or FAULT in row["questions"].values():
            wrong.append(f"WRONG: {row['learner']} waits for a person in {row['assignment']}.")
    assignments = {row["assignment"] for row in rows}
    if len(rows) != len(class_) * len(assignments):
        wrong.append(f"WRONG: {len(rows)} results for {len(class_)} learners and {len(assignments)} assignments.")
    return wrong
