"""Kept answers: nothing is lost silently, and nothing that another wrote is trusted."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import textwrap
from datetime import UTC, datetime
from pathlib import Path

import pytest

from courseware.answers import ANSWERS_FILE, MAX_BYTES, AnswersError, AnswerStore, NotSaved, read_answers

ENTRY = {"kind": "choice", "variant": None, "answer": "b", "time": "2026-03-02T13:03:10+00:00"}
GOOD = {"schema": 1, "assignment": "demo", "saved": "2026-03-02T13:03:10+00:00", "answers": {"demo-01": ENTRY}}


def data(**changes) -> bytes:
    return json.dumps({**GOOD, **changes}).encode()


def test_an_answer_is_in_the_file_at_once_and_read_back(tmp_path):
    store = AnswerStore(tmp_path, "demo")
    assert store.get("demo-01") is None and not (tmp_path / ANSWERS_FILE).exists()
    kept = store.keep("demo-01", "choice", "b")
    written = json.loads((tmp_path / ANSWERS_FILE).read_bytes())
    assert written == {
        "schema": 1,
        "assignment": "demo",
        "saved": kept.time,
        "answers": {"demo-01": {"kind": "choice", "variant": None, "answer": "b", "time": kept.time}},
    }
    assert abs((datetime.fromisoformat(kept.time) - datetime.now(UTC)).total_seconds()) < 3600
    assert AnswerStore(tmp_path, "demo").get("demo-01") == kept
    assert read_answers((tmp_path / ANSWERS_FILE).read_bytes(), "demo") == store.all()
    assert [path.name for path in tmp_path.iterdir()] == [ANSWERS_FILE], "no other file is left in what is handed in"


def test_a_cleared_answer_stays_cleared(tmp_path):
    store = AnswerStore(tmp_path, "demo")
    store.keep("demo-01", "choice", "b")
    store.keep("demo-01", "choice", None)
    assert AnswerStore(tmp_path, "demo").get("demo-01").answer is None


def test_two_open_notebooks_do_not_lose_each_others_answers(tmp_path):
    one, two = AnswerStore(tmp_path, "demo"), AnswerStore(tmp_path, "demo")
    one.keep("demo-01", "choice", "a")
    two.keep("demo-02", "classify", {"a": "bpo"})
    two.keep("demo-01", "choice", "c")
    one.keep("demo-03", "choice", "d")
    assert {id_: answer.answer for id_, answer in one.all().answers.items()} == {
        "demo-01": "c",
        "demo-02": {"a": "bpo"},
        "demo-03": "d",
    }
    assert one.all() == two.all()


def test_kernels_that_write_at_the_same_time_lose_nothing(tmp_path):
    script = textwrap.dedent("""
        import sys
        from courseware.answers import AnswerStore
        for n in range(40):
            AnswerStore(sys.argv[1], "demo").keep(f"{sys.argv[2]}-{n}", "choice", "a")
    """)
    runs = [subprocess.Popen([sys.executable, "-c", script, tmp_path, f"kernel{k}"]) for k in range(3)]
    assert [run.wait(60) for run in runs] == [0, 0, 0]
    assert len(AnswerStore(tmp_path, "demo").all().answers) == 120


def test_a_clock_that_jumps_back_does_not_revive_an_old_answer(tmp_path):
    late = {**ENTRY, "answer": "a", "time": "2999-01-01T00:00:00+00:00"}
    (tmp_path / ANSWERS_FILE).write_bytes(data(answers={"demo-01": late}))
    store = AnswerStore(tmp_path, "demo")
    store.keep("demo-01", "choice", "c")
    assert AnswerStore(tmp_path, "demo").get("demo-01").answer == "c"
    assert AnswerStore(tmp_path, "demo").get("demo-01").time > late["time"]


BROKEN = {
    "cut off": data()[:-20],
    "empty": b"",
    "not JSON": b"hello",
    "NaN": data(answers={"demo-01": {**ENTRY, "answer": float("nan")}}),
    "a list": b"[]",
    "another schema": data(schema=2),
    "schema true": data(schema=True),
    "another assignment": data(assignment="location"),
    "no answers": data(answers=None),
    "an entry of another shape": data(answers={"demo-01": "b"}),
    "an entry without a time": data(answers={"demo-01": {"kind": "choice", "answer": "b"}}),
    "too large": data() + b" " * MAX_BYTES,
    "deep": b"[" * 200_000,
    "not UTF-8": b"\xff\xfe",
    "a huge number": b'{"schema": ' + b"9" * 10_000 + b"}",
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_file_that_cannot_be_used_is_refused_with_a_reason(broken):
    with pytest.raises(AnswersError) as caught:
        read_answers(BROKEN[broken], "demo")
    assert 20 < len(str(caught.value)) < 200
    assert "Traceback" not in str(caught.value)


@pytest.mark.parametrize("broken", BROKEN)
def test_a_file_that_cannot_be_used_is_kept_aside_and_said(tmp_path, broken):
    path = tmp_path / ANSWERS_FILE
    path.write_bytes(BROKEN[broken])
    store = AnswerStore(tmp_path, "demo")
    assert store.get("demo-01") is None and "not lost" in store.note
    assert path.read_bytes() == BROKEN[broken], "reading changes nothing"
    store.keep("demo-01", "choice", "a")
    (aside,) = tmp_path.glob("answers.broken-*.json")
    assert aside.read_bytes() == BROKEN[broken] and aside.name in store.note
    assert read_answers(path.read_bytes(), "demo").answers["demo-01"].answer == "a"
    store.keep("demo-01", "choice", "b")
    assert aside.name in store.note, "still said at the next click"


def test_two_broken_files_are_both_kept(tmp_path):
    for text in (b"first", b"second"):
        (tmp_path / ANSWERS_FILE).write_bytes(text)
        AnswerStore(tmp_path, "demo").keep("demo-01", "choice", "a")
    assert sorted(path.read_bytes() for path in tmp_path.glob("answers.broken-*.json")) == [b"first", b"second"]


def test_unknown_options_are_left_to_the_scoring():
    answers = read_answers(data(answers={"demo-01": {**ENTRY, "answer": {"x": [1, None, "\ud800"]}}}), "demo")
    assert answers.answers["demo-01"].answer == {"x": [1, None, "\ud800"]}


def test_a_foreign_surrogate_in_the_file_does_not_stop_the_next_answer(tmp_path):
    (tmp_path / ANSWERS_FILE).write_bytes(data(answers={"demo-01": {**ENTRY, "answer": "\ud800"}}))
    AnswerStore(tmp_path, "demo").keep("demo-02", "choice", "a")
    assert len(AnswerStore(tmp_path, "demo").all().answers) == 2


def test_a_full_disk_is_said_and_the_older_copy_stays(tmp_path):
    """The limit on file size is the part of a full disk that a test can have: the write itself fails, half done."""
    script = textwrap.dedent("""
        import resource, sys
        from courseware.answers import AnswerStore, NotSaved
        store = AnswerStore(sys.argv[1], "demo")
        store.keep("demo-01", "choice", "a")
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, resource.RLIM_INFINITY))
        try:
            store.keep("demo-02", "choice", "b")
        except NotSaved as reason:
            print(reason)
        print(store.get("demo-02").answer)
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        print(sorted(path.name for path in store.path.parent.iterdir()), len(AnswerStore(sys.argv[1], "demo").all().answers))
        store.keep("demo-03", "choice", "c")
    """)
    run = subprocess.run([sys.executable, "-c", script, tmp_path], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines() == ["answers.json cannot be written (File too large)", "b", "['answers.json'] 1"]
    assert {id_: answer.answer for id_, answer in AnswerStore(tmp_path, "demo").all().answers.items()} == {
        "demo-01": "a",
        "demo-02": "b",
        "demo-03": "c",
    }


def test_a_read_only_folder_is_said():
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o555)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)  # permissions do not hold root back
    try:
        store = AnswerStore(folder, "demo")
        with pytest.raises(NotSaved, match="cannot be written"):
            store.keep("demo-01", "choice", "a")
        assert store.get("demo-01").answer == "a", "the answer stays on the screen"
    finally:
        if root:
            os.seteuid(0)
        folder.chmod(0o700)
        shutil.rmtree(folder)


@pytest.mark.parametrize("answer", ["x" * MAX_BYTES, float("nan"), {1, 2}], ids=["too large", "NaN", "a set"])
def test_what_is_no_answer_is_refused_and_does_not_block_the_next(tmp_path, answer):
    store = AnswerStore(tmp_path, "demo")
    store.keep("demo-01", "choice", "a")
    with pytest.raises(NotSaved):
        store.keep("demo-01", "choice", answer)
    store.keep("demo-02", "choice", "b")
    assert [kept.answer for kept in AnswerStore(tmp_path, "demo").all().answers.values()] == ["a", "b"]
