"""The instructor's server: nothing of a learner's runs on formgrader's pages or in JupyterLab.

`install` puts it into the handlers of the Jupyter server that has loaded nbgrader's formgrader, from the next request on: a course may be
opened when the server has run for long. A page of formgrader runs its own scripts and no other: each is given a word that nobody else
knows (a nonce), and what stands in an attribute is known by its hash. Names and ids are escaped. No configuration is read in a folder of
learners' files; `guard` says what the server does with the files themselves.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import secrets
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

from jinja2 import Environment, FileSystemLoader
from tornado import web

from . import guard
from .evidence import Folders, folders_of

NOT_A_COURSE = (
    "Formgrader opens a course only where it lies in this server's folder, and not among learners' files: "
    "reading its nbgrader_config.py runs that file."
)
FILES = ("files/", "view/", "nbconvert/")
NOTHING_RUNS = "sandbox; default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'"
# What is left in the page of work that stock nbgrader graded asks no other machine for anything, by a style sheet for example.
ITS_OWN = (
    "default-src 'self' data:; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
    "form-action 'self'; base-uri 'none'; object-src 'none'; frame-src 'none'"
)
_HANDLER = re.compile(r'\son\w+="([^"{]*)"', re.IGNORECASE)
_SCRIPT = re.compile(r"<script\b")
_TEXT = re.compile(r'"\{\{ ([\w.]+) \}\}"(?=;)')  # a text that a script is given
_RESOURCE = re.compile(r"\{\{ (resources\.\w+) \}\}")
_nonce = [""]  # of the page that is being written; a server writes one at a time


def install() -> None:
    """Put it into Jupyter's and nbgrader's handlers, once a process."""
    from jupyter_server.base.handlers import JupyterHandler
    from nbgrader.server_extensions.formgrader import handlers
    from nbgrader.server_extensions.formgrader.base import BaseHandler
    from nbgrader.server_extensions.validate_assignment.handlers import ValidateAssignmentHandler

    if hasattr(JupyterHandler, "_stock_policy"):
        return
    JupyterHandler._stock_policy = JupyterHandler.content_security_policy
    own = _own_handlers(Path(handlers.template_path))
    stock_exporter, stock_get = BaseHandler.exporter.fget, handlers.FormgraderHandler.get

    def policy(self) -> str:
        stock, folders = self._stock_policy, _folders_on(self.settings)
        if folders is None:
            return stock
        path = unquote(self.request.path).removeprefix(self.settings["base_url"]).lstrip("/")
        if path.startswith("formgrader/submissions/") and "." in path.rpartition("/")[2]:
            return f"{NOTHING_RUNS}; {stock}"
        if path == "formgrader" or path.startswith("formgrader/"):
            return f"script-src 'nonce-{_nonce_of(self)}' 'unsafe-hashes' {own}; {ITS_OWN}; {stock}"
        if path.startswith(FILES) and _is_theirs(folders(), path):
            return f"{NOTHING_RUNS}; {stock}"
        return stock

    def render(self, name: str, **values) -> str:
        _folders_on(self.settings)
        _nonce[0] = _nonce_of(self)
        return self.settings["nbgrader_jinja2_env"].get_template(name).render(**values)

    def exporter(self):
        _folders_on(self.settings)
        _nonce[0] = _nonce_of(self)
        return stock_exporter(self)

    def get(self):
        path, folders = self.get_argument("path", ""), _folders_on(self.settings)()
        if path and (not _is_within(path, folders.root) or folders.holds(path)):
            self.set_status(403)
            self.set_header("Content-Type", "text/plain; charset=UTF-8")
            self.finish(NOT_A_COURSE)
            return None
        stock_get(self)
        _write_pages_by(self.settings)  # a course's configuration says how
        return None

    JupyterHandler.content_security_policy = property(policy)
    BaseHandler.render, BaseHandler.exporter = render, property(exporter)
    handlers.FormgraderHandler.get = web.authenticated(get)
    guard.validate_none(ValidateAssignmentHandler, _folders_on)


def _folders_on(settings: dict) -> Callable[[], Folders] | None:
    """What tells the folders of learners' work on the server of these settings, which is made ready at first; None without formgrader.

    Every handler's headers come through here before the handler does anything.
    """
    app = settings.get("nbgrader_formgrader")
    if app is None or "learners_folders" in settings:
        return settings.get("learners_folders")
    from nbgrader.server_extensions.formgrader import handlers

    settings["nbgrader_jinja2_env"] = _pages(handlers.template_path)
    _write_pages_by(settings)
    courses: set[Folders] = set()

    def folders() -> Folders:  # formgrader may have turned to another course; where it was is not forgotten
        courses.add(folders_of(app.coursedir, app.root_dir))
        return Folders.together(courses)

    settings["learners_folders"] = folders
    guard.show_only(settings["contents_manager"], folders, app.root_dir)
    guard.start_elsewhere(settings["kernel_manager"], folders)
    return folders


def _write_pages_by(settings: dict) -> None:
    """Make what writes the page of a submission, by the configuration of the course that formgrader is at."""
    from nbconvert.exporters import HTMLExporter
    from nbgrader.server_extensions.formgrader import handlers

    exporter = HTMLExporter(config=settings["nbgrader_formgrader"].config)
    exporter.environment.loader = _Marked(exporter.environment.loader, handlers.template_path)
    exporter.environment.globals["nonce"] = lambda: _nonce[0]
    settings["nbgrader_exporter"] = exporter


class _Marked(FileSystemLoader):
    """Templates of formgrader's own (those below `folder`), whose scripts carry the page's nonce; what a script or a page is told of a
    course is data to it. Those of nbconvert's stay as they are: a script in them is an output's."""

    def __init__(self, stock, folder: str):
        super().__init__([])
        self._stock, self._folder = stock, folder

    def get_source(self, environment, template):
        # nbgrader's page for a missing file asks for a template by a name that it has no more
        known = {"formgrade_macros.tpl": "formgrade/formgrade_macros.html.j2"}.get(template, template)
        text, place, fresh = self._stock.get_source(environment, known)
        if not Path(place).is_relative_to(self._folder):
            return text, place, fresh
        text = _SCRIPT.sub('<script nonce="{{ nonce() }}"', _TEXT.sub(r"{{ \1 | tojson }}", text))
        return (text if environment.autoescape else _RESOURCE.sub(r"{{ \1 | e }}", text)), place, fresh

    def list_templates(self):
        return self._stock.list_templates()


def _pages(folder: str) -> Environment:
    environment = Environment(loader=_Marked(FileSystemLoader([folder]), folder), autoescape=True)
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


def _is_theirs(folders: Folders, path: str) -> bool:
    """Is this the address of a learner's file? `nbconvert/FORMAT/path` names a format first."""
    rest = path.split("/", 2 if path.startswith("nbconvert/") else 1)[-1]
    return folders.holds(folders.root / rest.lstrip("/"))
