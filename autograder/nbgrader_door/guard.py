"""What a Jupyter server does with learners' files: they are shown and not changed, and nothing of them is run."""

from __future__ import annotations

import inspect
import os
import tempfile
from collections.abc import Callable
from typing import Any

from tornado import web

from .evidence import Folders, shown, shown_file, shown_graded

NOT_SAVED = (
    "This is learners' work as it was handed in: it is shown, and not changed. To try something, save a copy elsewhere."
)
NOT_TAKEN = (
    "What learners handed in is not taken elsewhere as it is: there it would be a file like your own. "
    "Copy a notebook by itself: the copy has what you see."
)
NOT_VALIDATED = "This notebook is a learner's. Validating it would run it with your rights, and what lies beside it: autograde it instead."


def show_only(manager: Any, folders: Callable[[], Folders], root: str) -> None:
    """Let the server's contents manager show notebooks that were handed in as text and pictures, save over no file, and take none
    elsewhere as it is. New files may be put there. Notebooks that were graded are shown without what JupyterLab would act on."""
    stock_get, stock_save, stock_restore = manager.get, manager.save, manager.restore_checkpoint
    stock_rename, stock_copy = manager.rename, manager.copy

    def place(path: str) -> str:
        return os.path.join(root, path.strip("/"))

    def reduced(model: dict, path: str) -> dict:
        handed_in = folders().holds_handed_in(place(path))
        if model["type"] == "directory" or not (handed_in or folders().holds(place(path))):
            return model
        content = model.get("content")
        if model["type"] == "notebook" and content:
            import nbformat

            model["content"] = nbformat.from_dict((shown if handed_in else shown_graded)(content))
        elif isinstance(content, str) and model["format"] == "text":
            model["content"] = shown_file(path, content)
        return {**model, "writable": False} if handed_in else model

    def refuse(path: str) -> None:
        if folders().holds_handed_in(place(path)):
            raise web.HTTPError(403, NOT_SAVED)

    def get(path, *arguments, **named):
        return reduced(stock_get(path, *arguments, **named), path)

    async def get_awaited(path, *arguments, **named):
        return reduced(await stock_get(path, *arguments, **named), path)

    coming: set[str] = set()  # files that are being uploaded, part by part

    def save(model, path=""):
        file, part = place(path), model.get("chunk")
        new = not os.path.lexists(file)
        if new and part == 1:
            coming.add(file)
        if not new and file not in coming:
            refuse(path)
        if part == -1:
            coming.discard(file)
        return stock_save(model, path)

    def restore_checkpoint(checkpoint_id, path):  # a learner can hand in a checkpoint too
        refuse(path)
        return stock_restore(checkpoint_id, path)

    def rename(old_path, new_path):
        if folders().holds_handed_in(place(old_path)) and not folders().holds_handed_in(place(new_path)):
            raise web.HTTPError(403, NOT_TAKEN)
        return stock_rename(old_path, new_path)

    def copy(from_path, to_path=None):  # of a folder, Jupyter copies the files as they are
        if os.path.isdir(place(from_path)) and folders().holds_handed_in(place(from_path)):
            raise web.HTTPError(403, NOT_TAKEN)
        return stock_copy(from_path, to_path)

    manager.get, manager.save = get_awaited if inspect.iscoroutinefunction(stock_get) else get, save
    manager.restore_checkpoint, manager.rename, manager.copy = restore_checkpoint, rename, copy


def start_elsewhere(manager: Any, folders: Callable[[], Folders]) -> None:
    """No kernel starts in a folder of learners' files: Python would take modules from there, its own among them."""
    stock = manager.cwd_for_path
    made: list[tempfile.TemporaryDirectory] = []  # they go when the server ends

    def cwd_for_path(path, **named):
        found = stock(path, **named)
        if not folders().holds(found):
            return found
        made.append(tempfile.TemporaryDirectory(prefix="beside-learners-files-", ignore_cleanup_errors=True))
        return made[-1].name

    manager.cwd_for_path = cwd_for_path


def validate_none(handler: Any, folders_on: Callable[[dict], Callable[[], Folders] | None]) -> None:
    """Let nbgrader's button *Validate*, whose `handler` this is, run no notebook of learners'. Once a process."""
    stock = handler.validate_notebook

    def validate_notebook(self, path: str) -> dict:
        folders = folders_on(self.settings)
        if folders is not None and folders().holds(folders().root / path.strip("/")):
            return {"success": False, "value": NOT_VALIDATED}
        return stock(self, path)

    handler.validate_notebook = validate_notebook
