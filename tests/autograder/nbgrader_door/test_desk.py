"""The instructor's desk: formgrader in a real JupyterLab on a copy of the course. Its buttons give the command's grades."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from tree import copy_tree, nbgrader

from autograder.rehearsal.invented import Learner, hand_in
from autograder.rehearsal.rehearse import gradebook, questions_of
from courseware.questions import load_bank

NAME = "location"


@pytest.fixture(scope="module")
def desk(tmp_path_factory, browser, lab):
    """Generate, release, collect, autograde by formgrader's own buttons; what was seen."""
    top = tmp_path_factory.mktemp("desk")
    tree, exchange = copy_tree(top / "course"), top / "exchange"
    shutil.rmtree(tree / "exercises")
    seen = {"tree": tree, "outside": []}
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    page = context.new_page()
    page.on(
        "request",
        lambda request: (
            seen["outside"].append(request.url)
            if not re.match(r"(https?|wss?)://127\.0\.0\.1|data:|blob:", request.url)
            else None
        ),
    )
    with lab(tree, cwd=tree, env={"COURSE_EXCHANGE": str(exchange)}) as url:
        page.goto(f"{url}/lab?reset")
        page.get_by_role("menuitem", name="Nbgrader").click(timeout=180_000)
        page.get_by_role("menuitem", name="Formgrader", exact=True).click()
        formgrader = page.frame_locator("iframe")
        row = formgrader.locator("tr", has=formgrader.get_by_role("link", name=NAME, exact=True))
        row.wait_for(timeout=180_000)
        for step in ("assign", "release"):
            row.locator(f"td.{step} a").click()
            seen[step] = closed_modal(formgrader)
            row.locator("td.edit a").wait_for(timeout=180_000)
        hand_in_through(exchange, tree)
        row.locator("td.collect a").click()
        seen["collect"] = closed_modal(formgrader)
        page.goto(f"{url}/formgrader/manage_submissions/{NAME}")
        for learner in ("ada", "ben"):
            mine = page.locator("tr", has=page.locator(f"td.student-id:text-is('{learner}')"))
            mine.locator("td.autograde a").click(timeout=180_000)
            seen[f"autograde {learner}"] = closed_modal(page)
            seen[f"status {learner}"] = mine.locator("td.status").inner_text()
        page.goto(f"{url}/formgrader/gradebook/{NAME}/{NAME}")
        page.get_by_role("link", name=re.compile("Submission #1")).click(timeout=180_000)
        page.locator(".nbgrader_cell").first.wait_for(timeout=180_000)
        seen["page"] = page.locator("body").inner_text()
    context.close()
    rows = gradebook.scores(f"sqlite:///{tree / 'class/gradebook.db'}", [NAME])
    seen["scores"] = {row["learner"]: (row["score"], row["max_score"]) for row in rows}
    nbgrader(tree, "autograde", NAME, "--force", env={"COURSE_EXCHANGE": str(exchange)})
    seen["by command"] = gradebook.scores(f"sqlite:///{tree / 'class/gradebook.db'}", [NAME])
    seen["by button"] = rows
    return seen


def closed_modal(where) -> str:
    """The title of formgrader's message, which is then closed."""
    modal = where.locator(".modal.in")
    modal.wait_for(timeout=180_000)
    title = modal.locator(".modal-title").inner_text()
    modal.locator("button", has_text="OK").click()
    modal.wait_for(state="hidden", timeout=180_000)
    return title


def hand_in_through(exchange: Path, tree: Path) -> None:
    """Two submissions as nbgrader's submit leaves them in the exchange: one right, one that is no notebook."""
    questions = questions_of(tree / f"autograder/source/{NAME}/{NAME}.ipynb", load_bank(tree / "autograder/questions"))
    for name, way in (("ada", "right"), ("ben", "broken answers")):
        time = "2026-03-02 13:00:00.000000 UTC"
        folder = exchange / f"bpo-vs-kpo/inbound/{name}+{NAME}+{time}+x"
        hand_in(folder, tree / "exercises" / NAME, NAME, questions, Learner(name, way))
        (folder / "timestamp.txt").write_text(time)
    (folder / f"{NAME}.ipynb").write_bytes(b"not a notebook")


def test_formgrader_generates_releases_and_collects(desk):
    assert {step: desk[step] for step in ("assign", "release", "collect")} == dict.fromkeys(
        ("assign", "release", "collect"), "Success"
    )
    root = Path(__file__).resolve().parents[3]
    for name in (f"{NAME}.ipynb", "questions.json"):
        assert (desk["tree"] / "exercises" / NAME / name).read_bytes() == (
            root / "exercises" / NAME / name
        ).read_bytes()


def test_the_button_grades_also_what_cannot_be_read(desk):
    full = desk["scores"]["ada"][1]
    assert full > 0 and desk["scores"] == {"ada": (full, full), "ben": (0, full)}
    assert (
        desk["autograde ada"] == desk["autograde ben"] == "Success"
        and desk["status ada"] == desk["status ben"] == "graded"
    )
    receipt = json.loads((desk["tree"] / f"class/receipts/ben/{NAME}/{NAME}.json").read_bytes())
    assert receipt["verdict"] == "unreadable submission" and "not JSON" in " ".join(receipt["remarks"])


def test_button_and_command_give_the_same_grades(desk):
    assert desk["by button"] == desk["by command"]


def test_the_graded_page_shows_verdicts_and_asks_no_other_machine(desk):
    assert "points." in desk["page"] and ("Your answer:" in desk["page"] or "cannot be read" in desk["page"])
    assert desk["outside"] == []
