"""The assignment `location` by keyboard alone in a real JupyterLab, with two restarts; handed in through the exchange and as a bare notebook."""

from __future__ import annotations

import csv
import json
import re
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from nbgrader.utils import get_username
from test_chain import wait_until
from tree import copy_tree, nbgrader

from courseware.answers import ANSWERS_FILE, carried, read_answers
from courseware.questions import KINDS, load_bank

NAME = "location"
COLLECT = r"--FileNameCollectorPlugin.named_regexp=.*/(?P<student_id>\w+)_(?P<file_id>location\.ipynb)"
ROUNDS = 3  # the kernel is restarted between them
AT_HAND = "([selector, text]) => document.activeElement.matches(selector) && document.activeElement.textContent.includes(text ?? '')"


class Keyboard:
    """Keys only: nothing here moves a mouse or sets a focus."""

    def __init__(self, page):
        self.page, self.keys = page, page.keyboard

    def press(self, key: str, times: int = 1) -> None:
        for _ in range(times):
            self.keys.press(key)

    def tab_to(self, selector: str, text: str = "", most: int = 120) -> None:
        """Press Tab until the element with the focus matches."""
        for _ in range(most):
            if self.page.evaluate(AT_HAND, [selector, text]):
                return
            self.press("Tab")
        raise AssertionError(f"{most} times Tab did not reach {selector}")

    def palette(self, command: str) -> None:
        """Find a command in JupyterLab's palette and run it."""
        self.press("Control+Shift+C")
        self.page.wait_for_function(AT_HAND, arg=[".lm-CommandPalette-input"])
        self.keys.type(command)
        self.page.locator(".lm-CommandPalette-item.lm-mod-active").get_by_text(command, exact=True).wait_for()
        self.press("Enter")

    def answer(self, question, raw) -> None:
        """Go on to the question by Tab and give the answer as a learner would."""
        here = f'section[data-question="{question.id}"]'
        body, options = question.public(), [option["id"] for option in question.body.get("options", [])]
        if question.kind == "choice":
            self.pick(f"{here} input", options.index(raw))
        elif question.kind == "choices":
            for id_ in (id_ for id_ in options if id_ in raw):
                self.tab_to(f'{here} input[value="{id_}"]')
                self.press("Space")
        elif question.kind == "classify":
            for item in body["items"]:
                self.pick(f'{here} [data-item="{item["id"]}"] input', list(body["categories"]).index(raw[item["id"]]))
        elif question.kind == "number":
            self.tab_to(f"{here} input")
            self.keys.type(raw)
            self.press("Tab")
        elif question.kind == "order":
            self.sort(here, raw)
        elif question.kind == "decision":
            for n, weight in enumerate(raw["weights"].values(), 1):
                self.tab_to(f"{here} .cw-field:nth-child({n}) input[type=range]")
                self.press("ArrowRight" if weight > 5 else "ArrowLeft", abs(weight - 5))
            self.pick(f"{here} input[type=radio]", options.index(raw["choice"]))
        else:
            self.write(here, raw)

    def pick(self, radios: str, n: int) -> None:
        self.tab_to(radios)
        self.press("ArrowDown", n) if n else self.press("Space")

    def sort(self, here: str, order: list[str]) -> None:
        """The items one after the other, each up to its place."""
        moved = 0
        for n, id_ in enumerate(order):
            rows = self.page.locator(f"{here} [data-item]").evaluate_all("rows => rows.map(row => row.dataset.item)")
            if up := rows.index(id_) - n:
                self.tab_to(f'{here} [data-item="{id_}"] button[aria-label^="Move up"]')
                self.press("Enter", up)
                moved += up
        if not moved:
            self.tab_to(f"{here} .cw-order + button")
            self.press("Enter")

    def write(self, here: str, source: str) -> None:
        """Escape leaves the question for its cell; the function is written in the cell above, run, and tried."""
        attempt = f"{here} .cw-bar button"
        self.tab_to(attempt)
        self.press("Escape")
        self.press("ArrowUp")
        self.press("Enter")
        self.page.wait_for_function(AT_HAND, arg=[".cm-content"])
        self.press("Control+a")
        self.keys.insert_text(source)
        self.run_above(here)
        self.tab_to(attempt)
        self.press("Enter")
        self.page.locator(here).get_by_text(re.compile(r"\d of \d examples? gives? what is expected")).wait_for()

    def run_above(self, here: str) -> None:
        """Run the cell that is being edited; the question's cell below it is then at hand. A busy JupyterLab may drop the command."""
        prompt = (
            self.page.locator(f".jp-Cell:has({here})")
            .locator("xpath=preceding-sibling::*[1]")
            .locator(".jp-InputPrompt")
        )
        for _ in range(4):
            self.press("Shift+Enter")
            self.page.wait_for_function(AT_HAND, arg=[".jp-Cell"])
            assert (
                self.page.evaluate("document.activeElement.querySelector('[data-question]').dataset.question") in here
            ), "the next cell is at hand"
            with suppress(AssertionError):
                wait_until(lambda: re.search(r"\d", prompt.inner_text()), 20)
                return
            self.press("ArrowUp")
        raise AssertionError(f"the cell above {here} was not run: {prompt.inner_text()!r}")


def plan() -> list[tuple]:
    """(question, raw answer, its credit) of each question in the order of the notebook: two right, then one half right or wrong."""
    bank = load_bank(Path(__file__).resolve().parents[3] / "autograder/questions")
    released = json.loads((Path(__file__).resolve().parents[3] / f"exercises/{NAME}/questions.json").read_bytes())[
        "questions"
    ]
    found = []
    for n, question in enumerate(bank[entry["id"]] for entry in released):
        kind = KINDS[question.kind]
        usable = [
            sample
            for sample in kind.samples(question)
            if sample.verdict in ("correct", "partly", "wrong")
            and not kind.unfinished(question.public(), kind.parse(sample.raw))
        ]
        wanted = next(sample for sample in usable if (sample.credit == 1) is (n % 3 < 2))
        raw = str(wanted.raw) if question.kind == "number" else wanted.raw  # a number is typed
        found.append((question, raw, wanted.credit))
    return found


def kept(folder: Path) -> dict:
    return {
        id_: answer.answer for id_, answer in read_answers((folder / ANSWERS_FILE).read_bytes(), NAME).answers.items()
    }


def saved(keyboard: Keyboard, folder: Path, last: tuple) -> bool:
    """Save the notebook; whether it holds the last answer. An order counts as answered from its first move on, with others still to come."""
    keyboard.press("Control+s")
    question, raw, _ = last
    outputs = carried(json.loads((folder / f"{NAME}.ipynb").read_bytes())["cells"])
    return bool(outputs) and getattr(read_answers(outputs[-1]).answers.get(question.id), "answer", None) == raw


def by_keyboard(browser, url: str, folder: Path, wanted: list[tuple]) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    page.set_default_timeout(90_000)
    keyboard, total = Keyboard(page), len(wanted)
    page.goto(f"{url}/lab?reset")
    page.locator(".jp-LauncherCard").first.wait_for()  # it takes the focus when it opens
    keyboard.palette("Assignment List")
    page.get_by_role("button", name="Fetch", exact=True).wait_for()
    keyboard.tab_to("button", "Fetch")
    keyboard.press("Enter")
    page.get_by_role("button", name="Submit", exact=True).wait_for()

    # without what was open before: the palette acts on the tab in front
    page.goto(f"{url}/lab/tree/{NAME}/{NAME}.ipynb?reset")
    page.locator(".jp-Notebook").wait_for()
    page.get_by_text("| Idle").wait_for()
    for n in range(ROUNDS):
        if n:
            before = page.locator(".cw-question").first.element_handle()
            keyboard.palette("Restart Kernel and Run All Cells…")
            page.wait_for_function(AT_HAND, arg=[".jp-Dialog button.jp-mod-accept"])
            keyboard.press("Enter")
            page.wait_for_function("old => !old.isConnected", arg=before)
        else:
            keyboard.palette("Run All Cells")
        part = wanted[n * total // ROUNDS : (n + 1) * total // ROUNDS]
        said = page.locator(".jp-Cell").last
        said.get_by_text(f"{n * total // ROUNDS} of {total} answered.").wait_for()
        page.get_by_text("| Idle").wait_for()  # after a restart the text may be that of before
        keyboard.tab_to(f'a[href="#question-{part[0][0].id}"]')
        keyboard.press("Enter")  # the link in the last cell takes the focus to the question
        page.wait_for_function(AT_HAND, arg=[f'[data-question="{part[0][0].id}"] *'])
        for question, raw, _ in part:
            keyboard.answer(question, raw)
    said.get_by_text(f"{total} of {total} answered.").wait_for()
    wait_until(lambda: saved(keyboard, folder, wanted[-1]))

    keyboard.palette("Assignment List")
    page.get_by_role("button", name="Submit", exact=True).wait_for()
    keyboard.tab_to("button", "Submit")
    keyboard.press("Enter")
    page.get_by_text("There are no submitted assignments.").wait_for(state="hidden")
    page.close()


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory, browser, lab):
    """(what was to be answered, the learner's folder, the rows of nbgrader's export by learner)."""
    top = tmp_path_factory.mktemp("keyboard")
    tree, env, wanted = copy_tree(top / "course"), {"COURSE_EXCHANGE": str(top / "exchange")}, plan()
    nbgrader(tree, "generate_assignment", NAME, "--force", env=env)
    nbgrader(tree, "release_assignment", NAME, env=env)
    work = top / "learner/work"
    work.mkdir(parents=True)
    with lab(work, cwd=work, env={**env, "JUPYTER_CONFIG_PATH": str(tree)}) as url:
        by_keyboard(browser, url, work / NAME, wanted)
    nbgrader(tree, "collect", NAME, env=env)

    uploads = tree / f"class/downloaded/{NAME}/archive"
    uploads.mkdir(parents=True)
    with zipfile.ZipFile(uploads / "uploads.zip", "w") as archive:
        archive.write(work / NAME / f"{NAME}.ipynb", f"uploader_{NAME}.ipynb")
    nbgrader(tree, "zip_collect", NAME, COLLECT, env=env)
    assert [path.name for path in (tree / f"class/submitted/uploader/{NAME}").glob("*.*")] == [f"{NAME}.ipynb"]

    nbgrader(tree, "autograde", NAME, env=env)
    nbgrader(tree, "export", "--to", str(top / "grades.csv"), env=env)
    with open(top / "grades.csv", newline="", encoding="utf8") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file) if row["assignment"] == NAME}
    return wanted, work / NAME, rows


def test_every_answer_is_kept_as_it_was_given(handed_in):
    wanted, folder, _ = handed_in
    found = kept(folder)
    kinds = {question.id: KINDS[question.kind] for question, _, _ in wanted}
    assert {id_: kinds[id_].parse(raw) for id_, raw in found.items()} == {
        question.id: kinds[question.id].parse(raw) for question, raw, _ in wanted
    }
    assert {question.kind for question, _, _ in wanted} == set(KINDS) - {"written", "artefact"}


def test_the_exchange_and_the_bare_notebook_give_the_same_score(handed_in):
    wanted, _, rows = handed_in
    expected = sum(question.points * credit for question, _, credit in wanted)
    assert {name: float(row["raw_score"]) for name, row in rows.items()} == pytest.approx(
        {get_username(): expected, "uploader": expected}
    )
    assert 0 < expected < sum(question.points for question, _, _ in wanted)
