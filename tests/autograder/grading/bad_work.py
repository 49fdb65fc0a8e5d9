"""What learners hand in that is no good work: broken files, odd answers, locked cells that were changed, links and pipes."""

from __future__ import annotations

import json
import os

import nbformat
from tiny_course import HALF, LATER, RIGHT, answers_json

from courseware.answers import ANSWERS_MIME

FULL, TOP = 5.0, "answers.json"


def notebook(change):
    """Edit the notebook's JSON with `change(document, cells by grade_id)`."""

    def edit(folder):
        path = folder / "quiz.ipynb"
        document = json.loads(path.read_bytes())
        marked = {
            cell["metadata"]["nbgrader"]["grade_id"]: cell
            for cell in document["cells"]
            if "nbgrader" in cell["metadata"]
        }
        change(document, marked)
        path.write_text(json.dumps(document), encoding="utf8")

    return edit


def raw(data: bytes, name="quiz.ipynb"):
    return lambda folder: (folder / name).write_bytes(data)


def kept(value, **more):
    return lambda folder: (folder / TOP).write_text(json.dumps({**answers_json({}), **more, **value}), encoding="utf8")


def carried(value):
    def change(document, _):
        document["cells"][-1]["outputs"] = [
            {"output_type": "display_data", "metadata": {}, "data": {ANSWERS_MIME: value}}
        ]

    return notebook(change)


def linked(name, target):
    def edit(folder):
        (folder / name).unlink(missing_ok=True)
        os.symlink(target, folder / name)

    return edit


def both(*edits):
    return lambda folder: [edit(folder) for edit in edits] and None


def in_utf16(folder):
    path = folder / "quiz.ipynb"
    path.write_text(path.read_text(encoding="utf8"), encoding="utf-16")


def old_format(folder):
    nb = nbformat.read(folder / "quiz.ipynb", 4)
    nbformat.write(nbformat.convert(nb, 3), folder / "quiz.ipynb")


def big(folder):
    with open(folder / TOP, "wb") as file:
        file.truncate(100_000_000)


def pipe(folder):
    (folder / TOP).unlink(missing_ok=True)
    os.mkfifo(folder / TOP)


def folder_for_file(folder):
    (folder / "quiz.ipynb").unlink()
    (folder / "quiz.ipynb").mkdir()


def byte_order_mark(folder):
    raw(b"\xef\xbb\xbf" + (folder / "quiz.ipynb").read_bytes())(folder)


def missing(folder):
    (folder / "quiz.ipynb").unlink()


def other_name(folder):
    (folder / "quiz.ipynb").rename(folder / "quiz (1).ipynb")


def meta(**fields):
    """Other metadata of the notebook."""
    return notebook(lambda document, _: document["metadata"].update(fields))


def cells(change):
    """`change(cells)`: the list of all cells."""
    return notebook(lambda document, _: change(document["cells"]))


def each(change):
    """`change(cell)`: each marked cell."""
    return notebook(lambda _, marked: [change(cell) for cell in marked.values()])


def cell(change, name="tiny-01"):
    """`change(cell, cells)`: the cell of that name, and the list of all."""
    return notebook(lambda document, marked: change(marked[name], document["cells"]))


def mark(one, **fields):
    """Other marks of nbgrader's on a cell."""
    one["metadata"]["nbgrader"].update(fields)


def output(text):
    data = {"text/plain": text}
    return {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": data}


HTML = "<script>alert(1)</script><img src=http://x.example/y>"
GRADED, TAMPERED, UNREADABLE = "graded", "tampered", "unreadable submission"
NAN, OLD = float("nan"), "2020-01-01T00:00:00+00:00"
GARBAGE = b"""{"cells": [1, null, "x", {}, {"source": 7, "metadata": 3, "outputs": 5},
    {"metadata": {"nbgrader": {"grade_id": [1]}}}]}"""
PROSE = {"cell_type": "markdown", "metadata": {}, "source": HTML}
CODE = {"cell_type": "code", "metadata": {}, "source": "x", "outputs": []}
ADDED = {"id": "new", "metadata": {"nbgrader": {"grade_id": "mine", "grade": True}}}
TWICE = cell(lambda one, all_: all_.append({**one}))
SKIPPED = cell(lambda one, _: one["metadata"].update(tags=["skip-execution"]))
SAVED, NEWER = carried(answers_json(RIGHT)), carried(answers_json(RIGHT, saved=LATER))
EXAM = kept({"assignment": "exam"}, answers=answers_json(RIGHT)["answers"])
# learner: (answers beside the notebook, what is done to the folder, score, verdict on the submission, words that are said about it)
BAD = {
    "not-json": (RIGHT, raw(b'{"cells": ['), FULL, UNREADABLE, "not JSON"),
    "not-json-no-answers": (None, raw(b"PK\3\4 not a notebook"), 0, UNREADABLE, "not JSON"),
    "empty-file": (None, raw(b""), 0, UNREADABLE, "empty"),
    "byte-order-mark": (RIGHT, byte_order_mark, FULL, GRADED, ""),
    "utf-16": (RIGHT, in_utf16, FULL, GRADED, ""),
    "not-utf8": (RIGHT, raw("é".encode("latin-1")), FULL, UNREADABLE, "UTF-8"),
    "json-list": (RIGHT, raw(b"[1, 2]"), FULL, UNREADABLE, "not a notebook"),
    "json-deep": (RIGHT, raw(b"[" * 200_000), FULL, UNREADABLE, "not JSON"),
    "nan-in-notebook": (RIGHT, meta(x=NAN), FULL, GRADED, ""),
    "cells-no-list": (RIGHT, raw(b'{"cells": {"a": 1}}'), FULL, UNREADABLE, "no list of cells"),
    "cells-garbage": (RIGHT, raw(GARBAGE), FULL, TAMPERED, "deleted"),
    "surrogates": (RIGHT, cells(lambda all_: all_[2].update(source="x = '\ud800'")), FULL, GRADED, ""),
    "missing-notebook": (RIGHT, missing, FULL, UNREADABLE, "missing"),
    "missing-all": (None, lambda folder: [path.unlink() for path in folder.iterdir()], 0, UNREADABLE, "missing"),
    "wrong-name": (RIGHT, other_name, FULL, GRADED, "handed in as 'quiz (1).ipynb'"),
    "folder-for-file": (RIGHT, folder_for_file, FULL, UNREADABLE, "quiz.ipynb"),
    "nbformat-3": (RIGHT, old_format, FULL, GRADED, ""),
    "old-schema": (RIGHT, each(lambda one: mark(one, schema_version=1)), FULL, GRADED, ""),
    "new-schema": (RIGHT, each(lambda one: mark(one, schema_version=99)), FULL, GRADED, ""),
    "wrong-kernel": (RIGHT, meta(kernelspec={"name": "no-such", "display_name": "?"}), FULL, GRADED, ""),
    "deleted-cell": (HALF, cell(lambda one, all_: all_.remove(one)), 1.5, TAMPERED, "tiny-01 was deleted"),
    "duplicated-cell": (HALF, TWICE, 1.5, TAMPERED, "tiny-01 stands more than once"),
    "changed-cell": (HALF, cell(lambda one, _: one.update(source="2.0")), 1.5, TAMPERED, "text of cell tiny-01"),
    "changed-all": (None, each(lambda one: one.update(source="1 + 1")), 0, TAMPERED, "text of cell tiny-02"),
    "tagged": ({}, SKIPPED, 0, TAMPERED, "tags of cell tiny-01"),
    "points-500": (HALF, cell(lambda one, _: mark(one, points=500), "tiny-02"), 1.5, TAMPERED, "marks of cell tiny-02"),
    "renamed": (HALF, cell(lambda one, _: mark(one, grade_id="tiny-1")), 1.5, TAMPERED, "tiny-01 was renamed"),
    "retyped": (HALF, cell(lambda one, _: one.update(cell_type="markdown")), 1.5, TAMPERED, "another type"),
    "reordered": (HALF, cells(lambda all_: all_.reverse()), 1.5, TAMPERED, "another order"),
    "unmarked": (HALF, cells(lambda all_: [one.update(metadata={}) for one in all_]), 1.5, TAMPERED, "lost its mark"),
    "added-locked": (HALF, cell(lambda one, all_: all_.append(one | ADDED)), 1.5, TAMPERED, "was added"),
    "forged-outputs": (None, each(lambda one: one.update(outputs=[output("3.0")])), 0, GRADED, ""),
    "answers-not-json": ({}, raw(b"{", TOP), 0, UNREADABLE, "not JSON"),
    "answers-empty": ({}, raw(b"", TOP), 0, UNREADABLE, "not JSON"),
    "answers-nan": ({}, raw(json.dumps(answers_json({"tiny-01": NAN})).encode(), TOP), 0, UNREADABLE, "not JSON"),
    "answers-list": ({}, raw(b"[]", TOP), 0, UNREADABLE, "shape"),
    "answers-other-assignment": ({}, EXAM, 0, UNREADABLE, "another assignment"),
    "answers-other-schema": ({}, kept({"schema": 2}), 0, UNREADABLE, "schema"),
    "answers-100-mb": ({}, big, 0, UNREADABLE, "too large"),
    "answers-link": ({}, linked(TOP, "/etc/passwd"), 0, UNREADABLE, "link"),
    "answers-pipe": ({}, pipe, 0, UNREADABLE, "not an ordinary file"),
    "answers-unknown-option": ({"tiny-01": "zzz", "tiny-02": RIGHT["tiny-02"]}, None, 3.0, GRADED, ""),
    "answers-unknown-question": ({**RIGHT, "no-such-question": "a"}, None, FULL, GRADED, ""),
    "answers-wrong-types": ({"tiny-01": {"a": 1}, "tiny-02": ["a"] * 1000}, None, 0, GRADED, ""),
    "answers-html": ({"tiny-01": HTML, "tiny-02": {HTML: HTML}}, None, 0, GRADED, ""),
    "notebook-link": (RIGHT, linked("quiz.ipynb", "/etc/passwd"), FULL, UNREADABLE, "link"),
    "carried-only": (None, SAVED, FULL, GRADED, ""),
    "carried-as-text": (None, carried(json.dumps(answers_json(RIGHT))), FULL, GRADED, ""),
    "carried-newer": (HALF, NEWER, FULL, GRADED, "differ in tiny-01, tiny-02: the notebook was saved later"),
    "carried-older": (RIGHT, carried(answers_json(HALF, saved=OLD)), FULL, GRADED, "answers.json was saved later"),
    "carried-garbage": (RIGHT, carried({"schema": []}), FULL, GRADED, "answers from answers.json count"),
    "carried-saves-broken": ({}, both(raw(b"{", TOP), SAVED), FULL, GRADED, "answers from the notebook count"),
    "timestamp-bad": (RIGHT, raw(b"the day after tomorrow", "timestamp.txt"), FULL, GRADED, "tells no time"),
    "timestamp-link": (RIGHT, linked("timestamp.txt", "/dev/zero"), FULL, GRADED, "tells no time"),
    "timestamp-binary": (RIGHT, raw(b"\xff\xfe\x00", "timestamp.txt"), FULL, GRADED, "tells no time"),
    "html-everywhere": (RIGHT, cells(lambda all_: all_.insert(1, PROSE)), FULL, GRADED, ""),
    "thousands-of-cells": (RIGHT, cells(lambda all_: all_.extend([CODE] * 5000)), FULL, GRADED, "first 1,000"),
    "link-beside": (RIGHT, linked("data.csv", "/etc/passwd"), FULL, GRADED, ""),
    "linked-folder": (RIGHT, linked("data", "/etc"), FULL, GRADED, ""),
}
