"""The warm processes: who may use them, and what a submission can reach of the one that it is a fork of."""

from __future__ import annotations

import multiprocessing

from test_box import PLAIN, run, said

from autograder.execution import base
from autograder.execution.executor import Executor
from autograder.execution.plan import Config, Sheet, Step

CAPABLE = "print([line for line in open('/proc/self/status') if line.startswith('Cap') and int(line.split()[1], 16)])"


def _in_another(executor, answers) -> None:
    answers.put((said(run(executor, "print('here')")[0]), executor.server("learner", PLAIN).pid))
    executor.close()


def test_a_process_that_is_forked_uses_the_same_and_leaves_them_to_the_one_that_started_them(executor):
    run(executor, "1")
    context = multiprocessing.get_context("fork")
    answers = context.Queue()
    others = [context.Process(target=_in_another, args=(executor, answers)) for _ in range(2)]
    for other in others:
        other.start()
    pid = executor.server("learner", PLAIN).pid
    assert [answers.get(timeout=60) for _ in others] == [("here\n", pid)] * 2
    for other in others:
        other.join(30)
    assert said(run(executor, "print('still')")[0]) == "still\n" and executor.server("learner", PLAIN).pid == pid


def test_a_submission_has_no_right_over_its_warm_process(executor):
    """That one may unmount, signal and enter what is its own; its fork may not, nor see its folder."""
    found = run(
        executor,
        CAPABLE,
        "import ctypes\nprint(ctypes.CDLL(None).umount2(b'/tmp', 2), ctypes.CDLL(None).setns(0, 0))",
        "import glob, os\nprint(os.listdir('/proc/self/fd') and glob.glob('/tmp/*'))",
        "print([open(f'/proc/self/{name}').read().split() for name in ('uid_map', 'gid_map')], os.getuid())",
        files={"own.txt": b"mine"},
    )
    assert said(found[0]) == "[]\n" and said(found[1]) == "-1 -1\n"
    assert said(found[2]) == "['/tmp/work']\n", "nothing of the warm process lies there"
    maps, uid = said(found[3]).rsplit(" ", 1)
    assert maps.count("'1'") == 2 and int(uid) != 0, "it is one user, and no root"


def test_what_the_instructors_cells_have_opened_stays_open(executor):
    cells = ("import sqlite3\nbook = sqlite3.connect('book.db')", "lines = open('lines.txt')")
    sheet = Sheet(cells, files=(("book.db", b""), ("lines.txt", b"a\nb\n")))
    own = [Step("own", f"own{n}", text) for n, text in enumerate(cells)]
    test = "assert next(lines) == 'a\\n' and book.execute('SELECT 1').fetchone() == (1,)\nbook.execute('CREATE TABLE t (a)')"
    for _ in range(2):
        ran = executor.run(sheet, [*own, Step("cell", "c", "x = 1"), Step("test", "t", test)], {})["t"]
        assert not (ran.error or ran.verdict or ran.refused), ran


def test_a_box_that_was_started_ahead_is_taken_where_it_hides_the_same(tmp_path):
    (tmp_path / "course").mkdir()
    for hidden, taken in ((str(tmp_path / "course"), True), ("/usr/share", False)):
        base.start_ahead((str(tmp_path / "course"),))
        ahead = base._ahead
        with Executor(Config(hidden=(hidden,))) as alone:
            assert alone.level == "boxed" and (alone._base is ahead) == taken
            assert (ahead._process.poll() is None) == taken
            assert said(run(alone, "print(1)")[0]) == "1\n"
