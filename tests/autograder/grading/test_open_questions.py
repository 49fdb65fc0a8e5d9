"""Questions that wait for a person or for the box: the learner's own cell, prose, and what a person gave before."""

from __future__ import annotations

import json

import nbformat
import pytest
from tiny_course import Tiny, code, info
from tree import ROOT

from autograder.execution.executor import NONE, Executor
from autograder.grading.submission import read_submission
from autograder.rehearsal.rehearse import rehearse

PROSE = "In Manila, for <script>alert(1)</script> and $x$.\n\n  Second paragraph."
OWN = "def cagr(start, end, years):\n    # mine\n    return (end / start) ** (1 / years) - 1"
OLDER = OWN.replace("mine", "older")
CHOICE = {"weights": {"cost": 5, "talk": 2, "risk": 3}, "choice": "in"}


def cells():
    return [
        code("from courseware import ask, progress", "start", info("start", locked=True)),
        code('ask("demo-08")', "q8"),
        code('ask("demo-09")', "q9"),
        code('ask("demo-10")', "q10"),
        code("progress()", "finish", info("finish", locked=True)),
    ]


@pytest.fixture(scope="module")
def _made(tmp_path_factory, _empty):
    tiny = Tiny(tmp_path_factory.mktemp("open") / "tiny", like=_empty)
    for kind in ("code", "written", "decision"):
        (tiny.folder / f"questions/{kind}.yml").write_bytes((ROOT / f"tests/data/kinds/{kind}.yml").read_bytes())
    tiny.source(cells())
    tiny.generate()
    return tiny


@pytest.fixture
def course(tmp_path, _made):
    return Tiny(tmp_path / "tiny", like=_made)


def marks(notebook) -> list[tuple]:
    return [(cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source) for cell in notebook.cells]


def runs() -> bool:
    """Can this machine run learners' code?"""
    with Executor() as executor:
        return executor.level != NONE


def write(source):
    def edit(folder):
        path = folder / "quiz.ipynb"
        document = json.loads(path.read_bytes())
        next(cell for cell in document["cells"] if cell["id"] == "demo-08-code")["source"] = source
        path.write_text(json.dumps(document))

    return edit


def shown(course, learner, question) -> str:
    cell = next(
        cell for cell in course.graded(learner).cells if cell.metadata.get("nbgrader", {}).get("grade_id") == question
    )
    return cell.outputs[0].data["text/html"]


def test_the_learners_own_cell_stands_before_its_question(course):
    before = (course.folder / "source/quiz/quiz.ipynb").read_bytes()
    path = course.folder / "release/quiz/quiz.ipynb"
    released = nbformat.read(path, 4)
    starter = "def cagr(start, end, years):\n    ..."
    assert marks(released)[1:3] == [("demo-08-code", starter), ("demo-08", 'ask("demo-08")')]
    cell = released.cells[1]
    assert cell.id == "demo-08-code" and (
        cell.metadata.nbgrader.solution,
        cell.metadata.nbgrader.grade,
        cell.metadata.nbgrader.locked,
    ) == (True, False, False)
    first = path.read_bytes()
    course.generate()
    assert path.read_bytes() == first and (course.folder / "source/quiz/quiz.ipynb").read_bytes() == before
    (course.folder / "source/quiz/quiz.ipynb").write_bytes(first)  # an instructor goes on from the released notebook
    course.generate()
    assert marks(nbformat.read(path, 4)) == marks(released)


def test_what_is_open_waits_and_what_is_empty_is_nothing(course):
    course.hand_in("ada", {"demo-08": OLDER, "demo-09": PROSE, "demo-10": CHOICE}, write(OWN))
    course.hand_in("ben", {"demo-08": OLDER, "demo-09": " \n", "demo-10": {**CHOICE, "choice": "ph"}})
    course.hand_in("cleo")
    course.hand_in("dan", None, lambda folder: (write(OWN)(folder), (folder / "answers.json").write_text("{")))
    course.hand_in("eve", {"demo-09": PROSE}, lambda folder: (folder / "quiz.ipynb").unlink())
    course.grade()
    rows = course.rows()
    assert rows["eve"]["needs_manual_grade"], "a text that was kept waits, though its notebook is missing"
    # three of the four hidden checks: a start below nothing is not refused. Without a box nothing is run, and a person sees it
    run, points = ("partly", 3) if runs() else ("not run", None)
    assert (
        rows["ada"]["cells"] == {"demo-08": points or 0, "demo-09": 0, "demo-10": 4}
        and rows["ada"]["needs_manual_grade"]
    )
    verdicts = {name: {cell["id"]: cell["verdict"] for cell in course.receipt(name)["cells"]} for name in rows}
    assert verdicts["ada"] == {"demo-08": run, "demo-09": "by hand", "demo-10": "correct"}
    assert verdicts["ben"] == {"demo-08": run, "demo-09": "unanswered", "demo-10": "wrong"}
    assert verdicts["cleo"] == dict.fromkeys(verdicts["cleo"], "unanswered") and not rows["cleo"]["needs_manual_grade"]
    assert verdicts["dan"] == {"demo-08": run, "demo-09": "unreadable submission", "demo-10": "unreadable submission"}
    scores = {cell["id"]: cell["score"] for cell in course.receipt("ada")["cells"]}
    assert scores == {"demo-08": points, "demo-09": None, "demo-10": 4}

    prose = shown(course, "ada", "demo-09")
    assert "&lt;script&gt;alert(1)&lt;/script&gt; and &#36;x&#36;." in prose and "&#10;  Second paragraph." in prose
    assert "2 points: Gives two reasons" in prose and "Instructor: enter the points here." in prose
    own, older = shown(course, "ada", "demo-08"), shown(course, "ben", "demo-08")
    assert "# mine&#10;    return" in own and "older" not in own, "the cell counts where the learner wrote in it"
    assert "# older" in older, "else what was kept"
    assert ("A start below nothing has no rate." if runs() else "box") in older
    course.feedback()
    page = (course.folder / "feedback/ada/quiz/quiz.html").read_text()
    assert "<script>alert(1)" not in page and "Second paragraph." in page
    for key in ("for cost and for talk", "288", "A market may shrink", "follows from the weights"):
        assert key not in page


def test_a_persons_score_stands_and_a_new_text_is_looked_at_again(course):
    from nbgrader.api import Gradebook

    def grade(**change):
        with Gradebook(course.course.directory.db_url) as book:
            found = book.find_grade("demo-09", "quiz", "quiz", "ada")
            for name, value in change.items():
                setattr(found, name, value)
            book.db.commit()
            return found.score, found.needs_manual_grade

    course.hand_in("ada", {"demo-09": PROSE})
    course.grade()
    assert grade() == (0, True)
    assert grade(manual_score=2, needs_manual_grade=False) == (2, False)  # as formgrader saves it
    course.grade()
    assert grade() == (2, False), "the same text: the person's work is done"
    course.hand_in("ada", {"demo-09": PROSE + " More."})
    course.grade()
    assert grade() == (2, True)
    course.grade()
    assert grade() == (2, True), "until a person has looked"


def test_a_text_of_a_thousand_lines_is_shown_whole(course):
    text = "\n".join(f"line {n} of <many>" for n in range(1000))
    course.hand_in("ada", {"demo-09": text})
    assert read_submission(course.folder / "submitted/ada/quiz", "quiz").answers
    course.grade()
    assert "line 999 of &lt;many&gt;" in shown(course, "ada", "demo-09")


def test_a_class_that_answers_them_is_rehearsed(course, tmp_path):
    said = []
    folder = tmp_path / "rehearsal"
    assert rehearse(folder, course.folder / "source", course.folder / "questions", 4, say=said.append) == 0, said
    assert "hold answers that a person grades" in said[-1]
    kept = [json.loads(path.read_bytes())["answers"] for path in folder.glob("submitted/*/quiz/answers.json")]
    assert any("return (end / start)" in answers.get("demo-08", {}).get("answer", "") for answers in kept)
    pages = [nbformat.read(path, 4) for path in folder.glob("autograded/*/quiz/quiz.ipynb")]
    own = [text for page in pages for name, text in marks(page) if name == "demo-08-code"]
    assert any("return (end / start)" in text for text in own), "and in cells of their own"
