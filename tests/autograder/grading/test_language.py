"""A course whose kernel is no Python: declared questions as ever, the rest is a person's; what the learner's notebook says is no matter."""

from __future__ import annotations

import json

import pytest
from tiny_course import RIGHT, Tiny, code, info, quiz_cells

from autograder.grading.language import other_language

PYTHON = [
    {},
    {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}},
    {"kernelspec": {"name": "conda-env-stats-py", "display_name": "Python [conda env:stats]"}},
    {"kernelspec": {"name": "stats2026", "display_name": "Statistics 2026"}},
    {"kernelspec": {"name": "xpython", "display_name": "Python 3.12 (XPython)", "language": "python"}},
    {"kernelspec": {"name": "xeus-python", "display_name": "xeus-python"}},
    {"kernelspec": {"name": "julia-course", "display_name": "Julia's course", "language": "Python"}},
    {"kernelspec": {"name": "pysparkkernel", "display_name": "PySpark", "language": "python"}},
    {"language_info": {"name": "python"}},
    {"kernelspec": None, "language_info": {"name": "ipython", "version": 3}},
]
OTHERS = {
    "R": {"kernelspec": {"name": "ir", "display_name": "R", "language": "R"}},
    "Bash": {"kernelspec": {"name": "bash", "display_name": "Bash", "language": "bash"}},
    "Calysto Bash": {"kernelspec": {"name": "calysto_bash", "display_name": "Calysto Bash"}},
    "Julia 1.10.2": {"kernelspec": {"name": "julia-1.10", "display_name": "Julia 1.10.2", "language": "julia"}},
    "julia-1.10": {"kernelspec": {"name": "julia-1.10"}},
    "ir": {"kernelspec": {"name": "ir"}, "language_info": {}},
    "C++17": {"kernelspec": {"name": "xcpp17", "display_name": "C++17", "language": "C++17"}},
    "SageMath 10.2": {"kernelspec": {"name": "sagemath", "display_name": "SageMath 10.2", "language": "sage"}},
    "octave": {"language_info": {"name": "octave"}},
}


@pytest.mark.parametrize("metadata", PYTHON, ids=str)
def test_python_by_any_name(metadata):
    assert other_language({"metadata": metadata}) == ""


@pytest.mark.parametrize("named", OTHERS)
def test_other_kernels_are_named(named):
    assert other_language({"metadata": OTHERS[named]}) == named


OCTAVE = {"name": "octave", "display_name": "Octave", "language": "octave"}
TESTS = [
    code("% BEGIN SOLUTION\ntwice = @(x) 2*x;\n% END SOLUTION", "twice", info("twice", solution=True)),
    code("assert(twice(2) == 4)", "t", info("t", grade=True, locked=True, points=3)),
    code("% plot it", "plot", info("plot", grade=True, solution=True, points=2)),
]


def kernel(path, spec):
    document = json.loads(path.read_bytes())
    document["metadata"]["kernelspec"] = spec
    path.write_text(json.dumps(document))


@pytest.fixture
def octave(tiny: Tiny):
    config = tiny.folder / "nbgrader_config.py"
    config.write_text(
        config.read_text() + 'c.ClearSolutions.begin_solution_delimeter = "BEGIN SOLUTION"\n'
        'c.ClearSolutions.end_solution_delimeter = "END SOLUTION"\n'
    )
    tiny.course = type(tiny.course)(tiny.folder)
    kernel(tiny.source([*quiz_cells(), *TESTS]), OCTAVE)
    tiny.generate()
    return tiny


def test_a_course_in_another_language(octave, capfd):
    python = {"name": "python3", "display_name": "Python 3", "language": "python"}
    octave.hand_in("ada", RIGHT)
    octave.hand_in("ben", RIGHT, lambda folder: kernel(folder / "quiz.ipynb", python))
    octave.hand_in("cleo", None, lambda folder: [path.unlink() for path in folder.glob("*")])
    octave.grade()
    said = capfd.readouterr().err
    words = "quiz: its tests and code are left to a person, because the notebook's kernel is Octave"
    assert said.count(words) == 1 and "runs in a box" not in said
    for learner in ("ada", "ben"):
        row, receipt = octave.rows()[learner], octave.receipt(learner)
        assert row["score"] == 5 and row["needs_manual_grade"] and receipt["verdict"] == "graded"
        (test,) = [cell for cell in receipt["cells"] if cell["id"] == "t"]
        assert (test["score"], test["verdict"]) == (None, "by hand")
        assert "the notebook's kernel is Octave, and only Python is run here" in test["reason"]
    assert octave.rows()["cleo"]["score"] == 0 and not octave.rows()["cleo"]["needs_manual_grade"]
    octave.grade(force=False)
    assert "2 to grade" not in capfd.readouterr().err, "what a person grades is graded once"


def test_a_notebook_with_questions_alone_is_graded_and_nothing_is_said(octave, capfd):
    kernel(octave.source(quiz_cells()), OCTAVE)
    octave.generate()
    octave.hand_in("ada", RIGHT)
    capfd.readouterr()
    octave.grade()
    assert octave.rows()["ada"]["score"] == 5 and not octave.rows()["ada"]["needs_manual_grade"]
    assert "Octave" not in capfd.readouterr().err


def test_a_learners_metadata_does_not_leave_a_python_course_to_a_person(tiny):
    test = code("assert 1 + 1 == 2", "t", info("t", grade=True, locked=True, points=3))
    tiny.source([code("a = 1", "a", info("a", solution=True)), test])
    tiny.generate()
    tiny.hand_in("ada", None, lambda folder: kernel(folder / "quiz.ipynb", OTHERS["R"]["kernelspec"]))
    tiny.grade()
    assert tiny.rows()["ada"]["score"] == 3
