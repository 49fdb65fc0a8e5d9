"""What `autograder grade` starts before it knows the course."""

from __future__ import annotations

import pytest
import stock_course
from tiny_course import quiz_cells

from autograder.execution import ahead, base


@pytest.mark.parametrize(("cells", "boxed"), [(stock_course.cells, True), (quiz_cells, False)])
def test_a_box_is_started_where_a_test_cell_will_run(tiny, cells, boxed):
    tiny.source(cells(), "one")
    ahead.start_box(tiny.folder, "one")
    started, base._ahead = base._ahead, None
    assert (started is not None) == boxed
    if started is not None:
        assert started.hole() == ""
        started.close()


def test_nothing_is_started_for_what_cannot_be_read(tmp_path):
    (tmp_path / "source/one").mkdir(parents=True)
    for text in ("", "{}", '{"cells": [1, {"cell_type": "code"}]}', "\0"):
        (tmp_path / "source/one/one.ipynb").write_text(text)
        ahead.start_box(tmp_path, "one")
        assert base._ahead is None
