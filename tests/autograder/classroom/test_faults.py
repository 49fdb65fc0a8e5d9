"""Faults of the machine: whatever happens to a run, running it again leaves the gradebook of an undisturbed run, row for row."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from course_state import files, rows
from killable import Server
from tiny_course import HALF, RIGHT, Tiny

LEARNERS = 60  # two batches


@pytest.fixture(scope="module")
def class_(tmp_path_factory, _generated):
    """A class that has handed in, and the same graded without disturbance."""
    top = tmp_path_factory.mktemp("faults")
    tiny = Tiny(top / "class", like=_generated)
    for n in range(LEARNERS):
        tiny.hand_in(f"learner-{n:02}", (RIGHT, HALF, {}, None)[n % 4])
    tiny.hand_in("broken", RIGHT, lambda folder: (folder / "quiz.ipynb").write_bytes(b"{"))
    shutil.copytree(tiny.folder, top / "undisturbed")
    with Server() as server:
        for again in ([], ["--again"]):  # the second is timed: the first one imports
            start = time.monotonic()
            server.start(top / "undisturbed", "quiz", "--jobs", "2", *again)
            assert server.ended() == 0
        seconds = time.monotonic() - start
        yield tiny.folder, top / "undisturbed", server, seconds


@pytest.fixture
def copy(class_, tmp_path):
    return Path(shutil.copytree(class_[0], tmp_path / "course"))


def same(one: Path, other: Path) -> None:
    assert rows(one) == rows(other)
    assert files(one) == files(other)


def test_the_undisturbed_run_graded_everyone(class_):
    found = rows(class_[1])
    assert len(found["submitted_assignment"]) == LEARNERS + 1
    # a quarter right, a quarter half right, and "broken" by its answers
    assert sum(row[3] for row in found["grade"]) == 15 * (5 + 1.5) + 5


def test_killed_at_random_moments_and_taken_up_again(class_, copy):
    draw, server, killed = random.Random(5), class_[2], 0
    for _ in range(10):
        pid = server.start(copy, "quiz", "--jobs", "2", draw.choice(("--resume", "--again")))
        time.sleep(draw.uniform(0.1, 1) * class_[3])
        workers = []
        with suppress(psutil.NoSuchProcess, ProcessLookupError):
            workers = psutil.Process(pid).children(recursive=True)
            os.kill(pid, signal.SIGKILL)
        killed += server.ended() == -signal.SIGKILL
        assert not psutil.wait_procs(workers, timeout=60)[1], "workers outlive the run"
    assert killed
    server.start(copy, "quiz", "--jobs", "2")
    assert server.ended() == 0
    same(copy, class_[1])


def test_a_killed_worker_costs_a_retry_and_no_grade(class_, copy):
    server, killed = class_[2], 0
    pid = server.start(copy, "quiz", "--jobs", "2")
    run = psutil.Process(pid)
    while killed == 0 and run.status() != psutil.STATUS_ZOMBIE:
        for child in run.children()[:1]:
            child.kill()
            killed += 1
    assert server.ended() == 0 and killed
    same(copy, class_[1])


def test_dask_grades_alike_also_when_a_worker_is_killed(class_, copy):
    """The hook is nbgrader's own: it is called before each submission is shipped."""
    tiny = object.__new__(Tiny)
    tiny.folder, shipped = copy, []

    def kill_one(**_):
        shipped.append(1)
        if len(shipped) == LEARNERS // 2:
            workers = [
                child
                for child in psutil.Process().children(recursive=True)
                if "spawn_main" in " ".join(child.cmdline())
            ]
            assert len(workers) == 2
            workers[0].kill()

    from autograder.rehearsal import rehearse

    tiny.course = rehearse.Course(copy)
    tiny.course.config.Grading.dask = 2
    tiny.course.config.Autograde.pre_convert_hook = kill_one
    tiny.grade(force=False)
    assert len(shipped) == LEARNERS + 1
    same(copy, class_[1])


def test_a_locked_gradebook_is_waited_for(class_, copy, capfd):
    book = sqlite3.connect(copy / "gradebook.db", isolation_level=None, check_same_thread=False)
    book.execute("BEGIN EXCLUSIVE")
    run = subprocess.Popen(
        [sys.executable, "-m", "autograder.cli", "grade", "quiz"],
        cwd=copy,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    line = run.stderr.readline()
    assert "locked by another program: waiting" in line, line + run.stderr.read()
    book.rollback()
    out, err = run.communicate()
    assert run.returncode == 0, err
    same(copy, class_[1])


FULL = """
import os, shutil, subprocess, sys
course, small = sys.argv[1:]
shutil.copytree(course, small + "/course")
free = os.statvfs(small).f_bavail * os.statvfs(small).f_frsize
with open(small + "/ballast", "wb") as file:
    file.write(bytes(free - 200_000))
command = [sys.executable, "-m", "autograder.cli", "grade", "quiz", "--jobs", "2"]
first = subprocess.run(command, cwd=small + "/course", capture_output=True, text=True)
assert first.returncode == 2 and "disk is full" in first.stderr and "Cure:" in first.stderr, first.stderr
assert first.stderr.count("Traceback") == 0, first.stderr
for directory, _, names in os.walk(small + "/course"):
    assert not any(name.endswith((".tmp", ".staged", ".old")) for name in names), (directory, names)
os.remove(small + "/ballast")
second = subprocess.run(command, cwd=small + "/course", capture_output=True, text=True)
assert second.returncode == 0, second.stderr
shutil.rmtree(course)
shutil.copytree(small + "/course", course)
"""


def test_a_full_disk_is_told_and_nothing_is_half_written(class_, copy, tmp_path):
    """On a file system of 12 MB of its own, that only this test sees."""
    small = tmp_path / "small"
    small.mkdir()
    box = ["bwrap", "--bind", "/", "/", "--dev-bind", "/dev", "/dev", "--size", "12000000", "--tmpfs", str(small)]
    run = subprocess.run([*box, sys.executable, "-c", FULL, str(copy), str(small)], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    same(copy, class_[1])


def test_two_runs_at_the_same_time_wait_for_each_other(class_, copy):
    runs = []
    for _ in range(2):
        command = [sys.executable, "-m", "autograder.cli", "grade", "quiz", "--jobs", "1"]
        runs.append(subprocess.Popen(command, cwd=copy, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True))
    said = [run.communicate()[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0], said
    assert sorted(line.split(",")[0] for text in said for line in text.splitlines() if " looked up, in " in line) == [
        "0 graded",
        f"{LEARNERS + 1} graded",
    ]
    same(copy, class_[1])
