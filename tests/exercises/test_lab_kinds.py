"""Questions of the newer kinds in a real JupyterLab: each change is kept, undone, counted and there again; functions are tried."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from test_lab import Desk

from courseware.questions import KINDS, dump_release, load_questions

DEMOS = Path(__file__).resolve().parents[1] / "data/kinds"
CHOICES, ORDER, NUMBER = "demo-11", "demo-12", "demo-13"


@pytest.fixture(scope="module")
def desk(tmp_path_factory, lab, browser):
    """The demonstrations of these kinds in JupyterLab, run."""
    folder = tmp_path_factory.mktemp("kinds") / "exercises" / "kinds"
    folder.mkdir(parents=True)
    questions = [
        load_questions(DEMOS / f"{kind}.yml")[0]
        for kind in ("code", "choices", "order", "number", "written", "decision", "artefact")
    ]
    (folder / "questions.json").write_bytes(dump_release("kinds", questions))
    sources = ["from courseware import ask, progress"]
    for question in questions:
        sources += [KINDS[question.kind].starter(question)] if hasattr(KINDS[question.kind], "CELL") else []
        sources += [f'ask("{question.id}")']
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}}
    cells = [nbformat.v4.new_code_cell(source) for source in [*sources, "progress()"]]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), folder / "kinds.ipynb")
    with lab(folder.parent) as url:
        # JupyterLab draws only the cells in view
        context = browser.new_context(viewport={"width": 1280, "height": 4000})
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto(f"{url}/lab/tree/kinds/kinds.ipynb")
        page.locator(".jp-Notebook .jp-Cell").first.wait_for()
        page.get_by_text(re.compile(r"Python 3 \(ipykernel\) \| Idle")).wait_for()
        found = Desk(page, folder, "kinds")
        found.run_all()
        yield found
        context.close()


def test_each_change_is_kept_undone_counted_and_comes_back(desk):
    page = desk.page
    cells = page.locator(".jp-Notebook .jp-Cell").count()

    here = desk.question(CHOICES)
    here.get_by_role("checkbox", name="The pay a month").check()
    here.get_by_role("checkbox", name="The age of the firm").check()
    desk.until(lambda: desk.kept()[CHOICES] == ["pay", "age"])
    here.get_by_text(re.compile(r"^2 selected\. Saved \d\d:\d\d\.$")).wait_for()
    for id_ in (CHOICES, ORDER, NUMBER):  # each question says how far the learner is
        desk.question(id_).get_by_text(re.compile(r"^Question \d of 7 · 2 points · 1 of 7 answered$")).wait_for()
    here.get_by_role("button", name="Undo").click()
    desk.until(lambda: desk.kept()[CHOICES] == ["pay"])

    here = desk.question(ORDER)
    start = [node.get_attribute("data-item") for node in here.get_by_role("listitem").all()]
    name = here.get_by_role("listitem").first.locator(".cw-item").inner_text()
    here.get_by_role("button", name=f"Move down: {name}").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    moved = [start[1], start[2], start[0], start[3]]
    desk.until(lambda: desk.kept()[ORDER] == moved)
    here.get_by_text(re.compile(rf"^{name}, now 3 of 4\. Saved")).wait_for()
    page.keyboard.press("ArrowDown")  # none of these goes to the notebook
    page.keyboard.press("b")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == f"Move down: {name}"
    here.get_by_role("button", name="Undo").click()
    here.get_by_role("button", name="Undo").click()
    desk.until(lambda: desk.kept()[ORDER] is None)
    here.get_by_role("button", name="This is my order").click()
    desk.until(lambda: desk.kept()[ORDER] == start)

    field = desk.question(NUMBER).get_by_role("textbox", name="Your number in billion USD")
    field.fill("7")
    choice = desk.question("demo-10").get_by_role("radio", name="India")
    choice.click()
    assert choice.is_checked(), "what is said of a number that was left moves nothing from under the pointer"
    for id_ in ("demo-10", NUMBER):
        desk.question(id_).get_by_role("button", name="Undo").click()
    desk.until(lambda: desk.kept()["demo-10"] is None and desk.kept()[NUMBER] is None)
    field.press_sequentially("1,234")
    desk.question(NUMBER).get_by_text("can be read in two ways").wait_for()
    desk.counted("2 of 7 answered.")
    field.fill("525,7")
    desk.until(lambda: desk.kept()[NUMBER] == "525,7")
    desk.counted("3 of 7 answered. Still missing: demo-08, demo-09, demo-10")
    assert page.locator(".jp-Notebook .jp-Cell").count() == cells

    before = desk.kept()
    desk.restart_and_run_all()
    assert field.input_value() == "525,7" and desk.question(CHOICES).get_by_role("checkbox", checked=True).count() == 1
    assert [node.get_attribute("data-item") for node in desk.question(ORDER).get_by_role("listitem").all()] == start
    assert desk.question(ORDER).get_by_role("button", name="This is my order").count() == 0 and desk.kept() == before


def test_a_function_a_text_and_a_decision_are_kept_and_a_loop_can_be_stopped(desk):
    page, code, text = (
        desk.page,
        desk.question("demo-08"),
        desk.question("demo-09").get_by_role("textbox", name="Your answer"),
    )
    attempt, cell = code.get_by_role("button", name="Try the examples"), page.locator(".jp-CodeCell .cm-content").nth(1)

    def write(body):
        prompt = page.locator(".jp-CodeCell").nth(1).locator(".jp-InputPrompt")
        before = prompt.inner_text()
        cell.click()
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.insert_text(f"def cagr(start, end, years):\n    {body}")
        page.keyboard.press("Shift+Enter")
        # the kernel has run the new text before the button is pressed
        desk.until(lambda: re.search(r"\d", now := prompt.inner_text()) and now != before)
        attempt.click()

    write("return (end / start) ** (1 / years) - 1")
    code.get_by_text("1 of 2 examples gives what is expected.").wait_for()
    assert "ZeroDivisionError" in code.get_by_role("row", name="cagr(0, 121, 2)").inner_text()
    desk.until(lambda: "(1 / years)" in desk.kept()["demo-08"])
    write("while True: pass")
    code.get_by_text("No answer yet: the kernel is busy or stopped.").wait_for()
    desk.menu("Kernel", "kernelmenu:interrupt")
    code.get_by_text("was interrupted").wait_for()
    assert desk.until(lambda: "while True" in desk.kept()["demo-08"])

    text.press_sequentially("In Manila ")  # by keyboard: JupyterLab takes none of the keys
    desk.until(lambda: desk.kept()["demo-09"] == "In Manila ")
    text.press_sequentially("for cost and talk", delay=30)
    text.press("Tab")
    desk.until(lambda: desk.kept()["demo-09"] == "In Manila for cost and talk")
    assert text.input_value() == "In Manila for cost and talk", "what Python kept meanwhile takes nothing back"
    assert page.evaluate("document.activeElement.tagName") != "TEXTAREA", "Tab leaves the text"
    desk.question("demo-09").get_by_role("button", name="Undo").click()
    desk.until(lambda: desk.kept()["demo-09"] == "In Manila ")

    weigh = desk.question("demo-10")
    weigh.get_by_role("slider", name="English", exact=True).focus()
    page.keyboard.press("ArrowLeft")
    desk.until(lambda: desk.kept()["demo-10"] == {"weights": {"cost": 5, "talk": 4, "risk": 5}, "choice": None})
    weigh.get_by_text("Choose one option.").wait_for()
    weigh.get_by_role("radio", name="India").check()
    desk.counted("demo-09 (2 words of 5 to 8)")


def test_a_piece_of_work_is_marked_and_filled_by_keyboard(desk):
    page, work = desk.page, desk.question("demo-16")
    rows = [row.get_attribute("data-part") for row in work.locator("tr[data-part]").all()]
    work.get_by_role("combobox", name="Mark: Invoice INV-4").focus()
    page.keyboard.press("N")  # Not ordered; JupyterLab takes no key
    desk.until(lambda: desk.kept()["demo-16"] == {"marks": {"r4": "order"}})
    work.get_by_text(re.compile(r"^1 mark\. Saved \d\d:\d\d\. 2 of 2 fields are empty\.$")).wait_for()
    work.get_by_role("button", name="Net").focus()
    page.keyboard.press("Enter")
    assert [row.get_attribute("data-part") for row in work.locator("tr[data-part]").all()] == [
        "r2",
        "r1",
        "r3",
        "r5",
        "r4",
    ]
    work.get_by_role("combobox", name="Who is asked first?").select_option("buyer")
    work.get_by_role("textbox", name="What is paid today in EUR").press_sequentially("320")
    whole = {"marks": {"r4": "order"}, "fields": {"next": "buyer", "total": "320"}}
    desk.until(lambda: desk.kept()["demo-16"] == whole)
    work.get_by_role("button", name="Undo").click()
    desk.until(lambda: desk.kept()["demo-16"]["fields"] == {"next": "buyer"})
    assert rows == ["r1", "r2", "r3", "r4", "r5"]
    desk.restart_and_run_all()
    assert work.locator("[data-part=r4] select").input_value() == "order"
    assert work.get_by_role("combobox", name="Who is asked first?").input_value() == "buyer"
