"""The box from inside: what a learner's code can reach and what it may use. Each test runs code in it as a learner would."""

from __future__ import annotations

import os
import time
from pathlib import Path

import psutil
import pytest

from autograder.execution.executor import Executor
from autograder.execution.plan import Sheet, Step

PLAIN = Sheet()
KEYS = [path.name for path in (Path(__file__).parents[3] / "autograder/questions").glob("*.yml")]


def run(executor: Executor, *sources: str, files=None, sheet=PLAIN):
    """What became of each cell, in order."""
    steps = [Step("cell", str(n), source) for n, source in enumerate(sources)]
    return list(executor.run(sheet, steps, files or {}).values())


def said(ran) -> str:
    """All text that a cell sent out."""
    return "".join(str(output.get("text", output.get("data", output.get("evalue")))) for output in ran.outputs)


def test_the_level_is_found_from_inside(executor):
    assert executor.level == "boxed" and "seccomp" in executor.reason


def test_files_beside_the_notebook_are_there_and_nothing_of_the_course_is(executor, root):
    """`root` holds the keys of the course's graded questions in autograder/questions."""
    found = run(
        executor,
        "print(open('data/table.csv').read())",
        f"import os\nprint([os.path.exists(name) for name in ({str(root / 'autograder')!r}, {str(root / 'tests')!r}, {str(Path.home() / '.ssh')!r})])",
        f"import os\nprint([n for _, _, names in os.walk({str(root)!r}) for n in names if n.endswith(('.yml', '.db')) and n in {KEYS}])",
        "import autograder",
        files={"data/table.csv": b"a,b", "../outside": b"no", "/etc/x": b"no"},
    )
    assert said(found[0]) == "a,b\n" and said(found[1]) == "[False, False, False]\n" and said(found[2]) == "[]\n"
    assert found[3].error == "ModuleNotFoundError"


def test_what_it_writes_is_gone_with_it(executor):
    first = run(
        executor,
        "open('/tmp/mark', 'w').write('x'); open('own.txt', 'w').write('x'); import os; print(os.listdir('.'))",
    )
    second = run(executor, "import os; print(os.path.exists('/tmp/mark'), os.listdir('.'))")
    assert said(first[0]) == "['own.txt']\n" and said(second[0]) == "False []\n"


@pytest.mark.parametrize(
    "source",
    [
        "open('/usr/x', 'w')",
        "open('/proc/sys/kernel/hostname', 'w')",
        "import socket; socket.socket()",
        "import socket; socket.socket(socket.AF_UNIX)",
        "import urllib.request; urllib.request.urlopen('http://127.0.0.1:1/')",
        "import os; os.setuid(0)",
        "import os; os.chroot('/tmp')",
        "import os; os.mknod('/tmp/device', 0o20666, os.makedev(1, 1))",
        "import ctypes, os; assert ctypes.CDLL(None, use_errno=True).unshare(0x10000000) < 0; raise PermissionError",
        "import ctypes; assert ctypes.CDLL(None).ptrace(16, 1, 0, 0) < 0; raise PermissionError",
        "import ctypes; assert ctypes.CDLL(None).mount(b'x', b'/tmp', b'tmpfs', 0, None) < 0; raise PermissionError",
    ],
)
def test_refused(executor, source):
    (ran,) = run(executor, source)
    assert ran.error in ("PermissionError", "OSError", "FileNotFoundError", "URLError"), ran


def test_no_environment_no_parents_and_no_handles(executor, monkeypatch):
    monkeypatch.setenv("SECRET_OF_THE_INSTRUCTOR", "42")
    found = run(
        executor,
        "import os\nprint([name for name in os.environ if 'SECRET' in name or 'VIRTUAL' in name])",
        "import os\nprint(os.getpid(), sorted(name for name in os.listdir('/proc') if name.isdigit()))",
        (
            "import os, signal\nprint(os.getppid())\nfor pid in range(2, 40):\n    try:\n"
            "        os.kill(pid, 9); print('killed', pid)\n    except ProcessLookupError:\n"
            "        pass"
        ),
        (
            "import os, stat\nkinds = {}\nfor n in range(256):\n    try:\n"
            "        kinds[n] = stat.S_IFMT(os.fstat(n).st_mode)\n    except OSError:\n        pass\n"
            "print(sum(kind == stat.S_IFSOCK for kind in kinds.values()), [n for n in kinds if kinds[n] == stat.S_IFDIR])"
        ),
        "import os\nprint(os.getuid() != 0, open('/proc/self/status').read().count('0000000000000000') >= 4)",
    )
    assert said(found[0]) == "[]\n" and said(found[1]) == "1 ['1']\n" and said(found[2]) == "0\n"
    sockets, folders = said(found[3]).split(" ", 1)
    assert int(sockets) <= 3 and folders == "[]\n", "its own channel, and the two ends that asyncio wakes itself by"
    assert said(found[4]) == "True True\n"


def test_endless_loop_is_interrupted_and_the_notebook_goes_on(hurried):
    loop, after = run(hurried, "n = 1\nwhile True: pass", "print(n)")
    assert loop.verdict == "timeout" and said(after) == "1\n"


def test_loop_that_ignores_interrupts_is_ended(hurried):
    source = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"
    assert [ran.verdict for ran in run(hurried, source, "print(1)")] == ["timeout", "timeout"]


def test_memory(executor):
    ran, after = run(executor, "x = bytearray(10**9)", "print(1)")
    assert ran.verdict == "out of memory" and said(after) == "1\n"


CROWD = """
import os, time
for _ in range(8):
    if os.fork() == 0:
        {kept} = bytearray(range(256)) * (100 << 12)
        time.sleep(60)
time.sleep({seconds})
print("through")
"""


def test_processes_together_have_one_limit(executor):
    """Eight of 100 MB, each of which is allowed 300, as are all together."""
    ran, after = run(executor, CROWD.format(kept="kept", seconds=60), "print(1)")
    assert ran.verdict == after.verdict == "out of memory"


def test_pages_that_forks_share_are_counted_once(executor):
    shared = "kept = bytearray(range(256)) * (100 << 12)" + CROWD.format(kept="kept_too", seconds=1).replace(
        "100 << 12", "1"
    )
    assert said(run(executor, shared)[0]) == "through\n"


@pytest.mark.parametrize(
    "call", ["os.memfd_create('x')", "ctypes.CDLL(None, use_errno=True).shmget(0, 4096, 0o600) + 1 or 1/0"]
)
def test_memory_that_is_no_processs_is_refused(executor, call):
    assert run(executor, f"import ctypes, os\n{call}")[0].error in ("PermissionError", "ZeroDivisionError")


def test_endless_output(executor):
    ran, after = run(executor, "while True: print('x' * 1000)", "print(1)")
    assert ran.verdict == after.verdict == "too much output"


def test_one_long_line(executor):
    assert run(executor, "print('x' * 20_000_000)")[0].verdict == "too much output"


def test_fork_bomb_is_contained_and_the_next_learner_is_not_touched(hurried, monkeypatch):
    bomb = "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass"
    ran = run(hurried, bomb)
    assert ran[0].verdict in ("timeout", "killed", "too much output")
    monkeypatch.undo()
    assert (
        said(
            run(
                hurried,
                ("import subprocess\nprint(subprocess.run(['echo', 'fine'], capture_output=True, text=True).stdout)"),
            )[0]
        )
        == "fine\n\n"
    )


@pytest.mark.parametrize(
    "source",
    [
        "import os; os._exit(0)",
        "import os; os.kill(os.getpid(), 9)",
        "import os; os.abort()",
        "import ctypes; ctypes.string_at(0)",
    ],
)
def test_a_process_that_ends_itself(executor, source):
    ran, after = run(executor, source, "print(1)")
    assert after.verdict == "killed" or (said(after) == "1\n" and "kill" in source), (
        "the first process of a namespace cannot kill itself"
    )
    assert ran.verdict == after.verdict


@pytest.mark.parametrize(
    "source",
    [
        "exit",
        "exit()\nx = 2",
        "quit()\nx = 2",
        "def end():\n    exit()\nx = 2\nend()",
        "x = 1 + 1\nexit(keep_kernel=True)",
    ],
)
def test_what_stands_below_an_exit_runs_all_the_same(executor, source):
    """As in a kernel under nbgrader, which also goes on in the cell itself."""
    first, ends, waits, after = run(executor, "x = 2", source, "import time\ntime.sleep(0.3)", "print(x)")
    assert ends.exits and not (first.exits or waits.exits) and said(after) == "2\n"


def test_exit_and_input(executor):
    exits, after, asks = run(executor, "import sys; sys.exit(0)", "print(1)", "input()")
    assert (
        exits.error == "SystemExit" and said(after) == "1\n" and asks.error in ("StdinNotImplementedError", "EOFError")
    )


def test_nothing_survives(executor):
    daemon = (
        "import subprocess\nsubprocess.Popen(['sleep', '4321'], start_new_session=True)\n"
        "import os\nif os.fork() == 0:\n    os.setsid()\n    while True: pass"
    )
    run(executor, daemon)
    deadline = time.monotonic() + 20
    while any(
        process.info["cmdline"][:2] == ["sleep", "4321"]
        for process in psutil.process_iter(["cmdline"])
        if process.info["cmdline"]
    ):
        assert time.monotonic() < deadline, "a learner's process lives on"
        time.sleep(0.1)


@pytest.mark.parametrize(
    "source",
    [
        "open('big', 'wb').write(b'x' * 50_000_000)",
        "for n in range(10):\n    open(str(n), 'wb').write(b'x' * 6_000_000)",
        "kept = []\nwhile True: kept.append(open('/dev/null'))",
        "def f(n): return f(n + 1)\nf(0)",
    ],
)
def test_file_limits_and_depth(executor, source):
    (ran,) = run(executor, source)
    assert ran.error in ("OSError", "RecursionError"), ran


def test_outputs_are_text_and_pictures_only(executor):
    html = "from IPython.display import HTML, display\ndisplay(HTML('<script>alert(1)</script>'))\n'\\x1b[0m' + 'x' * 200_000"
    (ran,) = run(executor, html)
    assert (
        all(set(output.get("data", {})) <= {"text/plain", "image/png", "image/jpeg"} for output in ran.outputs)
        and len(said(ran)) < 60_000
    )


def test_the_same_random_numbers_and_order_for_everyone(executor):
    source = "import random, time\nprint(random.random(), hash('a'), time.tzname[0], list({'x', 'y', 'z'}))"
    assert said(run(executor, source)[0]) == said(run(executor, source)[0]) and "UTC" in said(run(executor, source)[0])


def test_the_warm_process_dies_and_the_grading_goes_on(executor):
    server = executor.server("learner", PLAIN)
    assert server.opened == 0
    psutil.Process(server.pid).kill()
    assert said(run(executor, "print('again')")[0]) == "again\n"


def test_the_first_process_dies_and_the_grading_goes_on(executor):
    executor.server("learner", PLAIN)
    for child in psutil.Process(executor._base._process.pid).children(recursive=True):
        child.kill()
    executor._base._process.kill()
    assert said(run(executor, "print('again')")[0]) == "again\n"


def test_without_a_box_code_is_refused_with_the_ways_out(monkeypatch):
    monkeypatch.setenv("BWRAP", "no-such-program")
    with Executor() as alone:
        assert (
            alone.level == "none"
            and "bubblewrap is not on this machine" in alone.reason
            and "--trust-learner-code" in alone.reason
        )


def test_a_bubblewrap_that_cannot_make_a_box_is_no_box(monkeypatch, tmp_path):
    fake = tmp_path / "bwrap"
    fake.write_text("#!/bin/sh\necho 'setting up uid map: Permission denied' >&2\nexit 1\n")
    fake.chmod(0o755)
    monkeypatch.setenv("BWRAP", str(fake))
    with Executor() as alone:
        assert alone.level == "none" and "setting up uid map: Permission denied" in alone.reason


def test_trusted_code_runs_without_a_box_in_a_folder_of_its_own(monkeypatch):
    from autograder.execution.plan import Config

    monkeypatch.setenv("BWRAP", "no-such-program")
    with Executor(Config(trust_learner_code=True)) as alone:
        assert alone.level == "trusted" and "--trust-learner-code" in alone.reason
        (ran,) = run(alone, "import os\nprint(open('data.txt').read(), os.getcwd())", files={"data.txt": b"mine"})
        assert said(ran).startswith("mine ")
    assert not Path(said(ran).split()[1]).exists(), "the folder is gone with the executor"
    assert os.getcwd() != said(ran).split()[1]
