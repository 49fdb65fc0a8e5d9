"""nbgrader's own test notebooks through our grading: the scores that its own tests expect (tests/apps/test_nbgrader_autograde.py)."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

import nbgrader
import pytest
from tiny_course import Tiny

from autograder.classroom.paper import papers
from autograder.grading.grade import grade
from autograder.grading.submission import read_files, read_submission

FILES = Path(nbgrader.__file__).parent / "tests/apps/files"
# (source, what is handed in, the automatic score, other files beside it). Cells that a person grades count 0 here, as there.
ROWS = [
    ("submitted-unchanged", "submitted-unchanged", 1, ()),
    ("submitted-unchanged", "submitted-changed", 2, ()),
    ("submitted-unchanged", "submitted-cheat-attempt", 1, ()),
    ("submitted-unchanged", "submitted-cheat-attempt-alternative", 1, ()),
    ("submitted-unchanged", "submitted-grade-cell-changed", 1, ()),
    ("submitted-unchanged", "submitted-locked-cell-changed", 1, ()),
    ("open_relative_file", "open_relative_file", 10, ("data.txt",)),
    ("timeout", "timeout", 1, ()),
    ("autotest-multi", "autotest-multi-unchanged", 0, ("autotests.yml",)),
    ("autotest-multi", "autotest-multi-changed", 3, ("autotests.yml",)),
]


@pytest.fixture(scope="module")
def papers_of(tmp_path_factory, _empty):
    tiny = Tiny(tmp_path_factory.mktemp("nbgrader") / "tiny", like=_empty)
    shutil.copy(FILES / "autotests.yml", tiny.folder)
    made = {}
    for source, _, _, beside in ROWS:
        if source not in made:
            folder = tiny.folder / "source" / source
            folder.mkdir()
            for name in beside:
                shutil.copy(FILES / name, folder)
            shutil.copy(FILES / f"{source}.ipynb", folder / "p1.ipynb")
            tiny.generate(source)
            made[source] = papers(tiny.course.directory, source, {}, logging.getLogger("test"), every=True)["p1"]
    return made


@pytest.mark.parametrize(("source", "work", "score", "beside"), ROWS)
def test_the_score_is_nbgraders(papers_of, executor, tmp_path, source, work, score, beside):
    for name in beside:
        shutil.copy(FILES / name, tmp_path)
    shutil.copy(FILES / f"{work}.ipynb", tmp_path / "p1.ipynb")
    result = grade(
        papers_of[source], read_submission(tmp_path, "p1", read_files(tmp_path, lambda path: False)), executor
    )
    assert result.score == score, result.cells
