"""Grades a course in a process that can be killed, again and again without importing everything each time.

    python killable.py        then a line "FOLDER ASSIGNMENT [options of `autograder grade`]" for each run

Answers with the run's process id, and "ended CODE" when it has ended.
"""

from __future__ import annotations

import os
import subprocess
import sys


def serve() -> None:
    from nbgrader import apps  # noqa: F401

    from autograder import cli
    from autograder.classroom import run  # noqa: F401 - imported before the fork
    from autograder.nbgrader_door import converter  # noqa: F401 - imported before the fork

    for line in sys.stdin:
        folder, *arguments = line.split()
        pid = os.fork()
        if pid == 0:
            os.chdir(folder)
            os.dup2(2, 1)
            code = cli.main(["grade", *arguments])
            sys.stderr.flush()
            os._exit(code)
        print(pid, flush=True)
        print("ended", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)


class Server:
    """The other side. A context manager; `stderr` is where the runs tell what they do."""

    def __init__(self, stderr: int | None = None):
        self.stderr = stderr

    def __enter__(self) -> Server:
        command = [sys.executable, __file__]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.stderr, text=True
        )
        return self

    def __exit__(self, *_) -> None:
        self.process.stdin.close()
        self.process.wait()

    def start(self, folder, *arguments: str) -> int:
        """Begin a run; returns its process id."""
        self.process.stdin.write(" ".join(map(str, (folder, *arguments))) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def ended(self) -> int:
        """Wait for the run's end; returns its exit code, negative for a signal."""
        word, code = self.process.stdout.readline().split()
        assert word == "ended"
        return int(code)


if __name__ == "__main__":
    serve()
