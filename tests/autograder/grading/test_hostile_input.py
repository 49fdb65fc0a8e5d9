"""What one submission can cost the process that grades: pieces found by attacking it, each alone and quick."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.classroom.publish import _make_way
from autograder.execution.box.wire import NotData, decode
from autograder.execution.outputs import LONGEST_PICTURE, WHOLE, Outputs, Room
from autograder.grading.folders import DEEPEST
from autograder.grading.submission import copy_other_files, read_files

# all of one hash: a set of them takes a minute
COLLIDING = [{"$": "int", "v": hex(n * (2**61 - 1))} for n in range(50_000)]


@pytest.mark.parametrize(
    "forged",
    [
        {"$": "text", "of": "Fraction", "v": "1e999999999"},
        {"$": "set", "v": COLLIDING},
        {"$": "dict", "v": [[number, 0] for number in COLLIDING]},
        {"$": "range", "v": [0, 1, 1]},
        [[0] * 1000] * 1000,
    ],
)
def test_the_process_that_grades_builds_nothing_that_costs_more_than_it_is_long(forged):
    with pytest.raises(NotData):
        decode(forged)


def test_the_judge_works_out_no_exponent_of_a_fraction():
    assert decode({"$": "library", "of": "fractions.Fraction", "v": "1/4"}, lambda *_: None) == 0.25
    with pytest.raises(NotData):
        decode({"$": "library", "of": "fractions.Fraction", "v": "1e999999999"}, lambda *_: None)


def test_the_pictures_of_a_notebook_are_bounded_as_a_whole():
    room, picture = Room(), "A" * LONGEST_PICTURE
    cells = [Outputs(room) for _ in range(10)]
    for cell in cells:
        cell.hear({"t": "display_data", "content": {"data": {"image/png": picture}}})
    kept = sum(len(output["data"].get("image/png", "")) for cell in cells for output in cell.as_tuple())
    assert 0 < kept <= WHOLE < 10 * LONGEST_PICTURE


@pytest.mark.parametrize(
    ("shown", "value"),
    [
        ("0.5", 0.5),
        ("np.float64(0.0)", "0.0"),
        ("False", "False"),
        ("np.False_", "False"),
        ("array([False, False])", "array"),
        ("'0.5'", "0.5"),
        ("[1]", "other"),
    ],
)
def test_a_result_in_the_learners_process_is_read_as_what_it_is(shown, value):
    outputs = Outputs(Room())
    outputs.hear({"t": "execute_result", "content": {"data": {"text/plain": shown}}})
    assert outputs.value() == value


def test_folders_in_folders_end_somewhere(tmp_path):
    deep = tmp_path.joinpath(*["a"] * (DEEPEST + 5))
    deep.mkdir(parents=True)
    (deep / "x.txt").write_text("x")
    (tmp_path / "a/y.txt").write_text("y")
    assert list(read_files(tmp_path, lambda path: False)) == ["a/y.txt"]


def test_only_files_that_a_page_shows_or_saves_are_copied_and_names_cannot_write_to_a_terminal(tmp_path):
    (tmp_path / "in").mkdir()
    names = (
        "page.HTML",
        "picture.svg",
        "odd\n\x1b[2J.svg",
        "x.xhtm",
        "x.xpdl",
        "x.mml",
        "x",
        "x.csv.html",
        "x.csv ",
        "x.py",
    )
    for name in (*names, "data.csv", "Photo.JPG"):
        (tmp_path / "in" / name).write_text("<script>alert(1)</script>")
    told = copy_other_files(tmp_path / "in", tmp_path / "out", lambda path: False)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["Photo.JPG", "data.csv"]
    assert len(told) == len(names) and all(line.isprintable() for line in told)


@pytest.mark.parametrize(
    ("theirs", "ours"), [("data.csv/x.txt", "data.csv"), ("data", "data/table.csv"), ("a/b", "a/b/c/d")]
)
def test_what_a_learner_handed_in_never_stands_in_the_way(tmp_path, theirs, ours):
    (tmp_path / theirs).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / theirs).write_text("theirs")
    _make_way(tmp_path / ours, tmp_path).write_text("ours")
    assert Path(tmp_path, ours).read_text() == "ours"
