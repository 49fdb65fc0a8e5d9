"""Real parts for the tests: the built book, Chromium, JupyterLab, nbgrader. A missing part fails; nothing is skipped."""

from __future__ import annotations

import csv
import fcntl
import functools
import http.server
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# Chromium loads two pages of its own for the address bar of each new window, which nobody sees here: a third of the time of a page's load.
# No name and no address but this machine's is found, so that every request to another host fails.
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
BIN = Path(sys.executable).parent
os.environ["PATH"] = f"{BIN}{os.pathsep}{os.environ['PATH']}"  # nbgrader and JupyterLab call their own tools by name
os.environ.setdefault("JUPYTER_PLATFORM_DIRS", "1")


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def reference_checks() -> list[dict]:
    """Numbers that others published: rows of tests/data/reference_checks.csv with JSON inputs and expected values."""
    with open(ROOT / "tests/data/reference_checks.csv", newline="", encoding="utf8") as file:
        return [
            {**row, "inputs": json.loads(row["inputs"]), "expected": json.loads(row["expected"])}
            for row in csv.DictReader(file)
        ]


@pytest.fixture(scope="session")
def built_book(tmp_path_factory) -> Path:
    """The book's HTML, from `make build`: every warning is an error. Of the test processes the first that needs it builds it,
    while the others go on with what needs no book. BOOK_HTML names one already built."""
    if os.environ.get("BOOK_HTML"):
        return Path(os.environ["BOOK_HTML"]).resolve()
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    with open(shared / "book.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "book.built").exists():
            run = subprocess.run(["make", "build"], cwd=ROOT, capture_output=True, text=True)
            assert run.returncode == 0, run.stdout[-4000:] + run.stderr[-8000:]
            (shared / "book.built").touch()
    return ROOT / "_build/html"


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="session")
def book_url(built_book) -> str:
    """Address of the built book on a local server that only serves files."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(built_book)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture(scope="session")
def browser():
    """Chromium, found or refused by .ci/browser.py."""
    from playwright.sync_api import sync_playwright

    found = subprocess.run([sys.executable, ROOT / ".ci/browser.py"], capture_output=True, text=True)
    assert found.returncode == 0, found.stderr
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found.stdout.split()[-1], args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


class Watch:
    """What a page asked for outside this machine, and what it wrote to the console as errors."""

    def __init__(self):
        self.outside: list[str] = []
        self.errors: list[str] = []


class Window:
    """A browser window with storage of its own. Opening one and compiling the book's scripts in it takes most of the time of a
    page's load, so the tests use one after another; each gets it empty."""

    def __init__(self, browser):
        self.context = browser.new_context(accept_downloads=True)
        self.page = self.context.new_page()
        self.context.on("request", self._asked)
        self.page.on(
            "console", lambda message: self.watch.errors.append(message.text) if message.type == "error" else None
        )
        self.page.on("pageerror", lambda error: self.watch.errors.append(str(error)))

    def _asked(self, request):
        if not re.match(r"(https?|wss?)://(127\.0\.0\.1|localhost)[:/]|(data|blob|file):", request.url):
            self.watch.outside.append(request.url)
        if request.is_navigation_request():
            self.origins.add("/".join(request.url.split("/")[:3]))

    def open(self, url: str, width: int, height: int, dark: bool) -> tuple:
        self.watch, self.origins = Watch(), set()
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.emulate_media(media="screen", color_scheme="dark" if dark else "light")
        self.page.goto(url)
        return self.page, self.watch

    def emptied(self) -> bool:
        """Whether nothing of this test is left in it. Storage can only be emptied from a page of its origin."""
        for other in self.context.pages:
            if other != self.page:
                other.close()
        self.context.clear_permissions()
        self.page.mouse.move(0, 0)
        # a page that lets nobody at its storage goes with its window
        emptied = self.page.evaluate(
            "() => { try { localStorage.clear(); sessionStorage.clear(); return true; } catch { return false; } }"
        )
        self.page.goto("about:blank")
        return emptied and len(self.origins) == 1


@pytest.fixture(scope="session")
def _windows(browser):
    """The window that is free, if there is one."""
    free: list[Window] = []
    yield free
    for window in free:
        window.context.close()


@pytest.fixture
def open_page(browser, _windows):
    """open_page(url, width=1280, dark=False) -> (page, watch). Every request to another host fails (CHROMIUM_FLAGS) and is noted.

    `alone`: for a test that changes the window itself (its scripts, its routes, its deadlines), or opens another program's page.
    """
    used, thrown_away = [], []

    def open_(url: str, width: int = 1280, dark: bool = False, height: int = 900, alone: bool = False):
        window = _windows.pop() if _windows and not alone else Window(browser)
        (thrown_away if alone or used else used).append(window)
        return window.open(url, width, height, dark)

    yield open_
    for window in used:
        if window.emptied():
            _windows.append(window)
        else:
            window.context.close()
    for window in thrown_away:
        window.context.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def jupyter_lab(folder: Path, *, cwd: Path | None = None, env: dict | None = None):
    """A real JupyterLab on `folder`; yields its address (without a token: it listens on 127.0.0.1 only, for the test)."""
    port = free_port()
    home = Path(folder).parent / "lab-home"
    home.mkdir(exist_ok=True)
    settings = {
        **os.environ,
        "HOME": str(home),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "IPYTHONDIR": str(home / "ipython"),
        **(env or {}),
    }
    command = [
        BIN / "jupyter-lab",
        "--no-browser",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        f"--ServerApp.root_dir={folder}",
        "--IdentityProvider.token=",
        "--ServerApp.disable_check_xsrf=True",
        "--allow-root",
        "--LabApp.news_url=",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]
    log = open(home / "lab.log", "wb")
    process = subprocess.Popen(command, cwd=cwd or folder, env=settings, stdout=log, stderr=subprocess.STDOUT)
    try:
        url = f"http://127.0.0.1:{port}"
        for _ in range(960):
            try:
                urllib.request.urlopen(f"{url}/api/status", timeout=5).read()
                break
            except OSError:
                assert process.poll() is None, (home / "lab.log").read_text()[-3000:]
                time.sleep(0.25)
        else:
            raise AssertionError("JupyterLab did not start: " + (home / "lab.log").read_text()[-3000:])
        yield url
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
        log.close()


@pytest.fixture(scope="session")
def lab():
    """lab(folder) -> context manager of a real JupyterLab's address."""
    return jupyter_lab


@pytest.fixture
def copy_of(tmp_path):
    """copy_of("exercises") -> a copy that the test may change."""

    def copy(name: str) -> Path:
        return Path(shutil.copytree(ROOT / name, tmp_path / name))

    return copy
