"""The whole way of an assignment through nbgrader and its exchange: one learner in JupyterLab by clicking, four by files."""

from __future__ import annotations

import csv
import json
import os
import random
import re
import time
from pathlib import Path

import pytest
import yaml
from nbgrader.utils import get_username
from tree import ROOT, copy_tree, nbgrader

from autograder.rehearsal import invented
from autograder.rehearsal.rehearse import inside
from courseware.answers import ANSWERS_FILE, Answer, Answers

NAME = "differences"
BANK = [
    entry
    for entry in yaml.safe_load((ROOT / f"autograder/questions/{NAME}.yml").read_text(encoding="utf8"))
    if entry["use"] == "graded"
]
CLICKER = get_username()
UNANSWERED = 2  # the clicker's last questions are still open when the notebook is validated


def asked() -> list[dict]:
    """The bank's entries that the assignment asks, in its order; straight from the YAML and the released notebook."""
    entries = {entry["id"]: entry for entry in BANK}
    cells = json.loads((ROOT / f"exercises/{NAME}/{NAME}.ipynb").read_bytes())["cells"]
    return [
        entries[cell["metadata"]["nbgrader"]["grade_id"]]
        for cell in cells
        if cell["metadata"].get("nbgrader", {}).get("grade")
    ]


def right(entry):
    if entry["kind"] == "classify":
        return {item["id"]: item["answer"] for item in entry["items"]}
    if entry["kind"] == "order":
        return [item["id"] for item in entry["items"]]
    if entry["kind"] == "number":
        return str(entry["answer"])
    chosen = [option["id"] for option in entry["options"] if option.get("correct")]
    return chosen if entry["kind"] == "choices" else chosen[0]


def wrong(entry):
    if entry["kind"] == "classify":
        return {
            item["id"]: next(category for category in entry["categories"] if category != item["answer"])
            for item in entry["items"]
        }
    if entry["kind"] == "order":
        return right(entry)[::-1]
    if entry["kind"] == "number":
        return str(entry["mistakes"][0]["value"])
    chosen = [option["id"] for option in entry["options"] if not option.get("correct")]
    return chosen if entry["kind"] == "choices" else chosen[0]


def half(n, entry):
    """Of the items to sort the first half placed, and placed right; every second of the other questions right. With the points that it must earn."""
    if entry["kind"] != "classify":
        return (right(entry), entry["points"]) if n % 2 == 0 else (wrong(entry), 0)
    placed = dict(list(right(entry).items())[: len(entry["items"]) // 2])
    return placed, entry["points"] * len(placed) / len(entry["items"])


class Learner:
    """A learner with a folder of their own, who fetches and submits with nbgrader and writes answers as a file."""

    def __init__(self, name: str, folder: Path, config):
        from nbgrader.auth import Authenticator
        from nbgrader.coursedir import CourseDirectory
        from nbgrader.exchange import ExchangeFactory

        self.name, self.folder = name, folder
        folder.mkdir(parents=True)
        self.directory = CourseDirectory(config=config, student_id=name, assignment_id=NAME)
        self.tools = {"coursedir": self.directory, "authenticator": Authenticator(config=config), "config": config}
        self.exchange = ExchangeFactory(config=config)

    def fetch(self) -> Path:
        with inside(self.folder):
            self.exchange.FetchAssignment(**self.tools).start()
        return self.folder / NAME

    def answer(self, raws: dict) -> None:
        kinds = {entry["id"]: entry["kind"] for entry in BANK}
        answers = Answers(
            NAME, invented.SAVED, {id_: Answer(id_, kinds[id_], raw, None, invented.SAVED) for id_, raw in raws.items()}
        )
        (self.folder / NAME / ANSWERS_FILE).write_text(json.dumps(answers.as_json()), encoding="utf8")

    def submit(self) -> None:
        with inside(self.folder):
            self.exchange.Submit(**self.tools).start()


def complaints(notebook: Path) -> list[str]:
    """What nbgrader's own Validator says about the cells that fail, one line a cell."""
    from nbgrader.validator import Validator

    return [entry["raw_error"].strip() for entry in Validator().validate(str(notebook)).get("failed", [])]


@pytest.fixture(scope="module")
def chain(tmp_path_factory, browser, lab):
    """The chain, run once; yields what was seen on the way."""
    top = tmp_path_factory.mktemp("chain")
    tree, seen = copy_tree(top / "course"), {}
    env = {"COURSE_EXCHANGE": str(top / "exchange")}
    nbgrader(tree, "generate_assignment", NAME, "--force", env=env)
    for other in sorted({path.name for path in (tree / "autograder/source").iterdir()} - {NAME}):
        nbgrader(tree, "generate_assignment", other, "--force", env=env)
    seen["generated"] = {
        path.relative_to(tree): path.read_bytes() for path in sorted((tree / "exercises").rglob("*")) if path.is_file()
    }
    nbgrader(tree, "release_assignment", NAME, env=env)

    work = top / "learner/work"
    work.mkdir(parents=True)
    seen["clicker said"], seen["clicker validated"] = by_clicking(browser, lab, tree, work, env)

    from nbgrader.apps import NbGrader

    before = os.environ.get("COURSE_EXCHANGE")
    os.environ["COURSE_EXCHANGE"] = env["COURSE_EXCHANGE"]
    try:
        with inside(tree):
            app = NbGrader()
            app.load_config_file()
    finally:
        os.environ.pop("COURSE_EXCHANGE") if before is None else os.environ.update(COURSE_EXCHANGE=before)
    app.config.Exchange.cache = str(top / "cache")
    learners = {name: Learner(name, top / name, app.config) for name in ("half", "wrong", "empty", "broken")}
    for learner in learners.values():
        learner.fetch()
    learners["half"].answer({entry["id"]: half(n, entry)[0] for n, entry in enumerate(asked())})
    learners["wrong"].answer({entry["id"]: wrong(entry) for entry in asked()})
    learners["broken"].answer({entry["id"]: right(entry) for entry in asked()})
    for name in (f"{NAME}.ipynb", ANSWERS_FILE):
        path = learners["broken"].folder / NAME / name
        path.write_bytes(path.read_bytes()[: random.Random(1).randrange(50, 200)])
    seen["half validated"] = complaints(learners["half"].folder / NAME / f"{NAME}.ipynb")
    for learner in learners.values():
        learner.submit()

    nbgrader(tree, "collect", NAME, env=env)
    seen["autograde"] = nbgrader(tree, "autograde", NAME, env=env)
    nbgrader(tree, "generate_feedback", NAME, env=env)
    nbgrader(tree, "release_feedback", NAME, env=env)
    nbgrader(tree, "export", "--to", str(top / "grades.csv"), env=env)
    with open(top / "grades.csv", newline="", encoding="utf8") as file:
        seen["exported"] = {row["student_id"]: row for row in csv.DictReader(file) if row["assignment"] == NAME}
    seen |= {"tree": tree, "exchange": Path(env["COURSE_EXCHANGE"])}
    return seen


def by_clicking(browser, lab, tree: Path, work: Path, env: dict) -> tuple[str, list[str]]:
    """Fetch in JupyterLab's Assignment List, run all, click every right answer, save, submit.

    Returns what the last cell says, and what the Validator says while some are unanswered.
    """
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    entries = asked()
    with lab(work, cwd=work, env={**env, "JUPYTER_CONFIG_PATH": str(tree)}) as url:
        page.goto(f"{url}/lab?reset")
        page.get_by_role("menuitem", name="Nbgrader").click(timeout=90_000)
        page.get_by_role("menuitem", name="Assignment List").click()
        page.get_by_role("button", name="Fetch", exact=True).click(timeout=60_000)
        page.get_by_role("button", name="Submit", exact=True).wait_for(timeout=60_000)
        page.goto(f"{url}/lab/tree/{NAME}/{NAME}.ipynb")
        page.locator(".jp-Notebook").wait_for(timeout=90_000)
        page.get_by_text("| Idle").wait_for(timeout=90_000)
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        notebook = work / NAME / f"{NAME}.ipynb"
        for entry in entries[:-UNANSWERED]:
            click(page, entry)
        validated = complaints(notebook)
        for entry in entries[-UNANSWERED:]:
            click(page, entry)
        page.get_by_text(f"{len(entries)} of {len(entries)} answered.").last.wait_for(timeout=30_000)
        said = page.locator(".jp-Cell").last.inner_text()
        page.get_by_role("menuitem", name="File", exact=True).click()
        page.get_by_role("menuitem", name=re.compile("^Save Notebook(?! As)")).click()
        wait_until(lambda: f"{len(entries)} of {len(entries)} answered." in notebook.read_text(encoding="utf8"))
        page.goto(f"{url}/lab")
        page.get_by_role("menuitem", name="Nbgrader").click(timeout=90_000)
        page.get_by_role("menuitem", name="Assignment List").click()
        page.get_by_role("button", name="Submit", exact=True).click(timeout=60_000)
        page.get_by_text("There are no submitted assignments.").wait_for(state="hidden", timeout=60_000)
    page.close()
    return said, validated


def wait_until(condition, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"not within {seconds} s"
        time.sleep(0.2)


def click(page, entry: dict) -> None:
    """Answer one question rightly, and wait until it says that it is saved."""
    widget = page.locator(f'section[data-question="{entry["id"]}"]')
    widget.wait_for(timeout=90_000)
    widget.scroll_into_view_if_needed()
    if entry["kind"] in ("choice", "choices"):
        for option in [right(entry)] if entry["kind"] == "choice" else right(entry):
            widget.locator(f'input[value="{option}"]').click()
    elif entry["kind"] == "number":
        widget.get_by_role("textbox").fill(right(entry))
        widget.get_by_role("textbox").press("Tab")
    elif entry["kind"] == "order":
        for n, item in enumerate(right(entry)):
            for _ in range(
                widget.locator("[data-item]").evaluate_all("rows => rows.map(row => row.dataset.item)").index(item) - n
            ):
                widget.locator(f'[data-item="{item}"]').get_by_role("button", name="Move up").click()
    else:
        for item, category in right(entry).items():
            row = widget.locator(f'[data-item="{item}"]')
            radio = row.locator(f'input[value="{category}"]')
            radio.click() if radio.count() else row.locator("select").select_option(category)
    widget.get_by_text("Saved", exact=False).wait_for(timeout=30_000)


def test_exercises_are_what_generating_them_gives(chain):
    committed = {
        path.relative_to(ROOT): path.read_bytes()
        for path in sorted((ROOT / "exercises").rglob("*"))
        if path.is_file() and ".ipynb_checkpoints" not in path.parts
    }
    assert chain["generated"] == committed, "Run `nbgrader generate_assignment NAME --force` and commit exercises/."


def test_the_scores_are_exact(chain):
    entries = asked()
    full = sum(entry["points"] for entry in entries)
    expected = {
        CLICKER: full,
        "half": sum(half(n, entry)[1] for n, entry in enumerate(entries)),
        "wrong": 0,
        "empty": 0,
        "broken": 0,
    }
    assert 0 < expected["half"] < full
    assert {name: float(row["raw_score"]) for name, row in chain["exported"].items()} == pytest.approx(
        expected, abs=1e-9
    )
    assert {float(row["max_score"]) for row in chain["exported"].values()} == {full}


def test_each_submission_has_its_verdict(chain):
    verdicts = {
        name: json.loads((chain["tree"] / f"class/receipts/{name}/{NAME}/{NAME}.json").read_bytes())
        for name in chain["exported"]
    }
    assert {name: receipt["verdict"] for name, receipt in verdicts.items()} == {
        CLICKER: "graded",
        "half": "graded",
        "wrong": "graded",
        "empty": "graded",
        "broken": "unreadable submission",
    }
    assert {cell["verdict"] for cell in verdicts[CLICKER]["cells"]} == {"correct"} and not verdicts[CLICKER]["flags"]
    assert {cell["verdict"] for cell in verdicts["empty"]["cells"]} == {"unanswered"}


def test_validating_names_exactly_the_unanswered(chain):
    entries = asked()
    assert chain["clicker validated"] == [f"{entry['id']} is not answered yet." for entry in entries[-UNANSWERED:]]
    unfinished = [entry["id"] for entry in entries if entry["kind"] == "classify"]
    assert [line.split()[0] for line in chain["half validated"]] == unfinished


def test_the_last_cell_counts_and_the_notebook_alone_would_do(chain):
    from autograder.grading.kept import kept_answers
    from autograder.grading.submission import Submission
    from autograder.grading.transplant import read_cells
    from courseware.questions import load_bank

    assert f"{len(asked())} of {len(asked())} answered. Nothing is missing." in chain["clicker said"]
    raw = (chain["tree"] / f"class/submitted/{CLICKER}/{NAME}/{NAME}.ipynb").read_bytes()
    kept = kept_answers(Submission(raw, "", None, ""), read_cells(raw), NAME)
    assert {id_: answer.answer for id_, answer in kept.answers.answers.items()} == {
        entry["id"]: right(entry) for entry in asked()
    }
    assert set(kept.answers.answers) <= set(load_bank(chain["tree"] / "autograder/questions"))


def test_feedback_is_given_to_everyone_and_came_back_through_the_exchange(chain):
    for name in chain["exported"]:
        assert (chain["tree"] / f"class/feedback/{name}/{NAME}/{NAME}.html").stat().st_size > 5000
    assert len(list((chain["exchange"] / "bpo-vs-kpo/feedback").glob("*.html"))) == len(chain["exported"])
    page = (chain["tree"] / f"class/feedback/wrong/{NAME}/{NAME}.html").read_text(encoding="utf8")
    key = next(
        option["text"]
        for entry in asked()
        if entry["kind"] == "choice"
        for option in entry["options"]
        if option.get("correct")
    )
    assert key not in page
