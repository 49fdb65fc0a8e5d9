"""What grading does beyond the scores: late work, resubmissions, cells for a person, faults of ours, notebooks without questions."""

from __future__ import annotations

import json

import pytest
from tiny_course import HALF, RIGHT, code, info, quiz_cells, text

from autograder.grading import grade as grading
from autograder.rehearsal import invented

MANUAL = info("essay", "markdown", grade=True, solution=True, points=4)
TEST = info("test", grade=True, locked=True, points=3)


def solve(notebook):
    """Write the right code into the solution cell."""

    def edit(folder):
        path = folder / f"{notebook}.ipynb"
        document = json.loads(path.read_bytes())
        document["cells"][0]["source"] = "answer = 42"
        path.write_text(json.dumps(document))

    return edit


def stamp(time):
    return lambda folder: (folder / "timestamp.txt").write_text(time)


def test_resubmission_resets_what_it_grades(quiz):
    quiz.hand_in("ada", RIGHT, stamp("2026-03-02 13:00:00 UTC"))
    quiz.grade(force=False)
    assert quiz.rows()["ada"]["score"] == 5
    quiz.hand_in(
        "ada",
        None,
        lambda folder: (stamp("2026-03-03 13:00:00 UTC")(folder), (folder / "quiz.ipynb").write_bytes(b"{")),
    )
    quiz.grade(force=False)
    assert quiz.rows()["ada"]["score"] == 0 and quiz.receipt("ada")["verdict"] == "unreadable submission"


def test_new_work_without_a_time_is_graded_again_and_the_same_work_is_not(quiz):
    quiz.hand_in("ada", RIGHT)
    quiz.grade(force=False)
    quiz.hand_in("ada", HALF)
    quiz.grade(force=False)
    assert quiz.rows()["ada"]["score"] == 1.5
    page = quiz.folder / "autograded/ada/quiz/quiz.ipynb"
    before = page.stat().st_mtime_ns
    quiz.grade(force=False)
    assert page.stat().st_mtime_ns == before


def test_grading_again_gives_the_same_bytes(quiz):
    quiz.hand_in("ada", HALF)
    quiz.grade()
    first = [
        (quiz.folder / name).read_bytes() for name in ("autograded/ada/quiz/quiz.ipynb", "receipts/ada/quiz/quiz.json")
    ]
    quiz.grade()
    assert [
        (quiz.folder / name).read_bytes() for name in ("autograded/ada/quiz/quiz.ipynb", "receipts/ada/quiz/quiz.json")
    ] == first


def test_late_work_keeps_nbgraders_penalty(tiny):
    config = tiny.folder / "nbgrader_config.py"
    config.write_text(
        config.read_text() + 'c.LateSubmissionPlugin.penalty_method = "zero"\nc.Exchange.timezone = "America/Chicago"\n'
    )
    tiny.course = type(tiny.course)(tiny.folder)
    tiny.source(quiz_cells())
    tiny.generate()
    from nbgrader.api import Gradebook
    from nbgrader.apps import NbGraderAPI

    with Gradebook(tiny.course.directory.db_url) as book:
        book.update_or_create_assignment("quiz", duedate="2026-03-02 12:00:00 UTC")
    times = {
        "early": b"2026-03-02 11:00:00 UTC",
        "early-offset": b"2026-03-02 13:30:00 +0200",  # nbgrader reads 200 seconds: late
        "early-with-a-mark": "\ufeff2026-03-02T12:30:00+01:00".encode(),
        "early-course": b"2026-03-02 05:59:00 CST",  # of the course's own zone; also China's
        "late": b"2026-03-02 13:00:00 UTC",
        "late-offset": b"2026-03-02 11:00:00 -0200",  # nbgrader reads -200 seconds: in time
        "late-course": b"2026-03-02 06:01:00 CST",
        "unsure": b"03/04/2026 13:00",
        "unsure-zone": b"2026-03-02 13:00:00 IST",
    }
    for name, time in times.items():
        tiny.hand_in(name, RIGHT, lambda folder, time=time: (folder / "timestamp.txt").write_bytes(time))
    tiny.grade()
    with Gradebook(tiny.course.directory.db_url) as book:
        penalties = {name: book.find_submission("quiz", name).late_submission_penalty for name in times}
    assert penalties == {name: 5 if name.startswith("late") else 0 for name in times}
    told = {name: [remark for remark in tiny.receipt(name)["remarks"] if "timestamp.txt" in remark] for name in times}
    assert {name for name, remarks in told.items() if remarks} == {"unsure", "unsure-zone"}
    api = NbGraderAPI(tiny.course.directory, config=tiny.course.config)
    assert api.get_submitted_timestamp("quiz", "early-offset").isoformat() == "2026-03-02T11:30:00"
    assert api.get_submitted_timestamp("quiz", "unsure") is None


def test_a_persons_cells_wait_for_a_person_and_ordinary_tests_run_in_the_box(tiny):
    tiny.source(
        [
            *quiz_cells(),
            text("Write here.", "essay", MANUAL),
            code("answer = None", "solution", info("solution", solution=True)),
            code("assert answer == 42", "test", TEST),
        ]
    )
    tiny.generate()

    def write(folder):
        document = json.loads((folder / "quiz.ipynb").read_bytes())
        cells = {cell["id"]: cell for cell in document["cells"]}
        cells["essay"]["source"] = "My essay. <script>alert(1)</script>"
        cells["solution"]["source"] = "answer = 42; open('ran', 'w')"
        (folder / "quiz.ipynb").write_text(json.dumps(document))

    tiny.hand_in("ada", RIGHT, write)
    tiny.hand_in("ben", RIGHT)
    tiny.grade()
    rows = tiny.rows()
    assert (rows["ada"]["score"], rows["ben"]["score"], rows["ada"]["max_score"]) == (8, 5, 12)
    from nbgrader.api import Gradebook

    with Gradebook(tiny.course.directory.db_url) as book:
        waits = {
            name: book.find_grade(name, "quiz", "quiz", "ada").needs_manual_grade
            for name in ("tiny-01", "essay", "test")
        }
        assert book.find_grade("essay", "quiz", "quiz", "ben").auto_score == 0, "no response is 0, as in nbgrader"
    assert waits == {"tiny-01": False, "essay": True, "test": False}
    assert not list(tiny.folder.rglob("ran")), "a learner's code wrote outside its box"
    graded = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in tiny.graded("ada").cells}
    assert (
        graded["essay"].source == "My essay. &lt;script>alert(1)&lt;/script>"
        and "answer = 42" in graded["solution"].source
    )
    assert "Correct" in graded["test"].outputs[0].data["text/html"]


def test_a_persons_score_stays_and_waits_for_a_look_when_its_work_has_changed(quiz):
    from nbgrader.api import Gradebook

    def seen(cell="tiny-01"):
        with Gradebook(quiz.course.directory.db_url) as book:
            grade = book.find_grade(cell, "quiz", "quiz", "ada")
            return grade.score, grade.auto_score, grade.needs_manual_grade

    quiz.hand_in("ada", HALF)
    quiz.grade()
    with Gradebook(quiz.course.directory.db_url) as book:
        for cell in ("tiny-01", "tiny-02"):
            book.find_grade(cell, "quiz", "quiz", "ada").manual_score = 1
        book.db.commit()
    quiz.grade()
    assert seen() == (1, 0, False), "the same work: the person has seen it"
    quiz.hand_in("ada", {**HALF, "tiny-01": "a"})
    quiz.grade()
    assert seen() == (1, 2, True) and seen("tiny-02") == (1, 1.5, False)


def test_our_own_fault_is_never_a_zero_and_never_stops_the_class(quiz, monkeypatch):
    """The bank loses a question after release; then the grading itself breaks for one learner."""
    bank = quiz.folder / "questions/tiny.yml"
    whole = bank.read_text()
    bank.write_text(whole.replace("id: tiny-02", "id: tiny-09"))
    for name in ("ada", "ben", "cleo"):
        quiz.hand_in(name, RIGHT)
    quiz.grade()
    row = quiz.rows()["ada"]
    assert row["score"] == 2 and row["needs_manual_grade"] and quiz.receipt("ada")["verdict"] == "grader fault"
    bank.write_text(whole)
    real = grading.kept_answers

    def breaks(submission, cells, assignment):
        if submission.digest == digest:
            raise MemoryError("made by the test")
        return real(submission, cells, assignment)

    quiz.hand_in("ben", HALF)
    from autograder.grading.submission import read_submission

    digest = read_submission(quiz.folder / "submitted/ben/quiz", "quiz").digest
    monkeypatch.setattr(grading, "kept_answers", breaks)
    quiz.grade()
    rows = quiz.rows()
    assert (rows["ada"]["score"], rows["cleo"]["score"]) == (5, 5) and rows["ben"]["needs_manual_grade"]
    from nbgrader.api import Gradebook

    with Gradebook(quiz.course.directory.db_url) as book:
        assert book.find_grade("tiny-01", "quiz", "quiz", "ben").auto_score is None
    assert "Grader fault" in quiz.graded("ben").cells[4].outputs[0].data["text/html"]
    quiz.feedback()
    monkeypatch.undo()
    quiz.grade()
    assert quiz.rows()["ben"]["score"] == 1.5 and not quiz.rows()["ben"]["needs_manual_grade"]


def test_a_broken_bank_grades_nobody_and_says_why(quiz):
    from nbgrader.converters.base import NbGraderException

    quiz.hand_in("ada", RIGHT)
    (quiz.folder / "questions/more.yml").write_text("- id: x\n  use: graded\n")
    with pytest.raises(NbGraderException, match=r"more\.yml:1: .*kind"):
        quiz.grade()
    assert not quiz.rows()


def test_a_clean_resubmission_takes_the_flag_back(quiz):
    from nbgrader.api import Gradebook

    def cut(folder):
        (folder / "quiz.ipynb").write_text(
            json.dumps({"cells": [], "nbformat": 4, "nbformat_minor": 5, "metadata": {}})
        )

    flagged = []
    for edit in (cut, None):
        quiz.hand_in("ada", RIGHT, edit)
        quiz.grade()
        with Gradebook(quiz.course.directory.db_url) as book:
            flagged.append(book.find_submission_notebook("quiz", "quiz", "ada").flagged)
    assert flagged == [True, False]


def test_the_learners_own_cells_stay_in_the_record(quiz):
    def write(folder):
        document = json.loads((folder / "quiz.ipynb").read_bytes())
        document["cells"][2]["source"] = "value = 99"
        document["cells"].insert(
            3, {"cell_type": "markdown", "id": "mine", "metadata": {"tags": ["x"]}, "source": "What I found"}
        )
        (folder / "quiz.ipynb").write_text(json.dumps(document))

    quiz.hand_in("ada", RIGHT, write)
    quiz.grade()
    assert quiz.receipt("ada")["flags"] == []
    assert [cell.source for cell in quiz.graded("ada").cells][1:5] == [
        "# Quiz\n\nTwo questions.",
        "value = 99",
        "What I found",
        'ask("tiny-01")',
    ]


def test_feedback_tells_the_learners_own_answer_and_no_key(quiz):
    quiz.hand_in("ada", {"tiny-01": "b", "tiny-02": {"i1": "fruit", "i2": "fruit"}})
    quiz.grade()
    quiz.feedback()
    page = (quiz.folder / "feedback/ada/quiz/quiz.html").read_text()
    assert (
        "Lyon" in page
        and "Lyon is the third city" in page
        and "carrot: Fruit" in page
        and "1 of 4 items placed correctly" in page
    )
    for key in ("Paris", "tenth century", "on the coast", "grows below", "grows on a tree"):
        assert key not in page


def test_the_release_is_gone_and_grades_stand(quiz):
    import shutil

    quiz.hand_in("ada", HALF)
    shutil.rmtree(quiz.folder / "release")
    quiz.grade()
    assert quiz.rows()["ada"]["score"] == 1.5


def test_an_assignment_without_questions_is_graded_too(tiny):
    tiny.source(
        [
            code(
                "answer = None\n### BEGIN SOLUTION\nanswer = 42\n### END SOLUTION",
                "solution",
                info("solution", solution=True),
            ),
            code("assert answer == 42", "test", TEST),
        ],
        "plain",
    )
    tiny.generate("plain")
    assert not (tiny.folder / "release/plain/questions.json").exists()

    tiny.hand_in("ada", None, solve("plain"), assignment="plain")
    tiny.grade("plain")
    assert {name: row["score"] for name, row in tiny.rows("plain").items()} == {"ada": 3}


def test_a_plain_notebook_beside_one_with_questions(tiny):
    tiny.source(quiz_cells())
    tiny.source(
        [
            code(
                "answer = None\n### BEGIN SOLUTION\nanswer = 42\n### END SOLUTION",
                "solution",
                info("solution", solution=True),
            ),
            code("assert answer == 42", "test", TEST),
        ],
        "quiz",
        "plain",
    )
    tiny.generate()
    tiny.hand_in("ada", RIGHT, solve("plain"))
    tiny.hand_in("ben", RIGHT, lambda folder: (folder / "plain.ipynb").write_bytes(b"{"))
    tiny.hand_in("cleo", RIGHT, lambda folder: (folder / "plain.ipynb").unlink())
    tiny.grade()
    assert {name: (row["score"], row["needs_manual_grade"]) for name, row in tiny.rows().items()} == {
        "ada": (8, False),
        "ben": (5, False),
        "cleo": (5, False),
    }


def test_an_invented_class_is_the_same_each_time():
    assert invented.learners(40, 7) == invented.learners(40, 7) != invented.learners(40, 8)
    assert len({learner.id for learner in invented.learners(65)}) == 65
