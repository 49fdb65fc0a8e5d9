"""The opener: nothing that learners and readers get holds a key, and a planted one is found wherever it is put."""

from __future__ import annotations

import base64
import gzip
import hashlib
import html
import io
import json
import shutil
import subprocess
import sys
import tarfile
import zipfile

import pytest
from tree import ROOT, copy_tree

from autograder.authoring.edition import EditionError, learner_edition
from autograder.authoring.leaks import keys_of_bank, search
from courseware.questions import load_bank

BANK = ROOT / "autograder/questions"


@pytest.fixture(scope="module")
def keys():
    return keys_of_bank(BANK)


@pytest.fixture(scope="module")
def packages(tmp_path_factory):
    """The wheel and the source distribution, built from a copy of the tree by the project's own build backend."""
    top = tmp_path_factory.mktemp("packages")
    tree = copy_tree(top / "course")
    for hook in ("build_wheel", "build_sdist"):
        run = subprocess.run(
            [sys.executable, "-c", f"from setuptools import build_meta; build_meta.{hook}({str(top / 'out')!r})"],
            cwd=tree,
            capture_output=True,
            text=True,
        )
        assert run.returncode == 0, run.stderr[-3000:]
    return {path.suffix: path for path in (top / "out").iterdir()}


@pytest.fixture(scope="module")
def edition(tmp_path_factory, keys):
    """The learner edition of a repository that tracks what this tree holds."""
    tree = copy_tree(tmp_path_factory.mktemp("edition") / "course")
    for command in (["init", "-q"], ["add", "-A"]):
        subprocess.run(["git", *command], cwd=tree, check=True, capture_output=True)
    (tree / "untracked.txt").write_text("an instructor's own note")
    out = tree / "dist/learner-edition"
    learner_edition(tree, out, keys)
    return tree, out


def test_exercises_hold_no_key(keys):
    found = search([ROOT / "exercises"], keys)
    assert found.opened >= 4 and found.leaks == []


def test_the_built_book_holds_no_key(keys, built_book):
    found = search([built_book], keys)
    assert found.opened > 50 and found.leaks == []


@pytest.mark.parametrize("suffix", [".whl", ".gz"])
def test_packages_hold_no_key_and_no_bank(keys, packages, suffix):
    found = search([packages[suffix]], keys)
    assert found.opened > 40 and found.leaks == []
    data = packages[suffix].read_bytes()
    names = (
        zipfile.ZipFile(io.BytesIO(data)).namelist()
        if suffix == ".whl"
        else tarfile.open(fileobj=io.BytesIO(data)).getnames()
    )
    assert any(name.endswith("autograder/grading/grade.py") for name in names) and any(
        name.endswith("feedback/mathjax.html.j2") for name in names
    )
    assert not any("autograder/questions/" in name or "autograder/source/" in name for name in names)


def test_the_learner_edition_is_the_tree_without_the_keys(keys, edition):
    tree, out = edition
    assert search([out], keys).leaks == []
    there = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    tracked = set(
        subprocess.run(["git", "ls-files"], cwd=tree, check=True, capture_output=True, text=True).stdout.splitlines()
    )
    gone = tracked - there
    assert gone and all(name.startswith(("autograder/questions/", "autograder/source/")) for name in gone)
    assert there - tracked == {".learner-edition"}
    assert {"nbgrader_config.py", "exercises/differences/questions.json", "book/about.md"} <= there
    assert not (out / "autograder/questions").exists() and not (out / "autograder/source").exists()


def test_the_learner_edition_is_made_again_and_never_over_anything_else(keys, edition, tmp_path):
    tree, out = edition
    (out / "stale.txt").write_text("from an earlier run")
    learner_edition(tree, out, keys)
    assert not (out / "stale.txt").exists()
    (tmp_path / "mine.txt").write_text("precious")
    for other, words in (
        (tmp_path, "not empty"),
        (tree, "holds the repository"),
        (tree.parent, "holds the repository"),
        (tree / "book", "not empty"),
    ):
        with pytest.raises(EditionError, match=words):
            learner_edition(tree, other, keys)
    assert (tmp_path / "mine.txt").read_text() == "precious"


def test_a_learner_edition_with_a_key_is_not_written(keys, edition, tmp_path):
    tree, _ = edition
    page = tree / "book/about.md"
    before = page.read_text(encoding="utf8")
    page.write_text(before + "\n" + reason(), encoding="utf8")
    try:
        with pytest.raises(EditionError, match=r"about\.md"):
            learner_edition(tree, tmp_path / "out", keys)
    finally:
        page.write_text(before, encoding="utf8")
    assert not (tmp_path / "out").exists()


def choice():
    return next(
        question for question in load_bank(BANK).values() if question.use == "graded" and question.kind == "choice"
    )


def classify():
    return next(
        question for question in load_bank(BANK).values() if question.use == "graded" and question.kind == "classify"
    )


def right():
    return next(option["id"] for option in choice().body["options"] if option.get("correct"))


def reason():
    return max((option["why"] for option in choice().body["options"]), key=len)


def zipped(name: str, data: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, data)
    return buffer.getvalue()


def tarred(name: str, data: bytes) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        entry = tarfile.TarInfo(name)
        entry.size = len(data)
        archive.addfile(entry, io.BytesIO(data))
    return buffer.getvalue()


def planted() -> dict[str, tuple[str, bytes]]:
    """How a key may be wrapped: file name and content."""
    question, items = choice(), {item["id"]: item["answer"] for item in classify().body["items"]}
    why, digest = reason(), hashlib.sha256(f"{question.id}:{right()}".encode())
    notebook = {
        "cells": [
            {
                "cell_type": "code",
                "source": [],
                "metadata": {"x": {"id": question.id, "correct": right()}},
                "outputs": [],
            }
        ],
        "metadata": {},
    }
    output = {
        "cells": [{"cell_type": "code", "source": [], "metadata": {}, "outputs": [{"data": {"text/plain": [why]}}]}],
        "metadata": {},
    }
    widget = {"state": {"m": {"state": {"key": json.dumps({"id": question.id, "options": question.body["options"]})}}}}
    return {
        "a reason in prose": ("page.md", why.encode()),
        "a reason in HTML, with entities and markup": (
            "page.html",
            ("<p>" + html.escape(why).replace(" ", " <em></em>", 1) + "</p>").encode(),
        ),
        "a reason as JavaScript escapes": ("index.js", json.dumps(why.upper()).encode()),
        "the bank's YAML": ("old.yml", next(BANK.glob("*.yml")).read_bytes()),
        "the marked option": (
            "questions.json",
            json.dumps({"questions": [{"id": question.id, "options": [{"id": right(), "correct": True}]}]}).encode(),
        ),
        "an option's text with its mark, without any id": (
            "x.json",
            json.dumps(
                [{"text": max((o["text"] for o in question.body["options"]), key=len), "correct": False}]
            ).encode(),
        ),
        "the map of items": ("x.json", json.dumps({classify().id: items}).encode()),
        "the answers of a learner who knew": (
            "answers.json",
            json.dumps({"answers": {question.id: {"answer": right()}}}).encode(),
        ),
        "the id beside the answer": ("x.py", f"KEY = {{'{question.id}': '{right()}'}}".encode()),
        "a hash": ("x.js", digest.hexdigest().encode()),
        "a hash in base64": ("x.js", b'"' + base64.b64encode(digest.digest()) + b'"'),
        "a notebook's metadata": ("x.ipynb", json.dumps(notebook).encode()),
        "a notebook's output": ("x.ipynb", json.dumps(output).encode()),
        "a widget's state in a page": (
            "x.html",
            f"<script type='application/vnd.jupyter.widget-state+json'>{json.dumps(widget)}</script>".encode(),
        ),
        "a zip": ("x.zip", zipped("a.txt", why.encode())),
        "a wheel in a tar": ("x.tar.gz", tarred("x.whl", zipped("a.txt", why.encode()))),
        "a gzip": ("x.gz", gzip.compress(why.encode())),
        "UTF-16": ("x.txt", why.encode("utf-16")),
    }


@pytest.mark.parametrize("how", planted())
def test_a_planted_key_is_found(keys, tmp_path, how):
    name, data = planted()[how]
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / name).write_bytes(data)
    leaks = search([tmp_path], keys).leaks
    assert leaks and all(str(tmp_path / "deep" / name) in leak.file for leak in leaks)


def test_a_key_planted_in_each_released_thing_is_found(keys, tmp_path, built_book, packages, edition):
    """Exercises, a page of the book, the wheel, the source distribution, the learner edition."""
    name, data = planted()["the marked option"]
    for where, thing in (("exercises", ROOT / "exercises"), ("book", built_book), ("edition", edition[1])):
        shutil.copytree(thing, tmp_path / where, ignore=shutil.ignore_patterns("_static", "_sphinx_design_static"))
        (tmp_path / where / name).write_bytes(data)
        assert search([tmp_path / where], keys).leaks
    wheel = tmp_path / packages[".whl"].name
    shutil.copy(packages[".whl"], wheel)
    with zipfile.ZipFile(wheel, "a") as archive:
        archive.writestr("autograder/extra.json", data)
    sdist = tmp_path / "x.tar.gz"
    sdist.write_bytes(
        tarred("inner.tar.gz", gzip.compress(gzip.decompress(packages[".gz"].read_bytes())) and tarred(name, data))
    )
    assert search([wheel], keys).leaks and search([sdist], keys).leaks


def test_the_command_says_what_and_where(tmp_path):
    (tmp_path / "x.txt").write_text(reason(), encoding="utf8")
    command = [sys.executable, "-m", "autograder.cli", "leaks"]
    bad = subprocess.run([*command, tmp_path], cwd=ROOT, capture_output=True, text=True)
    assert bad.returncode == 1 and f"x.txt: the reason of an option or item (question {choice().id})" in bad.stdout
    good = subprocess.run([*command, ROOT / "exercises"], cwd=ROOT, capture_output=True, text=True)
    assert (good.returncode, good.stdout.split()[-2:]) == (0, ["0", "leaks."])
