"""The warm processes killed in the middle of a run: no learner is to blame, and the gradebook is that of an undisturbed run."""

from __future__ import annotations

import random
import shutil
import time

import psutil
import pytest
from course_state import rows
from killable import Server
from stock_course import RIGHT, cells, write
from tiny_course import Tiny


@pytest.fixture(scope="module")
def graded(tmp_path_factory, _empty):
    """The same class twice, graded once."""
    top = tmp_path_factory.mktemp("box")
    tiny = Tiny(top / "class", like=_empty)
    tiny.source(cells(), "plain")
    (tiny.folder / "source/plain/data.json").write_text("[1, 2, 3, 4]")
    tiny.generate("plain")
    for n in range(8):
        tiny.hand_in(f"learner-{n}", None, write(**(RIGHT if n % 2 else {"mean": RIGHT["mean"]})), assignment="plain")
    shutil.copytree(tiny.folder, top / "undisturbed")
    with Server() as server:
        server.start(top / "undisturbed", "plain", "--jobs", "1")
        assert server.ended() == 0
        yield tiny.folder, top / "undisturbed", server


def test_killed_warm_processes_cost_a_retry_and_no_grade(graded):
    folder, undisturbed, server = graded
    draw, killed = random.Random(2), 0
    pid = server.start(folder, "plain", "--jobs", "1")
    run = psutil.Process(pid)
    while run.status() != psutil.STATUS_ZOMBIE and killed < 3:
        time.sleep(draw.uniform(0.05, 0.5))
        try:
            boxes = [child for child in run.children() if child.name() == "bwrap"]
            if boxes:
                draw.choice(boxes).kill()
                killed += 1
        except psutil.NoSuchProcess:
            break
    assert killed
    if server.ended() != 0:  # a fault of ours: nobody's zero, and graded again by the next run
        server.start(folder, "plain", "--jobs", "1")
        assert server.ended() == 0
    assert rows(folder) == rows(undisturbed)
