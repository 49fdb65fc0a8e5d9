"""`autograder rehearse`, as `make grade` runs it, with a smaller class."""

from __future__ import annotations

import csv
import subprocess
import sys

import pytest
import yaml
from tree import ROOT

from autograder.authoring.leaks import keys_of_bank, search
from autograder.rehearsal.invented import WAYS
from autograder.rehearsal.rehearse import RehearsalError, make_course


def test_a_class_is_graded_from_end_to_end(tmp_path):
    folder = tmp_path / "rehearsal"
    run = subprocess.run(
        [sys.executable, "-m", "autograder.cli", "rehearse", "--learners", str(len(WAYS)), "--folder", folder],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-3000:]
    assert (
        "Checked: right answers score full, empty ones 0." in run.stdout
        and str(folder / "gradebook.db") in run.stdout
        and str(folder / "verdicts.csv") in run.stdout
    )
    with open(folder / "verdicts.csv", newline="", encoding="utf8") as file:
        rows = list(csv.DictReader(file))
    names = sorted(path.name for path in (ROOT / "exercises").iterdir() if path.is_dir())
    assert sorted({row["assignment"] for row in rows}) == names and len({row["learner"] for row in rows}) == len(WAYS)
    points = {
        entry["id"]: entry["points"]
        for path in (ROOT / "autograder/questions").glob("*.yml")
        for entry in yaml.safe_load(path.read_text(encoding="utf8"))
    }
    assert all(
        float(row["question_score"]) == points[row["question"]] for row in rows if row["question_verdict"] == "correct"
    )
    assert all(
        float(row["question_score"]) == 0
        for row in rows
        if row["question_verdict"] in ("wrong", "unanswered", "invalid", "unreadable submission")
    )
    verdicts = {"correct", "partly", "wrong", "unanswered", "invalid", "by hand", "unreadable submission"}
    assert {row["question_verdict"] for row in rows} == verdicts
    assert {"graded", "tampered", "unreadable submission"} == {row["submission_verdict"] for row in rows}
    assert len(list((folder / "feedback").rglob("*.html"))) == len(WAYS) * len(names)
    answered = {
        row["learner"] for row in rows if row["question_verdict"] not in ("unanswered", "unreadable submission")
    }
    pages = [
        path
        for name in {row["learner"] for row in rows} - answered
        for path in (folder / "feedback" / name).rglob("*.html")
    ]
    keys = keys_of_bank(ROOT / "autograder/questions")
    found = search(pages, keys)
    assert pages and found.opened == len(pages) and found.leaks == [], "who answered nothing is told no key"
    pages[0].write_text(pages[0].read_text("utf8") + f"<p>{next(iter(keys.reasons))}</p>", "utf8")
    assert search(pages, keys).leaks != []


def test_a_folder_that_it_did_not_make_is_left_alone(tmp_path):
    (tmp_path / "gradebook.db").write_text("a real class")
    with pytest.raises(RehearsalError, match="no rehearsal made it"):
        make_course(tmp_path, ROOT / "autograder/source", ROOT / "autograder/questions")
    assert (tmp_path / "gradebook.db").read_text() == "a real class"


def test_without_a_bank_it_says_so_in_one_sentence(tmp_path):
    run = subprocess.run(
        [sys.executable, "-m", "autograder.cli", "rehearse"], cwd=tmp_path, capture_output=True, text=True
    )
    assert (
        run.returncode == 2
        and run.stderr.startswith("autograder: there are no graded questions in autograder/questions.")
        and run.stderr.count("\n") == 1
    )
