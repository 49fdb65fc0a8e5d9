"""Whatever is handed in: that learner gets a stated verdict and a score, and nobody else's changes."""

from __future__ import annotations

import pytest
from bad_work import BAD, FULL, GRADED
from tiny_course import HALF, RIGHT, Tiny

HONEST = {"ada": (RIGHT, FULL), "ben": (HALF, 1.5), "cleo": ({}, 0.0)}


@pytest.fixture(scope="module")
def graded(tmp_path_factory, _generated):
    """The honest alone, then the same with every bad submission in between, graded in one run."""
    tiny = Tiny(tmp_path_factory.mktemp("bad") / "tiny", like=_generated)
    for name, (answers, _) in HONEST.items():
        tiny.hand_in(name, answers)
    tiny.grade()
    alone = tiny.rows()
    for name, (answers, edit, *_) in BAD.items():
        tiny.hand_in(name, answers, edit)
    tiny.grade()
    tiny.feedback()
    return tiny, alone, tiny.rows()


def test_the_honest_keep_their_scores(graded):
    tiny, alone, rows = graded
    assert {name: rows[name] for name in HONEST} == alone
    assert {name: rows[name]["score"] for name in HONEST} == {name: score for name, (_, score) in HONEST.items()}
    assert {tiny.receipt(name)["verdict"] for name in HONEST} == {GRADED}


@pytest.mark.parametrize("name", BAD)
def test_bad_submission_has_a_verdict_and_a_score(graded, name):
    tiny, _, rows = graded
    _, _, score, verdict, words = BAD[name]
    receipt = tiny.receipt(name)
    assert rows[name]["score"] == score and not rows[name]["needs_manual_grade"]
    assert receipt["verdict"] == verdict, receipt
    assert words in " ".join([*receipt["flags"], *receipt["remarks"]]), receipt


@pytest.mark.parametrize("name", [*BAD, *HONEST])
def test_every_grade_cell_has_an_explicit_number_and_words(graded, name):
    from nbgrader.utils import determine_grade, is_grade

    tiny, _, rows = graded
    cells = [cell for cell in tiny.graded(name).cells if is_grade(cell)]
    assert [cell.metadata.nbgrader.grade_id for cell in cells] == ["tiny-01", "tiny-02"]
    for cell in cells:
        (output,) = cell.outputs
        assert output.output_type == "execute_result" and determine_grade(cell) == (
            float(output.data["text/plain"]),
            cell.metadata.nbgrader.points,
        )
        assert float(output.data["text/plain"]) == rows[name]["cells"][cell.metadata.nbgrader.grade_id]
        assert output.data["text/html"]


@pytest.mark.parametrize("name", [*BAD, *HONEST])
def test_feedback_page_is_there_and_runs_nothing(graded, name):
    page = (graded[0].folder / "feedback" / name / "quiz/quiz.html").read_text(encoding="utf8")
    assert "alert(1)</script>" not in page and "<img src=http" not in page and "cdnjs" not in page
    assert "What is the capital of France?" in page


def test_nothing_beyond_a_link_is_copied(graded):
    tiny = graded[0]
    secret = open("/etc/passwd", "rb").read().splitlines()[0]
    for path in [*(tiny.folder / "autograded").rglob("*"), *(tiny.folder / "feedback").rglob("*")]:
        assert not path.is_symlink()
        assert not (path.is_file() and secret in path.read_bytes()), path
