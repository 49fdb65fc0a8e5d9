"""Tasks to sort into BPO, KPO, both or neither. The tasks are invented; each reason rests on facts of the tables."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from outsourcing import evidence

BINS = {"bpo": "BPO", "kpo": "KPO", "both": "both", "neither": "neither"}
TABLE = evidence.DATA / "tasks.csv"


@dataclass(frozen=True)
class Task:
    """One task: `short` names it in a list, `answer` is a key of BINS, `facts` are ids of the evidence tables."""

    id: str
    short: str
    text: str
    answer: str
    why: str
    facts: list[str]


def tasks(path: Path = TABLE) -> list[Task]:
    """The tasks in the table's order.

    Raises evidence.TableError, with file and line, for an unknown bin, a repeated id, or a fact that does not exist.
    """
    found: list[Task] = []
    for line, row in evidence.read(path):
        facts = [id.strip() for id in row["facts"].split(";") if id.strip()]
        task = Task(row["id"], row["short"], row["task"], row["answer"], row["why"], facts)
        if task.answer not in BINS:
            raise evidence.TableError(
                f"{path}:{line}: {task.id} has the answer '{task.answer}'. Use one of: {', '.join(BINS)}."
            )
        if any(task.id == other.id for other in found):
            raise evidence.TableError(f"{path}:{line}: the id {task.id} stands twice. Give this task an id of its own.")
        unknown = [id for id in task.facts if id not in evidence.facts()]
        if unknown or not task.facts:
            raise evidence.TableError(
                f"{path}:{line}: {task.id} rests on {', '.join(unknown) or 'no fact'}. Use ids of the fact tables."
            )
        found.append(task)
    return found
