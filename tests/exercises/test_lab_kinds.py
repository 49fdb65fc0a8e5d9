"""Questions of the kinds choices, order and number in a real JupyterLab: each change is kept, undone, counted and there again."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from test_lab import Desk

from courseware.questions import dump_release, load_questions

DEMOS = Path(__file__).resolve().parents[1] / "data/kinds"
CHOICES, ORDER, NUMBER = "demo-11", "demo-12", "demo-13"


@pytest.fixture
def desk(tmp_path, lab, open_page):
    folder = tmp_path / "exercises" / "kinds"
    folder.mkdir(parents=True)
    questions = [load_questions(DEMOS / f"{kind}.yml")[0] for kind in ("choices", "order", "number")]
    (folder / "questions.json").write_bytes(dump_release("kinds", questions))
    sources = ["from courseware import ask, progress", *(f'ask("{question.id}")' for question in questions), "progress()"]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}}
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), folder / "kinds.ipynb")
    with lab(folder.parent) as url:
        page, watch = open_page(f"{url}/lab/tree/kinds/kinds.ipynb", height=2400)
        page.set_default_timeout(60_000)
        page.locator(".jp-Notebook .jp-Cell").first.wait_for()
        page.get_by_text(re.compile(r"Python 3 \(ipykernel\) \| Idle")).wait_for()
        yield Desk(page, folder, "kinds")
        assert watch.outside == []


def test_each_change_is_kept_undone_counted_and_comes_back(desk):
    desk.run_all()
    page = desk.page
    cells = page.locator(".jp-Notebook .jp-Cell").count()

    here = desk.question(CHOICES)
    here.get_by_role("checkbox", name="The pay a month").check()
    here.get_by_role("checkbox", name="The age of the firm").check()
    desk.until(lambda: desk.kept()[CHOICES] == ["pay", "age"])
    here.get_by_text(re.compile(r"^2 selected\. Saved \d\d:\d\d\.$")).wait_for()
    for id_ in (CHOICES, ORDER, NUMBER):  # each question says how far the learner is
        desk.question(id_).get_by_text(re.compile(r"^Question \d of 3 · 2 points · 1 of 3 answered$")).wait_for()
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
    field.press_sequentially("1,234")
    desk.question(NUMBER).get_by_text("can be read in two ways").wait_for()
    desk.counted("2 of 3 answered.")
    field.fill("525,7")
    desk.until(lambda: desk.kept()[NUMBER] == "525,7")
    desk.counted("3 of 3 answered. Nothing is missing.")
    assert page.locator(".jp-Notebook .jp-Cell").count() == cells

    before = desk.kept()
    desk.restart_and_run_all()
    assert field.input_value() == "525,7" and desk.question(CHOICES).get_by_role("checkbox", checked=True).count() == 1
    assert [node.get_attribute("data-item") for node in desk.question(ORDER).get_by_role("listitem").all()] == start
    assert desk.question(ORDER).get_by_role("button", name="This is my order").count() == 0 and desk.kept() == before
