"""What a learner answered is found again: in the notebook when the file is gone, in the kernel when the file is damaged meanwhile."""

from __future__ import annotations

import json

import pytest

from courseware.answers import ANSWERS_FILE, ANSWERS_MIME, AnswersError, AnswerStore, NotSaved, instant, read_answers


def carry(folder, answers, name="demo.ipynb"):
    """Save a notebook whose last cell carries `answers`, as JupyterLab writes it."""
    output = {
        "output_type": "display_data",
        "metadata": {},
        "data": {ANSWERS_MIME: answers, "text/plain": "1 of 3 answered."},
    }
    cells = [
        {"cell_type": "markdown", "source": ""},
        {"cell_type": "code", "source": "progress()", "outputs": [output]},
    ]
    (folder / name).write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))


def kept(folder) -> dict:
    return {
        id_: answer.answer for id_, answer in read_answers((folder / ANSWERS_FILE).read_bytes(), "demo").answers.items()
    }


@pytest.fixture
def two(tmp_path):
    """A folder with two answers in its file, and in its notebook too."""
    store = AnswerStore(tmp_path, "demo")
    store.keep("demo-01", "choice", "a")
    store.keep("demo-02", "classify", {"x": "bpo"})
    carry(tmp_path, store.all().as_json())
    return tmp_path


def test_only_the_notebook_was_taken_along(two):
    (two / ANSWERS_FILE).unlink()
    store = AnswerStore(two, "demo")
    assert store.get("demo-01").answer == "a" and not (two / ANSWERS_FILE).exists()
    assert store.note == "Taken from demo.ipynb: 2 answers that answers.json did not have."
    (two / "demo.ipynb").unlink()  # saved anew, without outputs: the kernel knows the answers still
    store.keep("demo-03", "choice", "c")
    assert kept(two) == {"demo-01": "a", "demo-02": {"x": "bpo"}, "demo-03": "c"} and "Taken from" in store.note


@pytest.mark.parametrize("damage", [b"", b"{", None], ids=["empty", "not JSON", "cut off"])
def test_a_half_written_file_costs_no_answer(two, damage):
    path = two / ANSWERS_FILE
    path.write_bytes(path.read_bytes()[:-30] if damage is None else damage)
    before, store = path.read_bytes(), AnswerStore(two, "demo")
    assert {id_: one.answer for id_, one in store.all().answers.items()} == {"demo-01": "a", "demo-02": {"x": "bpo"}}
    assert "put aside, not lost" in store.note and "2 answers" in store.note and path.read_bytes() == before
    store.keep("demo-01", "choice", "b")
    assert kept(two) == {"demo-01": "b", "demo-02": {"x": "bpo"}}
    (aside,) = two.glob("answers.broken-*.json")
    assert aside.read_bytes() == before and aside.name in store.note


def test_a_file_damaged_or_deleted_under_a_running_kernel_costs_no_answer(tmp_path):
    store = AnswerStore(tmp_path, "demo")
    for n, hurt in enumerate((lambda path: path.write_bytes(path.read_bytes()[:-9]), lambda path: path.unlink())):
        store.keep(f"demo-{n}", "choice", "a")
        hurt(tmp_path / ANSWERS_FILE)
    assert set(store.all().answers) == {"demo-0", "demo-1"}
    store.keep("demo-2", "choice", "a")
    assert set(kept(tmp_path)) == {"demo-0", "demo-1", "demo-2"} and len(list(tmp_path.glob("answers.broken-*"))) == 1


def test_what_another_kernel_wrote_over_is_written_again(tmp_path):
    """On a drive without locks two kernels may read the same file, and the later write then lacks the earlier answer."""
    one, two = AnswerStore(tmp_path, "demo"), AnswerStore(tmp_path, "demo")
    two.keep("demo-02", "choice", "b")
    before = (tmp_path / ANSWERS_FILE).read_bytes()
    one.keep("demo-01", "choice", "a")
    (tmp_path / ANSWERS_FILE).write_bytes(before)
    assert set(one.all().answers) == {"demo-01", "demo-02"}
    one.keep("demo-03", "choice", "c")
    assert set(kept(tmp_path)) == {"demo-01", "demo-02", "demo-03"}


def test_an_answer_that_was_never_written_is_in_the_notebook_after_a_restart(tmp_path):
    folder = tmp_path / "a-file-in-its-place"
    folder.write_text("")
    store = AnswerStore(folder, "demo")
    with pytest.raises(NotSaved, match="answers.json cannot be written"):
        store.keep("demo-01", "choice", "a")
    with pytest.raises(NotSaved):
        store.keep("demo-02", "choice", "b")
    answers = store.all().as_json()
    folder.unlink()
    folder.mkdir()
    carry(folder, answers)
    again = AnswerStore(folder, "demo")
    again.keep("demo-03", "choice", "c")
    assert kept(folder) == {"demo-01": "a", "demo-02": "b", "demo-03": "c"}


def test_the_newest_answer_counts_wherever_it_stands(two):
    answers = json.loads((two / ANSWERS_FILE).read_bytes())
    AnswerStore(two, "demo").keep("demo-01", "choice", "newer than the notebook")
    answers["answers"]["demo-02"] |= {"answer": {"x": "kpo"}, "time": "2998-01-01T00:00:00+00:00"}
    carry(two, answers)
    store = AnswerStore(two, "demo")
    assert store.get("demo-01").answer == "newer than the notebook" and store.get("demo-02").answer == {"x": "kpo"}
    assert store.note == "Taken from demo.ipynb: 1 answer that answers.json did not have."


def test_after_a_clock_that_jumped_back_the_later_state_still_counts_as_later(two):
    """The autograder takes the state that was saved later: the notebook's, or the file's."""
    path = two / ANSWERS_FILE
    future = json.loads(path.read_bytes()) | {"saved": "2999-01-01T00:00:00+00:00"}
    path.write_text(json.dumps(future))
    carry(two, future)
    store = AnswerStore(two, "demo")
    assert store.all().saved == future["saved"], "nothing new yet"
    store.keep("demo-02", "classify", {"x": "kpo"})
    assert instant(read_answers(path.read_bytes()).saved) > instant(future["saved"])
    path.write_text(path.read_text().replace("2999-01-01T00:00:00.000001", "9999-12-31T23:59:59.999999"))
    store.keep("demo-02", "classify", {"x": "bpo"})
    assert kept(two)["demo-02"] == {"x": "bpo"}


def test_notebooks_that_cannot_be_used_are_passed_over(two):
    (two / ANSWERS_FILE).unlink()
    (two / "demo.ipynb").unlink()
    shapes = ('{"cells": 7}', '{"cells": [7, {"outputs": 7}]}', '{"cells": [{"outputs": [7, {"data": 7}]}]}')
    for n, text in enumerate(("", "[]", "[" * 100_000, *shapes)):
        (two / f"{n}.ipynb").write_text(text)
    carry(two, {"schema": 2}, "other schema.ipynb")
    carry(two, {"schema": 1, "assignment": "another", "saved": "", "answers": {}}, "another.ipynb")
    (two / "folder.ipynb").mkdir()
    store = AnswerStore(two, "demo")
    assert store.all().answers == {} and store.note == ""


def test_another_schema_version_is_refused_with_a_reason():
    for schema in (0, 2, "1", 1.0, None, [1]):
        with pytest.raises(AnswersError, match="another schema version than 1"):
            read_answers(json.dumps({"schema": schema, "assignment": "demo", "saved": "", "answers": {}}).encode())
