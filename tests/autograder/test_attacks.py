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
    assert attack.wrong(rows[attack.learner], graded[0].receipt(attack.learner, attacks.ASSIGNMENT)) == []


def test_the_honest_learners_are_graded_as_if_nothing_had_been(rows):
    expected = {learner: points for learner, (_sources, _answers, points) in attacks.honest().items()}
    assert {learner: rows[learner]["score"] for learner in expected} == expected


def test_nothing_is_left_behind(graded):
    _tiny, before, after = graded
    assert after.files == before.files
    assert after.processes <= before.processes


@pytest.mark.parametrize("name", ["scoring-xss", "scoring-links-and-pictures", "forgery-widgets-and-metadata"])
def test_no_script_of_a_learner_comes_to_life_in_what_a_person_opens(graded, name):
    tiny, *_ = graded
    folder = tiny.folder / "autograded" / name / attacks.ASSIGNMENT
    assert not [path for path in folder.rglob("*") if path.suffix in (".html", ".svg")]
    notebook = json.loads((folder / f"{attacks.ASSIGNMENT}.ipynb").read_bytes())
    assert "widgets" not in notebook["metadata"]
    for cell in notebook["cells"]:
        shown = [
            str(output.get("data", {}).get("text/html", ""))
            + str(output.get("data", {}).get("application/javascript", ""))
            for output in cell.get("outputs", [])
        ]
        if cell["cell_type"] == "markdown":
            shown.append("".join(cell["source"]))
        assert not any(
            "<script" in text or "alert(4)" in text or ("onerror=" in text and "<img" in text) for text in shown
        ), cell


def test_the_feedback_on_odd_texts_can_be_written_and_runs_nothing(graded):
    """A picture that is not attached stops nbconvert; one that is, is shown."""
    tiny, *_ = graded
    learner = "scoring-links-and-pictures"
    tiny.course.directory.student_id = learner
    try:
        tiny.feedback(attacks.ASSIGNMENT)
    finally:
        tiny.course.directory.student_id = "*"
    page = (tiny.folder / "feedback" / learner / attacks.ASSIGNMENT / f"{attacks.ASSIGNMENT}.html").read_text("utf8")
    assert "data:image/png;base64,aGVsbG8=" in page and "none.png" in page and "img-src 'self'" in page
    assert "javascript:alert" not in page.lower()


@pytest.mark.parametrize("learner", ["reach-hidden-inputs", "reach-hidden-inputs-as-a-name"])
def test_what_hidden_tests_gave_to_a_function_is_not_told(graded, learner):
    tiny, *_ = graded
    page = (tiny.folder / "autograded" / learner / attacks.ASSIGNMENT / f"{attacks.ASSIGNMENT}.ipynb").read_text("utf8")
    told = page + json.dumps(tiny.receipt(learner, attacks.ASSIGNMENT))
    assert "21.25" not in told and "score += double(0.5) == 1" in told


def test_an_old_grade_does_not_survive_a_resubmission_that_cannot_be_read(graded):
    """The learner of the first full marks hands in something else, in a class that has been graded before."""
    tiny, *_ = graded
    learner = next(learner for learner in attacks.honest() if learner.endswith("all"))
    (tiny.folder / "submitted" / learner / attacks.ASSIGNMENT / f"{attacks.ASSIGNMENT}.ipynb").write_text("{")
    (tiny.folder / "submitted" / learner / attacks.ASSIGNMENT / "answers.json").unlink()
    tiny.grade(attacks.ASSIGNMENT, force=False)
    row = tiny.rows(attacks.ASSIGNMENT)[learner]
    assert row["score"] == 0 and tiny.receipt(learner, attacks.ASSIGNMENT)["verdict"] == "unreadable submission"
