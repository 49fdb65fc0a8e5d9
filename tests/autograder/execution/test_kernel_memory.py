"""Memory that no process has, which the kernel keeps for them: it is refused, or counts as theirs."""

from __future__ import annotations

import pytest

from autograder.execution import memory
from autograder.execution.plan import Sheet, Step

START = "import asyncio, ctypes, fcntl, mmap, os, socket\nlibc = ctypes.CDLL(None, use_errno=True)\n"
PAIR = "a, b = socket.socketpair()\n"
CALLED = "\nif {call} < 0:\n    raise OSError(ctypes.get_errno(), 'refused')"
TWO_GIGABYTES = """
import os, socket, time
def take():
    kept = []
    while True:
        try:
            pair = socket.socketpair()
        except OSError:
            return kept
        for one in pair:
            try:
                one.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 23)
            except PermissionError:
                pass
            one.setblocking(False)
            try:
                while True:
                    one.send(bytes(1 << 16))
            except BlockingIOError:
                kept.append(one)
for _ in range(CHILDREN):
    if os.fork() == 0:
        kept = take()
        time.sleep(60)
kept = take()
time.sleep(SECONDS)
print("through with", len(kept))
"""


def run(executor, source):
    return executor.run(Sheet(), [Step("cell", "a", source)], {})["a"]


@pytest.mark.parametrize(
    "source",
    [
        PAIR + "a.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 22)",
        PAIR + "b.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)",
        PAIR + "a.bind(b'\\0name')",
        "socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)",
        "socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)",
        "fcntl.fcntl(os.pipe()[1], 1031, 1 << 20)",
        "mmap.mmap(-1, 1 << 20)",
        "mmap.mmap(os.open('/dev/zero', os.O_RDONLY), 1 << 20, prot=mmap.PROT_READ)",
        *(
            CALLED.format(call=call)
            for call in (
                "libc.syscall(72, 1, ctypes.c_ulong((1 << 32) + 1031), 1 << 20)",  # the pipe's, with a bit that is not looked at
                "libc.semget(0, 32000, 0o1600)",
                "libc.msgget(0, 0o1600)",
                "libc.mq_open(b'/queue', os.O_CREAT | os.O_RDWR, 0o600, None)",
                "libc.inotify_init1(0)",
                "libc.fanotify_init(0, 0)",
                "libc.vmsplice(1, None, 0, 0)",
                "libc.syscall(444, None, 0, 0)",  # a rule set of Landlock
                "libc.prctl(78, 1, 1 << 16, 0, 0)",  # a table of futexes
                "libc.syscall(206, 1, None)",  # asynchronous input and output
            )
        ),
    ],
)
def test_refused(executor, source):
    ran = run(executor, START + source)
    assert ran.error in ("PermissionError", "OSError"), ran


def test_two_gigabytes_in_sockets_of_many_processes_are_the_submissions(executor):
    """Where each child is allowed 128 descriptors, 28 of them could hold more than a gigabyte in buffers as they come."""
    ran = run(executor, TWO_GIGABYTES.replace("CHILDREN", "28").replace("SECONDS", "60"))
    assert ran.verdict == "out of memory"


def test_the_buffers_of_one_process_are_as_large_as_they_come(executor):
    ran = run(executor, TWO_GIGABYTES.replace("CHILDREN", "0").replace("SECONDS", "2"))
    assert "through with" in ran.outputs[0]["text"]
    assert 128 * memory._socket_bytes() < executor.config.limits.memory_mb << 20


def test_loops_of_asyncio_and_pipes_work_all_the_same(executor):
    source = """
import threading
async def three():
    process = await asyncio.create_subprocess_exec("echo", "hi", stdout=asyncio.subprocess.PIPE)
    return (await process.communicate())[0]
found = [await three()]
threads = [threading.Thread(target=lambda: found.append(asyncio.run(three()))) for _ in range(3)]
for thread in threads:
    thread.start()
    thread.join()
loop = asyncio.new_event_loop()
loop.close()
print(found)
"""
    assert run(executor, START + source).outputs[0]["text"] == f"{[b'hi' + bytes([10])] * 4}\n"
