"""The instructor's server: nothing of a learner's runs on formgrader's pages or in JupyterLab.

`install` puts it into nbgrader's formgrader, which puts it into the Jupyter server that it is loaded by. A page of formgrader runs its
own scripts and no other: each is given a word that nobody else knows (a nonce), and what stands in an attribute is known by its hash.
Names and ids are escaped. Notebooks that were handed in are shown as text and pictures, and not saved; no kernel starts, and no
configuration is read, in a folder of learners' files.
"""

from __future__ import annotations

import base64
import hashlib
import inspect
import os
import re
import secrets
import tempfile
from pathlib import Path
from urllib.parse import unquote

from jinja2 import Environment, FileSystemLoader
from tornado import web

from .evidence import Folders, folders_of, shown

NOT_SAVED = (
    "This is learners' work as it was handed in: it is shown, and not changed. To try something, save a copy elsewhere."
)
NOT_A_COURSE = (
    "Formgrader opens a course only where it lies in this server's folder, and not among learners' files: "
    "reading its nbgrader_config.py runs that file."
)
FILES = ("files/", "view/", "nbconvert/")
NOTHING_RUNS = "sandbox; default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'"
_HANDLER = re.compile(r'\son\w+="([^"{]*)"', re.IGNORECASE)
_SCRIPT = re.compile(r"<script\b")
_TEXT = re.compile(r'"\{\{ ([\w.]+) \}\}"(?=;)')  # a text that a script is given
_RESOURCE = re.compile(r"\{\{ (resources\.\w+) \}\}")
_nonce = [""]  # of the page that is being written; a server writes one at a time


def install() -> None:
    """Put it into formgrader, once a process."""
    from jupyter_server.base.handlers import JupyterHandler
    from nbgrader.server_extensions.formgrader import formgrader, handlers
    from nbgrader.server_extensions.formgrader.base import BaseHandler

    app = formgrader.FormgradeExtension
    if hasattr(app, "_stock_init_tornado_settings"):
        return
    app._stock_init_tornado_settings = app.init_tornado_settings
    own = _own_handlers(Path(handlers.template_path))
    stock_policy, stock_exporter, stock_get = (
        JupyterHandler.content_security_policy.fget,
        BaseHandler.exporter.fget,
        handlers.FormgraderHandler.get,
    )

    def init_tornado_settings(self, webapp) -> None:
        self._stock_init_tornado_settings(webapp)
        settings = webapp.settings
        settings["nbgrader_jinja2_env"] = _pages(handlers.template_path)
        environment = settings["nbgrader_exporter"].environment
        environment.loader = _Marked(environment.loader)
        environment.globals["nonce"] = lambda: _nonce[0]

        def folders() -> Folders:  # formgrader may have turned to another course
            return folders_of(self.coursedir, self.root_dir)

        settings["learners_folders"] = folders
        _show_only(settings["contents_manager"], folders, self.root_dir)
        _start_elsewhere(settings["kernel_manager"], folders)

    def policy(self) -> str:
        stock, folders = stock_policy(self), self.settings.get("learners_folders")
        if folders is None:
            return stock
        path = unquote(self.request.path).removeprefix(self.settings["base_url"]).lstrip("/")
        if path.startswith("formgrader/submissions/") and "." in path.rpartition("/")[2]:
            return f"{NOTHING_RUNS}; {stock}"
        if path == "formgrader" or path.startswith("formgrader/"):
            return f"script-src 'nonce-{_nonce_of(self)}' 'unsafe-hashes' {own}; base-uri 'none'; object-src 'none'; {stock}"
        if path.startswith(FILES) and _is_theirs(folders(), self.settings, path):
            return f"{NOTHING_RUNS}; {stock}"
        return stock

    def render(self, name: str, **values) -> str:
        _nonce[0] = _nonce_of(self)
        return self.settings["nbgrader_jinja2_env"].get_template(name).render(**values)

    def exporter(self):
        _nonce[0] = _nonce_of(self)
        return stock_exporter(self)

    def get(self):
        path, folders = self.get_argument("path", ""), self.settings["learners_folders"]()
        if path and (not _is_within(path, folders.root) or folders.holds(path)):
            self.set_status(403)
            self.set_header("Content-Type", "text/plain; charset=UTF-8")
            self.finish(NOT_A_COURSE)
            return None
        return stock_get(self)

    app.init_tornado_settings = init_tornado_settings
    JupyterHandler.content_security_policy = property(policy)
    BaseHandler.render, BaseHandler.exporter = render, property(exporter)
    handlers.FormgraderHandler.get = web.authenticated(get)


class _Marked(FileSystemLoader):
    """Templates whose scripts carry the page's nonce, and what a script or a page is told of a course is data to it."""

    def __init__(self, stock):
        super().__init__([])
        self._stock = stock

    def get_source(self, environment, template):
        # nbgrader's page for a missing file asks for a template by a name that it has no more
        known = {"formgrade_macros.tpl": "formgrade/formgrade_macros.html.j2"}.get(template, template)
        text, place, fresh = self._stock.get_source(environment, known)
        text = _SCRIPT.sub('<script nonce="{{ nonce() }}"', _TEXT.sub(r"{{ \1 | tojson }}", text))
        return (text if environment.autoescape else _RESOURCE.sub(r"{{ \1 | e }}", text)), place, fresh

    def list_templates(self):
        return self._stock.list_templates()


def _pages(folder: str) -> Environment:
    environment = Environment(loader=_Marked(FileSystemLoader([folder])), autoescape=True)
    environment.globals["nonce"] = lambda: _nonce[0]
    return environment


def _own_handlers(folder: Path) -> str:
    """What formgrader's own pages do at a click, as a policy names it."""
    texts = {
        text for path in folder.rglob("*.*") if path.is_file() for text in _HANDLER.findall(path.read_text("utf8"))
    }
    hashes = sorted(base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in texts)
    return " ".join(f"'sha256-{one}'" for one in hashes)


def _nonce_of(handler) -> str:
    if not hasattr(handler, "_page_nonce"):
        handler._page_nonce = secrets.token_urlsafe(16)
    return handler._page_nonce


def _is_within(path: str, root: Path) -> bool:
    return all(Path(place).is_relative_to(root) for place in (os.path.abspath(path), os.path.realpath(path)))


def _is_theirs(folders: Folders, settings: dict, path: str) -> bool:
    """Is this the address of a learner's file? `nbconvert/FORMAT/path` names a format first."""
    rest = path.split("/", 2 if path.startswith("nbconvert/") else 1)[-1]
    return folders.holds(folders.root / rest)


def _show_only(manager, folders, root: str) -> None:
    """Let the server's contents manager show notebooks that were handed in as text and pictures, and save none of them."""
    stock_get, stock_save = manager.get, manager.save

    def reduced(model: dict, path: str) -> dict:
        if not folders().holds_handed_in(os.path.join(root, path.strip("/"))):
            return model
        if model["type"] == "notebook" and model.get("content"):
            import nbformat

            model["content"] = nbformat.from_dict(shown(model["content"]))
        return {**model, "writable": False} if model["type"] != "directory" else model

    def refuse(path: str) -> None:
        if folders().holds_handed_in(os.path.join(root, path.strip("/"))):
            raise web.HTTPError(403, NOT_SAVED)

    def get(path, *arguments, **named):
        return reduced(stock_get(path, *arguments, **named), path)

    async def get_awaited(path, *arguments, **named):
        return reduced(await stock_get(path, *arguments, **named), path)

    def save(model, path=""):
        refuse(path)
        return stock_save(model, path)

    manager.get, manager.save = get_awaited if inspect.iscoroutinefunction(stock_get) else get, save


def _start_elsewhere(manager, folders) -> None:
    """No kernel starts in a folder of learners' files: Python would take modules from there, its own among them."""
    stock = manager.cwd_for_path

    def cwd_for_path(path, **named):
        place = stock(path, **named)
        return tempfile.mkdtemp(prefix="beside-learners-files-") if folders().holds(place) else place

    manager.cwd_for_path = cwd_for_path
