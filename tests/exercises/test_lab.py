"""A learner at work in a real JupyterLab: clicks and keys are kept at once, and are there again after the kernel was restarted, as text without one."""

from __future__ import annotations

import json
import re
import time
from contextlib import suppress

import nbformat
import pytest
from accessible import broken_rules
from playwright.sync_api import TimeoutError

from courseware.answers import ANSWERS_MIME, read_answers

WIDGET = """\
from pathlib import Path
from outsourcing.widgets import MarketGrowth
growth = MarketGrowth(revealed=True)
growth.observe(lambda change: Path("seen.txt").write_text(str(change.new)), "cagr")
growth"""


class Desk:
    """The notebook of an assignment, open in JupyterLab."""

    def __init__(self, page, folder, name):
        self.page, self.folder, self.name = page, folder, name

    def until(self, condition, seconds: float = 20):
        """Wait until `condition()` is true and no longer raises; what it returns."""
        end = time.monotonic() + seconds
        while True:
            try:
                if found := condition():
                    return found
            except (OSError, ValueError, KeyError):
                pass
            assert time.monotonic() < end, f"waited {seconds} s"
            self.page.wait_for_timeout(100)  # not time.sleep: the page's requests pass through this process

    def run_all(self):
        """Run all cells. A Lab that is still putting itself together may drop the command: then it is given again."""
        begun = self.page.locator(".jp-InputPrompt").get_by_text(re.compile(r"\[(\*|\d+)\]")).first
        for _ in range(3):
            self.menu("Run", "runmenu:run-all")
            with suppress(TimeoutError):
                begun.wait_for(timeout=15_000)
                break
        self.page.get_by_text(re.compile(r"\d+ of \d+ answered\.")).wait_for(timeout=60_000)

    def restart_and_run_all(self):
        before = self.page.locator(".cw-question").first.element_handle()
        self.menu("Run", "runmenu:restart-and-run-all")
        self.page.locator(".jp-Dialog button.jp-mod-accept").click()
        self.page.wait_for_function(
            "old => !old.isConnected && document.querySelectorAll('.cw-question').length", arg=before
        )
        self.page.get_by_text(re.compile(r"\d+ of \d+ answered\.")).wait_for(timeout=60_000)

    def menu(self, name, command):
        self.page.get_by_role("menuitem", name=name, exact=True).click()
        self.page.locator(f'.lm-Menu-item[data-command="{command}"]').click()

    def question(self, id_):
        return self.page.locator(f'.cw-question[data-question="{id_}"]')

    def counted(self, text):
        """Wait until the last cell says `text`; it is drawn anew at each change."""
        self.page.locator(".jp-OutputArea-output").get_by_text(text).wait_for()

    def kept(self):
        return {
            id_: answer.answer
            for id_, answer in read_answers((self.folder / "answers.json").read_bytes(), self.name).answers.items()
        }

    def save(self):
        path = self.folder / f"{self.name}.ipynb"
        before = path.stat().st_mtime_ns
        self.menu("File", "docmanager:save")
        # the server writes the file in place: on a busy machine it is there, and empty, for a moment
        return self.until(lambda: path.stat().st_mtime_ns != before and nbformat.read(path, 4))


@pytest.fixture
def desk(copy_of, lab, open_page):
    folder = copy_of("exercises") / "differences"
    path = folder / "differences.ipynb"
    notebook = nbformat.read(path, 4)
    notebook.cells.insert(1, nbformat.v4.new_code_cell(WIDGET))
    nbformat.write(notebook, path)
    with lab(folder.parent) as url:
        page, watch = open_page(f"{url}/lab/tree/differences/differences.ipynb", height=1000, alone=True)
        page.set_default_timeout(30_000)
        page.locator(".jp-Notebook .jp-Cell").first.wait_for()
        page.get_by_text(re.compile(r"Python 3 \(ipykernel\) \| Idle")).wait_for()
        yield Desk(page, folder, "differences")
        assert watch.outside == []


def test_answers_are_kept_at_each_click_come_back_and_read_as_text_without_a_kernel(desk):
    questions = json.loads((desk.folder / "questions.json").read_bytes())["questions"]
    total = len(questions)
    by_click, by_key = [question for question in questions if question["kind"] == "choice"][:2]
    sorting = next(question for question in questions if question["kind"] == "classify")
    desk.run_all()
    page = desk.page
    desk.counted(f"0 of {total} answered.")
    assert page.locator(".cw-question").count() == total

    # a slider of the library: Python sees each step
    rate = page.locator(".cw").get_by_role("slider", name=re.compile("growth|rate|CAGR", re.I)).first
    rate.focus()
    value = float(rate.input_value())
    page.keyboard.press("ArrowRight")
    assert desk.until(lambda: float((desk.folder / "seen.txt").read_text())) == float(rate.input_value()) > value

    # a choice by mouse: kept at once, said quietly, counted in the last cell without running it again
    box = desk.question(by_click["id"])
    box.get_by_role("radio", name=by_click["options"][1]["text"], exact=True).check()
    assert desk.until(desk.kept) == {by_click["id"]: by_click["options"][1]["id"]}
    box.get_by_text(re.compile(r"Saved \d\d:\d\d\.")).wait_for()
    desk.counted(f"1 of {total} answered.")

    # undo and clear
    box.get_by_role("radio", name=by_click["options"][0]["text"], exact=True).check()
    box.get_by_role("button", name="Undo").click()
    desk.until(lambda: desk.kept()[by_click["id"]] == by_click["options"][1]["id"])
    box.get_by_role("button", name="Clear my answer").click()
    desk.until(lambda: desk.kept()[by_click["id"]] is None)
    desk.counted(f"0 of {total} answered.")
    box.get_by_role("button", name="Undo").click()
    desk.counted(f"1 of {total} answered.")

    # a choice by keyboard: JupyterLab takes none of the keys
    desk.question(by_key["id"]).get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    desk.until(lambda: desk.kept().get(by_key["id"]) == by_key["options"][1]["id"])

    # a sorting question, at first not whole
    categories, items = list(sorting["categories"]), sorting["items"]
    wanted = {item["id"]: categories[n % len(categories)] for n, item in enumerate(items)}
    for item in items:
        if item is items[-1]:
            desk.question(sorting["id"]).get_by_text("1 of").wait_for()
            desk.counted(f"{sorting['id']} (1 of {len(items)} items is not placed yet)")
        desk.question(sorting["id"]).get_by_role(
            "radio", name=f"{item['text']}: {sorting['categories'][wanted[item['id']]]}", exact=True
        ).check()
    desk.until(lambda: desk.kept().get(sorting["id"]) == wanted)
    desk.counted(f"3 of {total} answered.")
    assert broken_rules(page, ".cw-question") == []

    # the saved notebook alone carries the answers, though its last cell was not run again
    outputs = desk.save().cells[-1].outputs
    assert read_answers(json.dumps(outputs[0].data[ANSWERS_MIME]).encode(), "differences") == read_answers(
        (desk.folder / "answers.json").read_bytes()
    )

    # after a restart everything is there again
    before = desk.kept()
    desk.restart_and_run_all()
    assert (
        desk.question(by_click["id"]).get_by_role("radio", name=by_click["options"][1]["text"], exact=True).is_checked()
    )
    assert desk.question(by_key["id"]).get_by_role("radio").nth(1).is_checked()
    assert desk.question(sorting["id"]).locator("input:checked").count() == len(items)
    desk.counted(f"3 of {total} answered.")
    assert desk.kept() == before

    # a kernel that is gone keeps nothing, and the page says so instead of pretending
    desk.save()
    desk.menu("Kernel", "kernelmenu:shutdown")
    page.get_by_text("No Kernel").first.wait_for()
    box = desk.question(by_click["id"])
    box.get_by_role("radio", name=by_click["options"][2]["text"], exact=True).check()
    box.get_by_text("Not saved yet: the kernel is busy or stopped.").wait_for()
    assert desk.kept() == before

    # opened again without a kernel the notebook reads as text
    text = page.locator(".cw-asleep").first
    assert not text.is_visible()
    page.reload()
    text.get_by_text(questions[0]["options"][0]["text"]).wait_for()
    assert text.get_by_text("choose Run, then Run All Cells").is_visible()
    assert (
        not text.locator("xpath=ancestor::*[contains(@class, 'jp-OutputArea ')]")
        .get_by_text("model not found")
        .is_visible()
    )
