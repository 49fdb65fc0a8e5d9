"""The attack corpus in one class with thirty honest learners: nothing is gained, nobody else is touched, nothing is left behind."""

import json

import attacks
import pytest
from tiny_course import Tiny


@pytest.fixture(scope="module")
def graded(tmp_path_factory, _empty):
    """(course, traces before, traces after) of the class, graded once."""
    tiny = attacks.prepare(Tiny(tmp_path_factory.mktemp("attacks") / "tiny", like=_empty))
    return tiny, *attacks.attack_class(tiny)


@pytest.fixture(scope="module")
def rows(graded):
    return graded[0].rows(attacks.ASSIGNMENT)


@pytest.mark.parametrize("attack", attacks.attacks(), ids=lambda attack: attack.name)
def test_an_attack_gains_nothing_and_is_told_as_what_it_is(graded, rows, attack):
    receipt = graded[0].receipt(attack.learner, attacks.ASSIGNMENT)
    verdicts = {cell["id"]: cell["verdict"] for cell in receipt["cells"]}
    assert attack.wrong(receipt["verdict"], rows[attack.learner]["score"], receipt["flags"], verdicts) == []


def test_the_honest_learners_are_graded_as_if_nothing_had_been(rows):
    expected = {learner: points for learner, (_sources, _answers, points) in attacks.honest().items()}
    assert {learner: rows[learner]["score"] for learner in expected} == expected


def test_nothing_is_left_behind(graded):
    _tiny, before, after = graded
    assert after.files == before.files
    assert after.processes <= before.processes


def test_no_script_of_a_learner_comes_to_life_in_what_a_person_opens(graded):
    tiny, *_ = graded
    (page,) = (tiny.folder / "autograded/scoring-xss" / attacks.ASSIGNMENT).glob("*.ipynb")
    for cell in json.loads(page.read_bytes())["cells"]:
        shown = [str(output.get("data", {}).get("text/html", "")) + str(output.get("data", {}).get("application/javascript", "")) for output in cell.get("outputs", [])]
        if cell["cell_type"] == "markdown":
            shown.append("".join(cell["source"]))
        assert not any("<script" in text or "alert(4)" in text or "onerror=" in text and "<img" in text for text in shown), cell


def test_an_old_grade_does_not_survive_a_resubmission_that_cannot_be_read(graded):
    """The learner of the first full marks hands in something else, in a class that has been graded before."""
    tiny, *_ = graded
    learner = next(learner for learner in attacks.honest() if learner.endswith("all"))
    (tiny.folder / "submitted" / learner / attacks.ASSIGNMENT / f"{attacks.ASSIGNMENT}.ipynb").write_text("{")
    (tiny.folder / "submitted" / learner / attacks.ASSIGNMENT / "answers.json").unlink()
    tiny.grade(attacks.ASSIGNMENT, force=False)
    row = tiny.rows(attacks.ASSIGNMENT)[learner]
    assert row["score"] == 0 and tiny.receipt(learner, attacks.ASSIGNMENT)["verdict"] == "unreadable submission"
