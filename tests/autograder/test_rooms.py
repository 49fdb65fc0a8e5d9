"""The rooms of the autograder stand on floors: a room imports only from floors below it, and no rooms in a circle."""

from __future__ import annotations

import ast
import shutil
from collections import defaultdict
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "autograder"
FLOORS = [  # from the ground up; what stands on one floor is side by side
    ["verdicts"],
    ["execution"],
    ["grading"],
    ["classroom"],
    ["nbgrader_door", "authoring", "rehearsal"],
    ["grade_class"],
    ["cli", "__init__"],
]
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
OURS = ("autograder", "courseware", "outsourcing")


def imported(path: Path, package: Path) -> list[tuple[int, str]]:
    """(line, full name) of all that a module imports, inside functions too; `from .x import y` names x and x.y."""
    here = ("autograder", *path.relative_to(package).parent.parts)
    found = []
    for node in ast.walk(ast.parse(path.read_text("utf8"))):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = here[: len(here) - node.level + 1] if node.level else ()
            base = ".".join([*above, *filter(None, [node.module])])
            found += [(node.lineno, name) for name in (base, *(f"{base}.{alias.name}" for alias in node.names))]
    return found


def faults(package: Path) -> list[str]:
    """What breaks the order of the rooms, in words."""
    found, arrows = [], defaultdict(set)
    for path in sorted(package.rglob("*.py")):
        inside = path.relative_to(package)
        room = inside.parts[0].removesuffix(".py")
        if room not in FLOOR:
            found.append(f"{inside}: the room {room} stands on no floor; give it its place in FLOORS")
            continue
        for line, name in imported(path, package):
            first, *rest = name.split(".")
            if first == "outsourcing":
                found.append(f"{inside}:{line}: {name} is the subject, which the autograder does not know")
            if first in OURS and inside.parts[:2] == ("execution", "box") and rest[:2] != ["execution", "box"]:
                found.append(f"{inside}:{line}: {name} cannot be seen in the box")
            other = rest[0] if rest and rest[0] in FLOOR else "__init__"
            if first == "autograder" and rest and other != room:
                arrows[room].add(other)
                if FLOOR[other] > FLOOR[room]:
                    found.append(f"{inside}:{line}: {room} imports from {other}, a room above it")
    try:
        TopologicalSorter(arrows).prepare()
    except CycleError as error:
        found.append(f"rooms in a circle: {' <- '.join(error.args[1])}")
    return found


def test_no_arrow_runs_back():
    assert faults(PACKAGE) == []


PLANTED = {  # (what is told, the modules and their new first lines)
    "a room above": ("grade.py:1: grading imports from classroom", {"grading/grade.py": "from ..classroom import run"}),
    "its full name": ("verdicts.py:1: verdicts imports from cli", {"verdicts.py": "import autograder.cli"}),
    "the front": ("imports from __init__", {"classroom/run.py": "from .. import configure"}),
    "a function": ("plan.py:2: execution", {"execution/plan.py": "def f():\n    from .. import grading"}),
    "a circle": (
        "rooms in a circle: ",
        {"nbgrader_door/x.py": "from ..rehearsal import x", "rehearsal/x.py": "from ..nbgrader_door import x"},
    ),
    "the subject": ("leaks.py:1: outsourcing", {"authoring/leaks.py": "from outsourcing import market"}),
    "out of the box": ("cannot be seen in the box", {"execution/box/wire.py": "from ..limits import Limits"}),
    "a room of no floor": ("the room attic stands on no floor", {"attic/__init__.py": ""}),
}


@pytest.mark.parametrize("how", PLANTED)
def test_an_arrow_that_runs_back_is_seen(tmp_path, how):
    told, lines = PLANTED[how]
    package = shutil.copytree(PACKAGE, tmp_path / "autograder", ignore=shutil.ignore_patterns("__pycache__", "*.yml"))
    for name, line in lines.items():
        path = package / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"{line}\n{path.read_text('utf8') if path.exists() else ''}", "utf8")
    assert any(told in fault for fault in faults(package)), faults(package)
