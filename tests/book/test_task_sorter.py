"""The task sorter on its chapter's page: for a reader with a mouse, with a keyboard, on a phone, and from a folder of files."""

from __future__ import annotations

import json
import re

import pytest
from widget_page import READY, saved_csv, status

from outsourcing import evidence, tasks
from outsourcing.widgets import TaskSorter

TASKS = tasks.tasks()
LABELS = tasks.BINS


def place(widget, label):
    widget.get_by_role("radio", name=label, exact=True).check()
    widget.get_by_role("button", name=re.compile("^Check")).click()


def wrong(task):
    return next(LABELS[key] for key in LABELS if key != task.answer)


def test_sorter_right_and_wrong_with_reasons_and_links(opened):
    page, widget = opened("TaskSorter")
    first, second = TASKS[:2]
    assert status(widget, "tasks sorted") == f"0 of {len(TASKS)} tasks sorted, 0 right at the first try."
    widget.get_by_role("button", name="Check").click()
    assert widget.locator(".cw-verdict").inner_text() == "Choose one of the four first."
    place(widget, LABELS[first.answer])
    assert first.why in widget.locator(".cw-verdict").inner_text()
    link = widget.get_by_role("link").first
    assert link.get_attribute("href") == f"../reference/figures.html#{evidence.fact(first.facts[0]).anchor}"
    widget.get_by_role("button", name="Next task").click()
    place(widget, wrong(second))
    assert "One more try" in widget.locator(".cw-verdict").inner_text() and second.why not in widget.inner_text()
    place(widget, LABELS[second.answer])
    assert status(widget, "^2 of") == f"2 of {len(TASKS)} tasks sorted, 1 right at the first try."
    assert (
        widget.get_by_role("region", name=f"Sorted into: {LABELS[first.answer]}")
        .inner_text()
        .startswith(f"{LABELS[first.answer]}\n{first.short}")
    )


def test_sorter_by_keyboard_to_the_end_and_again(opened):
    page, widget = opened("TaskSorter")
    keys = list(LABELS)
    widget.get_by_role("radio", name="BPO", exact=True).focus()
    for number, task in enumerate(TASKS):
        page.keyboard.press("Space")
        for _ in range(keys.index(task.answer)):
            page.keyboard.press("ArrowRight")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        if number < len(TASKS) - 1:
            assert page.evaluate("document.activeElement.textContent") == "Next task"
            page.keyboard.press("Enter")
    assert (
        status(widget, "^All")
        == f"All {len(TASKS)} sorted: {len(TASKS)} right at the first try, 0 at the second, 0 tasks missed."
    )
    assert not widget.get_by_role("button", name="Repeat those not right at first").is_visible()


def test_sorter_keeps_repeats_and_resets(opened):
    page, widget = opened("TaskSorter")
    place(widget, LABELS[TASKS[0].answer])
    widget.get_by_role("button", name="Next task").click()
    place(widget, wrong(TASKS[1]))
    place(widget, wrong(TASKS[1]))
    assert widget.locator(".cw-verdict").inner_text().startswith(f"It is {LABELS[TASKS[1].answer]}.")
    kept = json.loads(page.evaluate("localStorage.getItem('course-along-tasks')"))
    assert kept["schema"] == 1 and set(kept["tasks"]) == {"t01", "t02"}
    assert kept["tasks"]["t02"] | {"time": "", "page": ""} == {
        "answer": "bpo" if TASKS[1].answer != "bpo" else "kpo",
        "first": "bpo" if TASKS[1].answer != "bpo" else "kpo",
        "tries": 2,
        "right": False,
        "done": True,
        "time": "",
        "page": "",
    }
    page.reload()
    page.wait_for_function(READY)
    status(widget, "^2 of 15 tasks sorted, 1 right at the first try")
    assert widget.get_by_text("Task 3 of 15").is_visible()
    widget.get_by_role("button", name="Repeat those not right at first").click()
    status(widget, "^1 of 15")
    assert widget.get_by_text("Task 2 of 15").is_visible()
    rows = saved_csv(page, widget.get_by_role("button", name="Download as CSV"))
    assert [row[2] for row in rows[1:4]] == ["right at try 1", "open", "open"] and rows[2][3] == "", (
        "no reason before the task is done"
    )
    widget.get_by_role("button", name="Reset").click()
    status(widget, "^0 of 15")
    assert json.loads(page.evaluate("localStorage.getItem('course-along-tasks')"))["tasks"] == {}


def test_sorter_survives_what_is_kept_by_an_older_edition(opened):
    page, widget = opened("TaskSorter")
    for kept in (
        "{",
        '{"schema": 2}',
        json.dumps(
            {
                "schema": 1,
                "tasks": {
                    "t99": {"tries": 1, "answer": "bpo", "right": True, "done": True},
                    "t01": {"tries": 1, "answer": "kpo", "right": True, "done": True},
                },
            }
        ),
    ):
        page.evaluate("(kept) => localStorage.setItem('course-along-tasks', kept)", kept)
        page.reload()
        page.wait_for_function(READY)
        status(widget, "^0 of 15")


def test_tasks_cover_the_four_bins_and_rest_on_facts(tmp_path):
    assert 12 <= len(TASKS) <= 16
    assert min(sum(task.answer == key for task in TASKS) for key in LABELS) >= 3
    for old, new, says in (
        ("t02,", "t01,", "the id t01 stands twice"),
        (",bpo,", ",bop,", "Use one of: bpo, kpo, both, neither"),
        ("D10 ; D13", "D99 ; D13", "t01 rests on D99"),
    ):
        broken = tmp_path / "tasks.csv"
        broken.write_text(tasks.TABLE.read_text("utf8").replace(old, new, 1), "utf8")
        with pytest.raises(evidence.TableError, match=re.escape(says)):
            tasks.tasks(broken)
    sorter = TaskSorter(placed={"t01": "bpo", "t02": "kpo"})
    assert sorter.right() == ["t01"]
    assert sorter.tasks[0]["facts"][0]["url"] == "../reference/figures.html#D10"
