"""`autograder check`: each rule finds a planted mistake, and the guesser finds a bank that its form gives away."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.authoring import guesser
from autograder.authoring.check import OBJECTIVES, check_guessing, check_objectives
from autograder.authoring.items import check_items
from courseware.questions import load_questions

GOOD = """\
- id: {id}
  use: graded
  kind: choice
  objective: know a river
  points: 1
  prompt: {prompt}
  options:
    - {{id: a, text: "{a}", why: "It flows through Paris, and through Rouen."}}
    - {{id: b, text: "{b}", correct: true, why: "It flows through Cologne, and through Bonn."}}
    - {{id: c, text: "{c}", why: "It flows through Orleans, and through Tours."}}
  sources: [{sources}]
"""
PLAIN = dict(id="river-1", prompt="Which river flows through Bonn?", a="Seine", b="Rhine", c="Loire", sources="R1")
PLANTED = {
    "read the same": dict(a="rhine."),
    "points at the others": dict(c="None of the rivers above"),
    "twice": dict(prompt="Which river does not flow through Paris?", b="No river that never freezes"),
    "full stop": dict(c="Loire."),
    "alone is long": dict(b="Rhine, which rises in the Alps and ends in the sea"),
    "only the right option has a figure": dict(b="Rhine 1"),
    "rests on no fact": dict(sources=""),
    "stands in no row": dict(prompt="Which river is 1,233 km long?"),
}


@pytest.fixture
def bank(tmp_path):
    def write(*questions: dict):
        path = tmp_path / "rivers.yml"
        path.write_text("".join(GOOD.format(**{**PLAIN, **question}) for question in questions), encoding="utf8")
        return load_questions(path)

    return write


def mended(questions) -> list[str]:
    return [str(finding) for finding in check_items(questions, {"R1": "Rhine 865 km"}.__getitem__)]


def test_a_sound_question_has_nothing_to_mend(bank):
    assert mended(bank({})) == mended(bank({"prompt": "Which river is 865 km long?"})) == []
    assert mended(bank({"prompt": "An invented river is 31 km long. Which one is longer?"})) == []


@pytest.mark.parametrize("wrong", PLANTED)
def test_a_planted_mistake_is_found_with_its_place(bank, wrong):
    found = mended(bank(PLANTED[wrong]))
    assert any(wrong in text and "rivers.yml:1: river-1" in text for text in found), found


def test_the_same_question_twice_and_one_place_always_right(bank):
    cities = ("Bonn", "Basel", "Mainz", "Speyer")
    found = mended(
        bank(
            *({"id": f"river-{n}", "prompt": f"Which river flows through {city}?"} for n, city in enumerate(cities, 1))
        )
    )
    assert [text for text in found if "asks nearly the same as river-1" in text]
    assert [text for text in found if "option 2 is right in 4 of the 4" in text]
    assert [text for text in found if "here and in the next two" in text]


def test_the_guesser_finds_a_bank_that_its_length_gives_away(bank):
    long = [{"id": f"river-{n}", "b": "Rhine, a long one"} for n in range(1, 6)]
    credit, chance = guesser.gains(bank(*long))["longest"]
    assert credit == 1 and chance == pytest.approx(1 / 3, abs=0.08)  # three options: one in three by chance
    assert any("longest" in str(finding) for finding in check_guessing(bank(*long)))


def test_an_objective_without_a_question_and_a_question_without_one(bank, tmp_path):
    (question,) = bank({})
    notebook = tmp_path / "rivers.ipynb"

    def found(*listed):
        text = f"{OBJECTIVES}\n\n" + "".join(f"- {name}\n" for name in listed)
        cells = [{"cell_type": "markdown", "source": [text]}, {"cell_type": "code", "source": ['ask("river-1")']}]
        notebook.write_text(json.dumps({"cells": cells}), encoding="utf8")
        return [str(finding) for finding in check_objectives(notebook, {"river-1": question})]

    assert found("know a river") == []
    assert "no question has the objective 'know a lake'" in found("know a river", "know a lake")[0]
    assert "is not in the list of rivers.ipynb" in found("know a lake")[1]
    assert "names no objectives" in found()[0]


def test_the_course_itself_is_clean(root):
    """The command, in the course's folder, on the graded bank, the practice questions and the assignments."""
    run = subprocess.run(
        [Path(sys.executable).parent / "autograder", "check", "book"], cwd=root, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stdout + run.stderr
