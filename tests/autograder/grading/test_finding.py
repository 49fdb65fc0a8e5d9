"""Notebooks handed in under another name or in a folder: the one that can be meant is taken and told of, else a person chooses."""

from __future__ import annotations

import json
import shutil
import time

import nbformat
import pytest
from stock_course import RIGHT, cells
from tiny_course import code, info

from autograder.grading import submission as reading
from autograder.grading.finding import choose
from autograder.grading.submission import read_files, read_submissions

MADE = {"cells": cells()}
OTHER = [code("print('ps2')", "x", info("ps2-setup", locked=True)), code("a = 1", "y", info("ps2-a", solution=True))]


def notebook(made=None, minor=5, **sources) -> dict:
    """The notebook with the learner's text in the cells named."""
    made = json.loads(json.dumps(made if made is not None else cells()))
    for cell in made:
        cell["source"] = sources.get(cell["id"], cell["source"])
    return {"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": minor}


BASE = notebook()
DONE = notebook(**RIGHT)
HALF = notebook(squares=RIGHT["squares"])


def put(folder, files: dict):
    for name, what in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(what if isinstance(what, bytes) else json.dumps(what).encode())


def read(folder, bases=None, apart=()):
    bases = bases or {"ps1": BASE}
    files = read_files(folder, lambda path: False)
    return choose(bases, read_submissions(folder, bases, files, apart=apart))


def taken(found):
    return None if found.notebook is None else json.loads(found.notebook)


@pytest.mark.parametrize(
    "name",
    [
        "ps1 (1).ipynb",
        "ps1-Copy1.ipynb",
        "ana_ps1.ipynb",
        "PS1.ipynb",
        "PS1.IPYNB",
        "ps1.ipynb.json",
        "ps1.ipynb.txt",
        "ps1.ipynb.download",
        "ps1.json",
        "ps1",
        "homework.ipynb",
        "ps1/ps1.ipynb",
        "ana/final version/Untitled3.ipynb",
        "année é\n2.ipynb",
    ],
)
def test_the_only_notebook_with_the_assignments_cells_is_taken_whatever_its_name(tmp_path, name):
    put(tmp_path, {name: DONE, "scratch.ipynb": notebook(OTHER), "notes.txt": b"cells", "empty.ipynb": b""})
    put(
        tmp_path,
        {f".ipynb_checkpoints/{name.rpartition('/')[2]}": HALF, "__MACOSX/._x.ipynb": b"\0", "._a.ipynb": b"\0"},
    )
    found = read(tmp_path)["ps1"]
    assert taken(found) == DONE and not found.notebook_problem and not found.undecided
    (flag,) = found.flags
    assert flag.startswith("the notebook was handed in as '") and flag.isprintable()


@pytest.mark.parametrize(
    "changed",
    [
        lambda document: [cell["metadata"].pop("nbgrader", None) for cell in document["cells"]],
        lambda document: [cell.update(id="") for cell in document["cells"]],
        lambda document: document["cells"].pop(5),
        lambda document: document["cells"].extend([code("x = 1", f"mine{n}") for n in range(30)]),
        lambda document: document.update(nbformat_minor=9),
    ],
    ids=["marks lost", "ids lost", "a test deleted", "many added", "a later format"],
)
def test_it_is_known_by_what_is_left_of_its_cells(tmp_path, changed):
    done = json.loads(json.dumps(DONE))
    changed(done)
    put(tmp_path, {"mine.ipynb": done})
    assert taken(read(tmp_path)["ps1"]) == done


def test_an_old_format_is_known_too(tmp_path):
    old = nbformat.convert(nbformat.from_dict(DONE), 3)
    put(tmp_path, {"mine.ipynb": old})
    assert taken(read(tmp_path)["ps1"])["worksheets"]


# what lies there: (the notebook that is taken, words of the flag; None: a person chooses)
CHOICES = {
    "right name alone": ({"ps1.ipynb": DONE}, DONE, ""),
    "right name, and a scratch notebook": ({"ps1.ipynb": DONE, "x.ipynb": notebook(OTHER)}, DONE, ""),
    "right name, and the notebook as given out": ({"ps1.ipynb": DONE, "ps1-original.ipynb": BASE}, DONE, ""),
    "right name, and the same again": ({"ps1.ipynb": DONE, "ps1 (1).ipynb": DONE}, DONE, ""),
    "right name wins": ({"ps1.ipynb": HALF, "ps1 (1).ipynb": DONE}, HALF, "its cells are also in 'ps1 (1).ipynb'"),
    "right name empty": (
        {"ps1.ipynb": b"", "ps1-Copy1.ipynb": DONE},
        DONE,
        "ps1.ipynb cannot be used (the notebook is empty",
    ),
    "right name broken": ({"ps1.ipynb": b"{", "old/ps1.ipynb": DONE}, DONE, "'old/ps1.ipynb' was taken in its place"),
    "right name without the cells": (
        {"ps1.ipynb": notebook(OTHER), "b.ipynb": DONE},
        DONE,
        "has not the assignment's cells",
    ),
    "right name not worked on": (
        {"ps1.ipynb": BASE, "b.ipynb": DONE},
        DONE,
        "is as it was given out: 'b.ipynb' was taken",
    ),
    "nothing worked on": ({"ps1.ipynb": BASE, "b.ipynb": BASE}, BASE, ""),
    "nothing worked on, other names": ({"a.ipynb": BASE, "b.ipynb": BASE}, BASE, "handed in as 'a.ipynb'"),
    "the same twice": ({"ps1 (1).ipynb": DONE, "ps1 (2).ipynb": DONE}, DONE, "handed in as 'ps1 (1).ipynb'"),
    "one of two worked on": ({"a.ipynb": BASE, "b.ipynb": DONE}, DONE, "handed in as 'b.ipynb'"),
    "two": ({"ps1 (1).ipynb": DONE, "ps1 (2).ipynb": HALF}, None, "'ps1 (1).ipynb', 'ps1 (2).ipynb'"),
    "two beside an empty one": ({"ps1.ipynb": b"", "a/ps1.ipynb": DONE, "b/ps1.ipynb": HALF}, None, "'a/ps1.ipynb'"),
    "two beside one not worked on": (
        {"ps1.ipynb": BASE, "a.ipynb": DONE, "b.ipynb": HALF},
        None,
        "'a.ipynb', 'b.ipynb'",
    ),
}


@pytest.mark.parametrize("name", CHOICES)
def test_the_choice(tmp_path, name):
    files, document, words = CHOICES[name]
    put(tmp_path, files)
    found = read(tmp_path)["ps1"]
    assert taken(found) == document
    assert bool(found.undecided) == (document is None)
    told = found.undecided or "".join(found.flags)
    assert words in told and bool(told) == bool(words)
    if found.undecided:
        assert "A person chooses" in told and "ps1.ipynb" in told and not found.notebook_problem


def test_nothing_fits(tmp_path):
    put(tmp_path, {"b.ipynb": notebook(OTHER), "c.ipynb": b"{", "few.ipynb": notebook(cells()[:2])})
    found = read(tmp_path)["ps1"]
    assert found.notebook is None and not found.undecided
    assert "ps1.ipynb is missing" in found.notebook_problem and "'b.ipynb', 'c.ipynb'" in found.notebook_problem


def test_each_notebook_of_an_assignment_finds_its_own(tmp_path):
    p2 = notebook(
        [code("b = None", "b", info("b", solution=True)), code("assert b", "tb", info("tb", grade=True, points=1))]
    )
    done2 = notebook(p2["cells"], b="b = 1")
    bases = {"p1": BASE, "p2": p2}
    put(tmp_path / "one", {"p1 (1).ipynb": DONE, "b/P2.ipynb": done2})
    put(tmp_path / "swapped", {"p1.ipynb": done2, "p2.ipynb": DONE})
    put(tmp_path / "half", {"p1.ipynb": DONE})
    put(tmp_path / "right", {"p1.ipynb": DONE, "p2.ipynb": done2})
    for name, flagged in (("one", 1), ("swapped", 1), ("right", 0)):
        found = read(tmp_path / name, bases)
        assert (taken(found["p1"]), taken(found["p2"])) == (DONE, done2), name
        assert [len(one.flags) for one in found.values()] == [flagged, flagged]
    found = read(tmp_path / "half", bases)
    assert taken(found["p1"]) == DONE and found["p2"].missing and not found["p2"].flags


def test_notebooks_that_are_marked_alike_are_told_apart_by_their_names(tmp_path):
    bases = {"p1": BASE, "p2": BASE}
    put(tmp_path, {"ana p1.ipynb": DONE, "ana p2.ipynb": HALF})
    found = read(tmp_path, bases)
    assert (taken(found["p1"]), taken(found["p2"])) == (DONE, HALF)


def test_a_notebook_of_the_assignment_that_is_not_wanted_now_is_nobody_elses(tmp_path):
    put(tmp_path, {"p2.ipynb": DONE})
    assert read(tmp_path, {"p1": BASE}, apart=["p2"])["p1"].missing


def test_what_lies_beside_the_notebook_that_is_taken_lies_beside_it_for_its_code(tmp_path):
    put(tmp_path, {"sub/ps1.ipynb": DONE, "sub/data.csv": b"1", "sub/a/b.csv": b"2", "data.csv": b"0", "top.csv": b"3"})
    put(tmp_path, {"sub/answers.json": b"{}"})
    found = read(tmp_path)["ps1"]
    assert {found.files[name] for name in ("data.csv", "sub/data.csv")} == {b"1"}
    assert (found.files["a/b.csv"], found.files["top.csv"]) == (b"2", b"3")
    assert found.beside == (("sub/answers.json", b"{}"),)


def test_links_are_no_notebooks(tmp_path):
    put(tmp_path / "theirs", {"ps1.ipynb": DONE})
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/a.ipynb").symlink_to(tmp_path / "theirs/ps1.ipynb")
    (tmp_path / "mine/sub").symlink_to(tmp_path / "theirs")
    assert read(tmp_path / "mine")["ps1"].missing


def test_the_digest_rests_on_what_is_taken_and_on_what_could_be(tmp_path):
    digests = set()
    for n, files in enumerate(
        ({"a.ipynb": DONE}, {"b.ipynb": DONE}, {"a.ipynb": HALF}, {"a.ipynb": DONE, "b.ipynb": HALF})
    ):
        put(tmp_path / str(n), files)
        before = read_submissions(tmp_path / str(n), ["ps1"])["ps1"]
        digests |= {before.digest, choose({"ps1": BASE}, {"ps1": before})["ps1"].digest}
    assert len(digests) == 8


def test_many_and_large_notebooks_are_not_all_read(tmp_path, monkeypatch):
    put(tmp_path, {f"{n:02}.ipynb": notebook(squares=f"# {n}") for n in range(40)})
    found = read(tmp_path)["ps1"]
    assert "more than 30 notebooks" in found.undecided
    put(tmp_path, {"ps1.ipynb": DONE})
    assert taken(read(tmp_path)["ps1"]) == DONE, "the right name wins however many there are"
    monkeypatch.setattr(reading, "SEARCHED", 100)
    assert len(read_submissions(tmp_path, ["ps1"])["ps1"].others) == 2
    shutil.rmtree(tmp_path)
    put(tmp_path, {"hostile.ipynb": b'{"cells": [' + b"[]," * 400_000 + b"[]]}", "deep.ipynb": b"[" * 1_000_000})
    put(tmp_path, {"named.ipynb": b'"grade_id": "squares",' * 100_000})
    begun = time.monotonic()
    assert read(tmp_path)["ps1"].missing
    assert time.monotonic() - begun < 5
