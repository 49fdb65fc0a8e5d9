"""In words for learner and instructor: which limit of the box ended the code, or what it looked for that no box has."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..verdicts import OUT_OF_MEMORY, STOPPED, TIMEOUT, TOO_MUCH_OUTPUT
from .limits import Limits

CELL, CALL, WHOLE, PROCESSOR = "a cell", "a call", "whole", "processor"
NETWORK = "The code tried the network, and there is none while it is graded: read a file beside the notebook instead."
OUTSIDE = "The code looks for a file outside the notebook's folder, and only that folder is there while it is graded."
UNAIDED = "{} is not there when this question is graded: write the function yourself."
# As Python, curl, wget, git and pip say it.
_NETWORK = re.compile(
    r"Network is unreachable|Temporary failure in name resolution|Name or service not known|[Cc]ould not resolve host"
    r"|unable to resolve host|Failed to resolve '|No address associated with hostname"
    r"|No matching distribution found for"
)
_NO_FILE = re.compile(
    r"(?:No such file or directory|Permission denied|Read-only file system): '([^'\n]{1,300})'"
    r"|^(\S{1,300}) not found\.$",  # numpy
    re.MULTILINE,
)
_ELSEWHERE = re.compile(r"/|~|\.\./|[A-Za-z]:[\\/]|\\\\")
_SIZE = re.compile(r"Errno 27\]|File too large")
_ROOM = re.compile(r"Errno 28\]|No space left on device")
_OPEN = re.compile(r"Errno 24\]|Too many open files")
_PROCESSES = re.compile(r"can't start new thread|Errno 11\] Resource temporarily unavailable")


def lacks(text: str, packages: Iterable[str]) -> str:
    """The one of these packages that a cell or call failed to find, by the message of its error; "" for none."""
    for name in packages:
        if re.search(rf"No module named '{re.escape(name)}[.']|import of {re.escape(name)} halted", text):
            return name
    return ""


def ended(verdict: str, limits: Limits, what: str = CELL) -> str:
    """Why a cell or a call was stopped. `what` was late: CELL, CALL, the WHOLE notebook, or its use of the PROCESSOR."""
    if verdict == TIMEOUT:
        late = {
            CELL: f"The code took longer than the {limits.cell_seconds:g} s that a cell may take.",
            CALL: f"The code took longer than the {limits.call_seconds:g} s that a call may take.",
            WHOLE: f"The notebook took longer than the {limits.total_seconds:g} s that all its cells may take.",
            PROCESSOR: f"The notebook took more than the {limits.cpu_seconds:g} s that it may have of the processor.",
        }
        return f"{late[what]} Look for a loop that never ends."
    if verdict == OUT_OF_MEMORY:
        return f"The code asked for more than the {limits.memory_mb:,} MB of memory that it may use."
    if verdict == TOO_MUCH_OUTPUT:
        most = f"{limits.output_bytes / 1e6:g} MB"
        return f"The code sent out more than the {most} that a cell may. Look for a print in a loop."
    return STOPPED.get(verdict, "")


def met(text: str, limits: Limits, tried_network: bool = False) -> list[str]:
    """What a text that a cell sent out, or the message of an error, tells of the box.

    Nothing of the text comes along: it is a learner's, who could put there what a hidden test gave to their function.
    """
    found = [NETWORK] if tried_network or _NETWORK.search(text) else []
    if any(_ELSEWHERE.match(one or other) for one, other in _NO_FILE.findall(text)):
        found.append(OUTSIDE)
    told = {
        _SIZE: f"A file grew longer than the {limits.file_mb:,} MB that it may have.",
        _ROOM: f"The files grew larger than the {limits.tmp_mb:,} MB that they may have together.",
        _OPEN: f"The code opened more than the {limits.open_files:,} files that it may have open at a time.",
        _PROCESSES: f"The code started more than the {limits.processes:,} processes and threads that it may have.",
    }
    return found + [words for sign, words in told.items() if sign.search(text)]


def missed(error: str, text: object, function: str, library: Iterable[str], lacked: dict[str, str]) -> str:
    """The package of the course's library that a learner's function called, or should have come from; "" for none."""
    package = lacks(text if isinstance(text, str) else "", library)
    for source, named in lacked.items() if error == "NameError" else ():
        package = named if re.search(rf"\b{function}\b|import\s*\*", source) else package
    return package
