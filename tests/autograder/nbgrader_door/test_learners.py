"""Learners whose ids are odd: whoever can be graded is, whoever cannot is told of in one sentence, and nobody else notices."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from nbgrader.apps.api import NbGraderAPI
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import FileNameCollectorPlugin
from tiny_course import HALF, RIGHT

from autograder.grading.names import alike, shown, trouble
from autograder.nbgrader_door.evidence import Folders, folders_of
from autograder.nbgrader_door.learners import handed_in
from autograder.rehearsal.rehearse import inside

GRADED = [
    "o'brien", 'say "hi"', "ana maria", " ana", "ana ", "-rf", "--help", "ana;ls", "$(id)", "`id`", "a&b", "a#b", "a?b", "%41na", "100%",
    "x%2f..%2fana", "*", "[ab]", "{student_id}", "(?P<student>.*)", "back\\slash", "C:", "a+b+c", "ana@uni.example", "Jos\u00e9", "Jose\u0301",
    "王小明", "میخواهم", "می\u200cخواهم", "👩\u200d🔬", "a\u2215b", "a\uff0fb", "<img src=x onerror=alert(1)>", "x" * 255, "é" * 127,
    "submitted", "quiz", "nan", "None", "0", "=1+1", "a,b", "ANA", "ana",
]  # fmt: skip
LEFT_OUT = {
    "two\nlines": ("'two\\nlines'", "a line break"),
    "two\u2028lines": ("'two\\u2028lines'", "a line break"),
    "ta\tb": ("'ta\\tb'", "a tab"),
    "\x1b[31mred": ("'\\x1b[31mred'", "a control character"),
    "c1\x9b31m": ("'c1\\x9b31m'", "a control character"),
    "turned\u202eana": ("'turned\\u202eana'", "cannot be seen"),
    "ana\u200b": ("'ana\\u200b'", "cannot be seen"),
    os.fsdecode(b"latin-\xe9"): ("'latin-\\xe9'", "not written in UTF-8"),
    ".hidden": ("'.hidden'", "begins with a dot"),
    "...": ("'...'", "begins with a dot"),
}


@pytest.fixture
def odd(quiz):
    for name in GRADED:
        quiz.hand_in(name, RIGHT if name == "ana" else HALF)
    for name in LEFT_OUT:
        quiz.hand_in(name, RIGHT)
    (quiz.folder / "submitted/.ipynb_checkpoints/quiz").mkdir(parents=True)
    return quiz


def test_a_class_of_odd_ids_is_graded_and_told(odd):
    run = subprocess.run(
        [Path(sys.executable).with_name("autograder"), "grade", "quiz", "--json"],
        cwd=odd.folder,
        capture_output=True,
        text=True,
    )
    rows = odd.rows()
    assert {name: row["score"] for name, row in rows.items()} == {name: 5 if name == "ana" else 1.5 for name in GRADED}
    for name in GRADED:
        assert odd.graded(name).cells and odd.receipt(name)["student"] == name
    told = json.loads(run.stdout)["left_out"]
    assert len(told) == len(LEFT_OUT) and run.returncode == 1 and "Traceback" not in run.stderr
    for name, why in LEFT_OUT.values():
        assert any(name in line and why in line and "rename the folder" in line for line in told)
    assert all(line in run.stderr for line in told)
    assert all(line.isprintable() for line in run.stderr.splitlines())
    assert (
        "'Jose\u0301' and 'Jos\u00e9' look alike" in run.stderr
        and "' ana' and 'ANA' and 'ana' and 'ana '" in run.stderr
    )
    kept = [path.name for path in (odd.folder / "autograded").iterdir()]
    assert sorted(kept) == sorted(GRADED)


def test_formgrader_lists_and_grades_one_learner_at_a_time(odd):
    odd.course.directory.assignment_id = "quiz"
    with inside(odd.folder):
        api = NbGraderAPI(odd.course.directory, config=odd.course.config)
        assert {entry["student"] for entry in api.get_submissions("quiz")} == set(GRADED)
        assert {entry["id"] for entry in api.get_students()} == set(GRADED)
        for name in ("*", "[ab]", "a?b"):
            assert api.autograde("quiz", name)["success"]
        assert set(odd.rows()) == {"*", "[ab]", "a?b"}
        gone = api.autograde("quiz", "0/../ana")
        assert not gone["success"] and "is no name of one folder" in gone["log"]
    assert set(odd.rows()) == {"*", "[ab]", "a?b"}


def test_a_class_of_nothing_but_such_names_says_what_to_do(quiz, caplog):
    quiz.hand_in("two\nlines", RIGHT)
    with pytest.raises(NbGraderException, match="no folder's name is a learner's id"):
        quiz.grade()
    assert not quiz.rows()


def test_patterns_still_choose_learners(quiz):
    for name in ("ana", "anton", "ben"):
        quiz.hand_in(name)
    quiz.course.directory.assignment_id = "quiz"
    for pattern, chosen in (
        ("an*", ["ana", "anton"]),
        ("[ab]n?", ["ana"]),
        ("ben", ["ben"]),
        ("*", ["ana", "anton", "ben"]),
    ):
        quiz.course.directory.student_id = pattern
        assert sorted(handed_in(quiz.course.directory)[0]) == chosen


@pytest.mark.parametrize("name", LEFT_OUT)
def test_what_is_shown_of_a_name_can_be_seen(name):
    assert trouble(name) and shown(name).isprintable() and len(shown(name * 100)) <= 80


def test_names_that_look_alike_are_found():
    assert alike(["Ana", "ana ", "ben", "Jos\u00e9", "Jose\u0301", "\ufb01", "fi"]) == [
        ["Ana", "ana "],
        ["Jose\u0301", "Jos\u00e9"],
        ["fi", "\ufb01"],
    ]


def test_the_exchange_and_zip_files_bring_no_such_names(quiz, caplog, tmp_path):
    from nbgrader.exchange import ExchangeFactory

    released = quiz.folder / "release/quiz"
    inbound = tmp_path / "exchange/rehearsal/inbound"
    for name in ("ana+quiz+2026-03-02 13:00:00 UTC+x", "..+quiz+2026-03-02 13:00:00 UTC+x", "ben\n+quiz+2026-03-02 13:00:00 UTC+x",
                 "cleo+quiz+never+x", "+quiz+2026-03-02 13:00:00 UTC+x"):  # fmt: skip
        (inbound / name).mkdir(parents=True)
        (inbound / name / "quiz.ipynb").write_bytes((released / "quiz.ipynb").read_bytes())
        (inbound / name / "timestamp.txt").write_text("2026-03-02 13:00:00 UTC")
    (inbound / "dora+quiz+2026-03-02 13:00:00 UTC+x").write_text("no folder")
    secret = tmp_path / "secret.txt"
    secret.write_text("of the instructor's")
    (inbound / "ana+quiz+2026-03-02 13:00:00 UTC+x/stolen.txt").symlink_to(secret)
    quiz.course.config.Exchange.root = str(tmp_path / "exchange")
    quiz.course.directory.assignment_id = "quiz"
    with inside(quiz.folder), caplog.at_level(logging.WARNING):
        collect = ExchangeFactory(config=quiz.course.config).Collect(
            coursedir=quiz.course.directory, config=quiz.course.config
        )
        collect.start()
    assert [path.parent.name for path in (quiz.folder / "submitted").glob("*/*")] == ["ana"]
    assert sorted(path.name for path in (quiz.folder / "submitted/ana/quiz").iterdir()) == [
        "quiz.ipynb",
        "timestamp.txt",
    ]
    assert len([line for line in caplog.messages if line.startswith("Not collected:")]) == 5  # a link too
    plugin = FileNameCollectorPlugin(named_regexp=r"(?s).*/(?P<student_id>.*)_(?P<file_id>.*)")
    assert plugin.collect("/x/ana_quiz.ipynb")["student_id"] == "ana"
    for name in ("/x/.._quiz.ipynb", "/x/a\nb_quiz.ipynb", "/x/ana_..", "/x/_quiz.ipynb"):
        assert plugin.collect(name) is None


LEARNERS_FOLDERS = {  # how a course has its folders: learners' own, of these as handed in, and the instructor's
    "{nbgrader_step}/{student_id}/{assignment_id}": (
        ("submitted", "submitted/ada/hw", "autograded/ada/hw/x.html"),
        ("source/./hw", "release/./hw", "nbgrader_config.py", "submitted-notes"),
    ),
    "{assignment_id}/{nbgrader_step}/{student_id}": (
        ("hw/submitted", "hw/submitted/ada/x.html", "hw/feedback/ada"),
        ("hw/source/.", "hw", "submitted/ada"),
    ),
    "{student_id}/{nbgrader_step}/{assignment_id}": (
        ("ada/submitted/hw", "a[d]a/autograded/hw"),
        ("./source/hw", "ada", "release/hw"),
    ),
}


@pytest.mark.parametrize("structure", LEARNERS_FOLDERS)
def test_the_desk_knows_learners_folders_however_a_course_has_them(tmp_path, structure):
    course = CourseDirectory(root=str(tmp_path / "a [course]"), directory_structure=structure)
    course.config.Exchange.root = str(tmp_path / "exchange")
    known = Folders.together([folders_of(course, str(tmp_path))])
    theirs, own = LEARNERS_FOLDERS[structure]
    root = Path(course.root)
    assert [path for path in theirs if not known.holds(root / path)] == []
    assert [path for path in own if known.holds(root / path)] == []
    assert [path for path in theirs if known.holds_handed_in(root / path)] == [p for p in theirs if "submitted" in p]
    assert known.holds(root / theirs[0].upper()), "where capitals make no difference"
    assert known.holds_handed_in(tmp_path / "exchange/c/inbound/ada") and known.holds(root / "downloaded/hw")
    course.config.Exchange.root = str(tmp_path)  # the course lies in its exchange
    around = folders_of(course, str(tmp_path))
    assert around.holds_handed_in(tmp_path / "c/inbound/ada") and not around.holds(root / "nbgrader_config.py")
    (tmp_path / "link").symlink_to(root / theirs[0])
    assert known.holds_handed_in(tmp_path / "link/x")
