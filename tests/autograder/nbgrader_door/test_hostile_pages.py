"""An instructor opens a hostile class in a real browser: formgrader, JupyterLab and feedback run nothing of a learner's.

The same probe sees what is let through: the same files in the instructor's own folder, on the same server, do run.
"""

from __future__ import annotations

import json
import re
import time
from urllib.parse import quote

import pytest
from hostile_class import IDS, PAGES, PLAIN, make

from autograder.nbgrader_door.desk import NOT_A_COURSE
from autograder.nbgrader_door.guard import NOT_SAVED

LISTS = ("manage_assignments", "manage_submissions/quiz", "gradebook", "gradebook/quiz", "manage_students")


class Seen:
    """What ran in the browser, by the word that it said; what a page's policy refused, and what broke."""

    def __init__(self, page):
        self.ran: set[str] = set()
        self.refused: list[str] = []
        self.errors: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _hear(self, message) -> None:
        if found := re.match(r"RAN (\S+)", message.text):
            self.ran.add(found[1])
        elif "Content Security Policy" in message.text:
            self.refused.append(message.text)

    def taken(self) -> set[str]:
        ran, self.ran = self.ran, set()
        return ran


def links(page, where: str) -> set[str]:
    return set(page.locator(f"{where} a[href]").evaluate_all("all => all.map(a => a.getAttribute('href'))"))


def leads(found: set[str]) -> set[str]:
    """The links that leave the page."""
    return {link for link in found if not link.startswith("#")}


def asked(page, address: str, **options) -> tuple[int, str]:
    answer = page.request.fetch(address, **options)
    return answer.status, answer.text()


@pytest.fixture(scope="module")
def desk(tmp_path_factory, browser, lab):
    """Everything is opened once; what was seen, by place."""
    folder = tmp_path_factory.mktemp("hostile") / "course"
    tiny = make(folder)
    ran = folder.parent / "ran"
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    page = context.new_page()
    seen = Seen(page)
    found: dict = {"formgrader": {}, "files": {}, "lab": {}, "folder": folder}
    with lab(folder, cwd=folder) as url:
        open_formgrader(page, url, seen, found)
        found["refused"] = list(seen.refused)
        for whose in ("own", f"submitted/{PLAIN}/quiz", f"autograded/{PLAIN}/quiz"):
            open_files(page, url, whose, seen, found)
            open_notebook(page, url, whose, seen, found)
        for whose in ("own-python", f"submitted/{PLAIN}/quiz"):
            found["kernel", whose] = asked(
                page,
                f"{url}/api/kernels",
                method="POST",
                data=json.dumps({"name": "python3", "path": f"{whose}/quiz.ipynb"}),
            )[0]
        handed_in = folder / f"submitted/{PLAIN}/quiz/quiz.ipynb"
        before = handed_in.read_bytes()
        model = {"type": "notebook", "format": "json", "content": json.loads(before)}
        saved = f"{url}/api/contents/submitted/{PLAIN}/quiz/quiz.ipynb"
        found["save"] = asked(page, saved, method="PUT", data=json.dumps(model)), handed_in.read_bytes() == before
        for path in (
            folder / f"submitted/{PLAIN}/quiz",
            folder.parent,
            folder / "own-python",
        ):  # the last one is opened: it comes last
            found["config", path] = asked(page, f"{url}/formgrader?path={quote(str(path))}")
        deadline = time.monotonic() + 60
        while not (ran / "kernel-own").exists() and time.monotonic() < deadline:
            time.sleep(0.2)
        found["python"] = {path.name for path in ran.iterdir()}
    for path in sorted((tiny.folder / "feedback").rglob("*.html")):
        page.goto(path.as_uri())
    found["feedback"] = seen.taken()
    context.close()
    return found


def open_formgrader(page, url: str, seen: Seen, found: dict) -> None:
    for name in LISTS:
        page.goto(f"{url}/formgrader/{name}")
        page.locator("#main-table tr td").nth(1).wait_for(timeout=60_000)
        page.locator("input[type=search]").fill("ada")
        found["formgrader"][name] = seen.taken()
    page.goto(f"{url}/formgrader/manage_students")
    page.get_by_text("Add new student...").click()
    found["own script"] = page.locator(".modal.in .modal-title").inner_text(timeout=30_000)
    for learner in IDS:
        for path in (quote(learner, safe=""), f"{quote(learner, safe='')}/quiz"):
            page.goto(f"{url}/formgrader/manage_students/{path}")
            page.wait_for_load_state("networkidle")  # an id with a backslash has no rows: nbgrader does not find it
            page.mouse.move(300, 300)
            found["formgrader"][path] = seen.taken()
    page.goto(f"{url}/formgrader/gradebook/quiz/quiz")
    page.locator("#main-table td.name a").nth(len(IDS)).wait_for(timeout=60_000)
    page.locator("#toggle_names").click()
    found["names"] = page.locator("a.name-shown:visible").count()
    addresses = [
        one
        for one in page.locator("#main-table td.name a").evaluate_all("all => all.map(a => a.href)")
        if "/submissions/" in one
    ]
    for address in sorted(set(addresses)):
        page.goto(address)
        page.locator("#notebook .text_cell_render").first.wait_for(timeout=60_000)
        page.locator(".glyphicon-eye-open.name-hidden").click()
        page.locator("a.name-shown").wait_for(timeout=30_000)
        page.wait_for_timeout(300)
        found["formgrader"][address] = seen.taken()
        found.setdefault("links", set()).update(links(page, "#notebook"))
    found["submissions"] = len(set(addresses))


def open_files(page, url: str, whose: str, seen: Seen, found: dict) -> None:
    for name in PAGES:
        for way in ("files", "view") if name == "page.html" else ("files",):
            page.goto(f"{url}/{way}/{whose}/{name}")
            page.wait_for_timeout(400)
    page.goto(f"{url}/nbconvert/html/{whose}/quiz.ipynb")
    page.wait_for_timeout(400)
    found["files"][whose] = seen.taken()


def open_notebook(page, url: str, whose: str, seen: Seen, found: dict) -> None:
    page.goto(f"{url}/lab/tree/{whose}/quiz.ipynb?reset")
    page.locator(".jp-MarkdownOutput").first.wait_for(timeout=120_000)
    deadline = time.monotonic() + (40 if whose == "own" else 8)
    while "widget" not in seen.ran and time.monotonic() < deadline:
        page.wait_for_timeout(200)
    found["links", whose] = links(page, ".jp-Notebook")
    found["commands", whose] = page.locator(".jp-Notebook [data-commandlinker-command]").count()
    found["lab"][whose] = seen.taken()


def test_formgrader_runs_nothing_of_a_learners(desk):
    assert {place: ran for place, ran in desk["formgrader"].items() if ran} == {}
    assert len(desk["formgrader"]) == len(LISTS) + 2 * len(IDS) + desk["submissions"]
    assert leads(desk["links"]) == {"https://example.org/"}


def test_formgraders_own_scripts_run(desk):
    assert desk["own script"] == "Add New Student" and desk["submissions"] == desk["names"] == len(IDS) + 1


@pytest.mark.parametrize("whose", [f"submitted/{PLAIN}/quiz", f"autograded/{PLAIN}/quiz"])
def test_jupyterlab_runs_nothing_of_a_learners(desk, whose):
    assert desk["lab"][whose] == set() and desk["commands", whose] == 0
    assert leads(desk["links", whose]) == {"https://example.org/"}


@pytest.mark.parametrize("whose", [f"submitted/{PLAIN}/quiz", f"autograded/{PLAIN}/quiz"])
def test_no_file_of_a_learners_runs_in_the_browser(desk, whose):
    assert desk["files"][whose] == set()


def test_the_probe_sees_what_is_let_through(desk):
    assert desk["files"]["own"] >= {"html", "xhtm", "svg"} and "widget" in desk["lab"]["own"]
    assert desk["python"] >= {"kernel-own", "config-own"}


def test_no_kernel_and_no_configuration_of_a_learners(desk):
    assert {name for name in desk["python"] if name.endswith("theirs")} == set()
    assert desk["kernel", f"submitted/{PLAIN}/quiz"] == 201, "a kernel starts, elsewhere"
    for path in (desk["folder"] / f"submitted/{PLAIN}/quiz", desk["folder"].parent):
        status, said = desk["config", path]
        assert (status, said) == (403, NOT_A_COURSE)
    assert desk["config", desk["folder"] / "own-python"][0] == 200


def test_what_was_handed_in_is_not_saved_over(desk):
    (status, said), unchanged = desk["save"]
    assert status == 403 and NOT_SAVED in said and unchanged


def test_feedback_runs_nothing(desk):
    assert desk["feedback"] == set()
