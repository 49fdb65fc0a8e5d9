"""The task sorter: invented tasks to put into BPO, KPO, both or neither, each with its reason."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import traitlets as t

from courseware.widgets.base import EXPLORER, CourseWidget, module
from outsourcing import evidence, tasks


def _task(task: tasks.Task, root: str) -> dict:
    """A task as the page needs it: each fact with the address of its row."""
    found = [evidence.fact(id) for id in task.facts]
    links = [{"id": fact.id, "url": f"{root}{fact.page.removeprefix('book/')}.html#{fact.anchor}"} for fact in found]
    return {**asdict(task), "facts": links}


class TaskSorter(CourseWidget):
    """One task at a time, two tries, then the answer and its reason.

    Progress stays in the reader's browser; `placed` holds the answers so far.
    """

    _esm = module(EXPLORER, Path(__file__).parent / "sorter.js")
    title = t.Unicode("BPO, KPO, both or neither?").tag(sync=True)
    bins = t.Dict().tag(sync=True)
    in_order = ("bins",)
    tasks = t.List(t.Dict()).tag(sync=True)
    placed = t.Dict(help="task id -> bin, the latest answer").tag(sync=True)

    def __init__(self, root: str = "../", **traits):
        """`root` is the way from the page to the book's parts."""
        traits.setdefault("bins", tasks.BINS)
        traits.setdefault("tasks", [_task(task, root) for task in tasks.tasks()])
        super().__init__(**traits)

    def right(self) -> list[str]:
        """Ids of the tasks whose latest answer is right."""
        return [task["id"] for task in self.tasks if self.placed.get(task["id"]) == task["answer"]]
