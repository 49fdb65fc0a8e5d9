"""A submission's folder that changes while it is read: nothing that lies elsewhere comes in."""

from __future__ import annotations

import ctypes
import os
import threading
import time

import pytest

from autograder.grading import folders
from autograder.grading.folders import NoFile, opened, walk
from autograder.grading.submission import copy_other_files, read_file, read_files, read_submission

EXCHANGE = 2  # of renameat2: two names change places in one step


def nothing(_path):
    return False


@pytest.fixture
def two(tmp_path):
    """(a learner's folder with a folder in it, another learner's folder)."""
    mine, theirs = tmp_path / "mine", tmp_path / "theirs"
    (mine / "sub/deep").mkdir(parents=True)
    (theirs / "deep").mkdir(parents=True)
    for folder, text in ((mine / "sub", "mine"), (theirs, "secret")):
        (folder / "work.txt").write_text(text)
        (folder / "deep/more.txt").write_text(text)
    return mine, theirs


@pytest.fixture(params=[True, False], ids=["by descriptor", "by path"])
def way(request, monkeypatch):
    """As on Linux, and as where there are no descriptors of folders."""
    monkeypatch.setattr(folders, "BY_HANDLE", request.param)
    return request.param


def test_links_are_followed_nowhere(two, way, tmp_path):
    mine, theirs = two
    (mine / "linked").symlink_to(theirs)
    (mine / "sub/linked").symlink_to(theirs)
    (mine / "work.txt").symlink_to(theirs / "work.txt")
    (mine / "mine.ipynb").symlink_to(theirs / "work.txt")
    assert read_files(mine, nothing) == {"sub/work.txt": b"mine", "sub/deep/more.txt": b"mine"}
    told = copy_other_files(mine, tmp_path / "copy", nothing)
    assert sorted(path.name for path in (tmp_path / "copy").rglob("*")) == ["deep", "more.txt", "sub", "work.txt"]
    assert (tmp_path / "copy/sub/work.txt").read_text() == "mine"
    assert sorted(told) == [
        f"{name} is a link or a special file and was not followed." for name in ("linked", "sub/linked", "work.txt")
    ]
    with pytest.raises(NoFile, match="is a link to another file"):
        read_file(mine, "work.txt", 100)
    assert "is a link" in read_submission(mine, "mine").notebook_problem


def test_a_submission_that_the_course_keeps_elsewhere_is_read(two, way, tmp_path):
    (tmp_path / "link").symlink_to(two[0])
    assert read_files(tmp_path / "link", nothing)["sub/work.txt"] == b"mine"


def test_a_folder_that_is_gone_is_empty(way, tmp_path):
    assert read_files(tmp_path / "gone", nothing) == {} and read_file(tmp_path / "gone", "x", 1) is None
    (tmp_path / "file").write_text("x")
    assert "cannot be opened" in read_submission(tmp_path / "file", "x").notebook_problem


def test_a_folder_exchanged_for_a_link_is_not_entered(two, way):
    mine, theirs = two
    with opened(mine) as top:
        assert top.names(10) == (["sub"], [])
        (mine / "sub").rename(mine / "aside")
        (mine / "sub").symlink_to(theirs)
        with pytest.raises(OSError), top.inside("sub"):
            pass


def test_a_folder_once_entered_stays_the_same(two):
    mine, theirs = two
    with opened(mine) as top, top.inside("sub") as sub:
        (mine / "sub").rename(mine / "aside")
        (mine / "sub").symlink_to(theirs)
        assert sub.read("work.txt", 10) == b"mine"
        with sub.inside("deep") as deep:
            assert deep.read("more.txt", 10) == b"mine"


def test_two_names_that_change_places_all_the_time_bring_nothing_in(two, tmp_path):
    mine, theirs = two
    (mine / "other").symlink_to(theirs)
    done = threading.Event()

    def exchange():
        libc = ctypes.CDLL(None, use_errno=True)
        names = [os.fsencode(mine / name) for name in ("sub", "other")]
        while not done.is_set():
            assert libc.renameat2(-100, names[0], -100, names[1], EXCHANGE) == 0

    thread = threading.Thread(target=exchange)
    thread.start()
    try:
        seen, naive, end = set(), set(), time.monotonic() + 60
        while time.monotonic() < end and ("secret" not in naive or "mine" not in naive or len(seen) < 2):
            naive.add((mine / "sub/work.txt").read_text())
            seen |= {name for name, _ in read_files(mine, nothing).items()}
        assert naive == {"mine", "secret"}, "the exchange works, and who reads by the path meets it"
        rounds = 0
        end = time.monotonic() + 2
        while time.monotonic() < end:
            rounds += 1
            assert b"secret" not in read_files(mine, nothing).values()
            copy_other_files(mine, tmp_path / "copy", nothing)
            assert "secret" not in {path.read_text() for path in (tmp_path / "copy").rglob("*.txt")}
        assert rounds > 20
    finally:
        done.set()
        thread.join()


def test_so_many_names_are_looked_at_and_no_more(tmp_path, monkeypatch):
    monkeypatch.setattr(folders, "MOST_NAMES", 10)
    for n in range(3):
        (tmp_path / f"f{n}").mkdir()
        for m in range(4):
            (tmp_path / f"f{n}/{m}.txt").write_text("x")
    with opened(tmp_path) as top:
        assert [(here.parts, names) for here, names in walk(top, nothing)] == [
            ((), []),
            (("f0",), ["0.txt", "1.txt", "2.txt", "3.txt"]),
        ]
