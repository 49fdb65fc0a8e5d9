"""An ordinary class for the bench: a notebook of 12 questions with hidden tests, a figure and data, and learners who are right or wrong."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path

NAME = "ordinary"
# name, the right body, a wrong one, visible test, hidden test
QUESTIONS = [
    ("total", "return sum(values)", "return 0", "assert total([1, 2]) == 3", "assert total([5, -7, 11]) == 9"),
    ("mean", "return sum(values) / len(values)", "return sum(values)", "assert mean([2]) == 2", "assert mean([1, 2, 6]) == 3"),
    ("largest", "return max(values)", "return values[0]", "assert largest([3]) == 3", "assert largest([1, 9, 4]) == 9"),
    ("spread", "return max(values) - min(values)", "return max(values)", "assert spread([4, 4]) == 0", "assert spread([1, 9, 4]) == 8"),
    ("evens", "return [v for v in values if v % 2 == 0]", "return values", "assert evens([2]) == [2]", "assert evens([1, 2, 4]) == [2, 4]"),
    ("squares", "return [v * v for v in values]", "return values", "assert squares([1]) == [1]", "assert squares([3, -2]) == [9, 4]"),
    ("ordered", "return sorted(values)", "return values", "assert ordered([1]) == [1]", "assert ordered([3, 1, 2]) == [1, 2, 3]"),
    ("unique", "return sorted(set(values))", "return values", "assert unique([1]) == [1]", "assert unique([2, 2, 1]) == [1, 2]"),
    ("growth", "return [b / a - 1 for a, b in zip(values, values[1:])]", "return []", "assert growth([1]) == []",
     "assert all(math.isclose(g, 0.1) for g in growth([100, 110, 121])) and len(growth([100, 110, 121])) == 2"),
    ("share", "return [v / sum(values) for v in values]", "return values", "assert share([1]) == [1]",
     "assert share([1, 3]) == [0.25, 0.75]"),
    ("words", "return {str(v): v for v in values}", "return {}", "assert words([]) == {}", "assert words([1, 2]) == {'1': 1, '2': 2}"),
    ("above", "return sum(v > 2 for v in values)", "return len(values)", "assert above([3]) == 1", "assert above([1, 2, 3, 4]) == 2"),
]  # fmt: skip


def info(grade_id: str, **more) -> dict:
    flags = {"grade": False, "solution": False, "locked": False, "task": False}
    return {"nbgrader": {"schema_version": 3, "grade_id": grade_id, "cell_type": "code", **flags, **more}}


def write_source(folder: Path) -> None:
    """The assignment's source notebook in `folder`/NAME."""
    from nbformat import v4, write

    def code(source: str, id_: str, metadata: dict | None = None):
        cell = v4.new_code_cell(source, metadata=metadata or {})
        cell["id"] = id_
        return cell

    cells = [
        code("import json\nimport math\nimport plotly.graph_objects as go", "setup", info("setup", locked=True)),
        code("figure = go.Figure(go.Bar(x=['a', 'b'], y=[1, 2]))\nfigure.show()", "figure"),
    ]
    for name, right, _, seen, hidden in QUESTIONS:
        solution = f"def {name}(values):\n    ### BEGIN SOLUTION\n    {right}\n    ### END SOLUTION"
        test = f"{seen}\n### BEGIN HIDDEN TESTS\n{hidden}\n### END HIDDEN TESTS"
        cells += [
            code(solution, name, info(name, solution=True)),
            code(test, f"test-{name}", info(f"test-{name}", grade=True, locked=True, points=2)),
        ]
    notebook = v4.new_notebook(
        cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    )
    (folder / NAME).mkdir(parents=True)
    write(notebook, folder / NAME / f"{NAME}.ipynb")


def hand_in(course: Path, count: int) -> None:
    """`count` submissions: each function right with a chance of three in four."""
    draw = random.Random(1)
    released = json.loads((course / "release" / NAME / f"{NAME}.ipynb").read_bytes())
    bodies = {name: (right, wrong) for name, right, wrong, _, _ in QUESTIONS}
    shutil.rmtree(course / "submitted", ignore_errors=True)
    for n in range(count):
        for cell in released["cells"]:
            name = cell["metadata"].get("nbgrader", {}).get("grade_id")
            if name in bodies:
                cell["source"] = f"def {name}(values):\n    {bodies[name][draw.random() > 0.75]}"
        folder = course / "submitted" / f"learner-{n:04}" / NAME
        folder.mkdir(parents=True)
        (folder / f"{NAME}.ipynb").write_text(json.dumps(released), encoding="utf8")
