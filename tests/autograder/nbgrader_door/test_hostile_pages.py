"""An instructor opens a hostile class in a real browser: formgrader, JupyterLab and feedback run nothing of a learner's.

The same probe sees what is let through: the same files in the instructor's own folder, on the same server, do run.
"""

from __future__ import annotations

import json
import re
import time
from urllib.parse import quote, urlsplit

import pytest
from hostile_class import IDS, PAGES, PLAIN, STOCK, STOLEN, make
from nbgrader.api import Gradebook

from autograder.nbgrader_door.desk import NOT_A_COURSE
from autograder.nbgrader_door.evidence import AS_TEXT
from autograder.nbgrader_door.guard import NOT_SAVED, NOT_TAKEN, NOT_VALIDATED

HANDED_IN, GRADED, BY_STOCK = f"submitted/{PLAIN}/quiz", f"autograded/{PLAIN}/quiz", f"autograded/{STOCK}/quiz"
EVERYONE = len(IDS) + 2
LISTS = ("manage_assignments", "manage_submissions/quiz", "gradebook", "gradebook/quiz", "manage_students")


class Seen:
    """What ran in the browser, by the word that it said (`stolen`: what was read was told elsewhere); the pages whose policy refused something."""

    def __init__(self, page):
        self.ran: set[str] = set()
        self.refused: set[str] = set()
        self._page = page
        page.on("console", self._hear)
        page.on("request", lambda request: self.ran.add("stolen") if request.url.startswith(STOLEN) else None)

    def _hear(self, message) -> None:
        if found := re.match(r"RAN (\S+)", message.text):
            self.ran.add(found[1])
        elif "Content Security Policy" in message.text:
            self.refused.add(urlsplit(self._page.url).path)

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
    found: dict = {"formgrader": {}, "files": {}, "lab": {}, "listing": {}, "acted on": {}, "folder": folder}
    with Gradebook(tiny.course.directory.db_url) as book:
        found["by stock"] = book.find_submission_notebook("quiz", "quiz", STOCK).id
    scratch = folder.parent / "scratch"
    scratch.mkdir()
    with lab(folder, cwd=folder, env={"TMPDIR": str(scratch)}) as url:
        open_formgrader(page, url, seen, found)
        found["refused"] = {path for path in seen.refused if found["by stock"] not in path}
        for whose in ("own", HANDED_IN, GRADED, BY_STOCK):
            open_files(page, url, whose, seen, found)
            open_notebook(page, url, whose, seen, found)
        open_submission_files(page, url, seen, found)
        charts = {whose: f"{url}/api/contents/{whose}/chart.vg.json" for whose in ("own", HANDED_IN, BY_STOCK)}
        found["charts"] = {whose: json.loads(asked(page, one)[1])["content"] for whose, one in charts.items()}
        for whose in (f"submitted/{IDS[0]}/quiz", HANDED_IN, "own"):
            open_others(page, url, whose, seen, found)
        for whose in ("own-python", HANDED_IN):
            found["kernel", whose] = asked(
                page,
                f"{url}/api/kernels",
                method="POST",
                data=json.dumps({"name": "python3", "path": f"{whose}/quiz.ipynb"}),
            )[0]
        found["changed"] = try_to_change(page, url, folder)
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
        found["beside"] = len(list(scratch.glob("beside-*")))
    found["left behind"] = list(scratch.glob("beside-*"))
    with lab(
        folder.parent, cwd=folder.parent
    ) as url:  # a server that no course's configuration was read for when it started
        turn_to_the_course(page, url, folder, seen, found)
    found["python later"] = {path.name for path in ran.iterdir()}
    for path in sorted((tiny.folder / "feedback").rglob("quiz.html")):
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
    page.locator("#main-table td.name .name-shown").nth(EVERYONE - 1).wait_for(state="attached", timeout=60_000)
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
        page.wait_for_timeout(150)
        found["formgrader"][address] = seen.taken()
        if found["by stock"] not in address:
            found.setdefault("links", set()).update(links(page, "#notebook"))
    found["submissions"] = len(set(addresses))


def open_files(page, url: str, whose: str, seen: Seen, found: dict) -> None:
    for name in PAGES:
        for way in ("files", "view") if name == "page.html" else ("files",):
            page.goto(f"{url}/{way}/{whose}/{name}")
            page.wait_for_timeout(150)
    page.goto(f"{url}/nbconvert/html/{whose}/quiz.ipynb")
    page.wait_for_timeout(150)
    found["files"][whose] = seen.taken()


def open_notebook(page, url: str, whose: str, seen: Seen, found: dict) -> None:
    page.goto(f"{url}/lab/tree/{whose}/quiz.ipynb?reset")
    page.locator(".jp-MarkdownOutput").first.wait_for(timeout=120_000)
    deadline = time.monotonic() + (40 if whose == "own" else 5)
    while "widget" not in seen.ran and time.monotonic() < deadline:
        page.wait_for_timeout(200)
    found["links", whose] = links(page, ".jp-Notebook")
    found["commands", whose] = page.locator(".jp-Notebook [data-commandlinker-command]").count()
    found["lab"][whose] = seen.taken()


def open_submission_files(page, url: str, seen: Seen, found: dict) -> None:
    """The page of stock's work and the files beside it, as they are and without the policy, where the probe sees them run."""
    address = f"{url}/formgrader/submissions/{found['by stock']}"
    for place in ("as it is", "no policy"):
        for name in ("", *PAGES):
            page.goto(f"{address}/{name}")
            page.wait_for_timeout(150)
        found["files"][place] = seen.taken()
        page.route(f"{address}/*", without_policy)
    page.unroute(f"{address}/*")


def without_policy(route) -> None:
    answer = route.fetch()
    kept = {name: value for name, value in answer.headers.items() if name != "content-security-policy"}
    route.fulfill(response=answer, headers=kept)


def open_others(page, url: str, whose: str, seen: Seen, found: dict) -> None:
    """The folder, whose files have hostile names, then a chart of Vega and a workspace, as a double click opens them."""
    there, own = f"{url}/lab/tree/{quote(whose)}", whose == "own"
    page.goto(f"{there}?reset")
    page.locator(".jp-DirListing-item", has_text="onerror").hover(timeout=120_000)
    found["listing"][whose] = seen.taken()
    if whose.startswith(f"submitted/{IDS[0]}"):
        return
    page.goto(f"{there}/chart.vg.json?reset")
    until(page, lambda: "stolen" in seen.ran or page.locator(".jp-Dialog").count())
    page.goto(f"{there}/x.jupyterlab-workspace?reset")
    until(page, lambda: "workspaces/hostile" in page.url, 40 if own else 4)
    found["acted on"][whose] = (seen.taken(), "workspaces/hostile" in page.url)


def until(page, happened, seconds: float = 40) -> None:
    deadline = time.monotonic() + seconds
    while not happened() and time.monotonic() < deadline:
        page.wait_for_timeout(200)


def try_to_change(page, url: str, folder) -> dict:
    """What the server says to each way of changing what was handed in, or taking it elsewhere as it is; `same`: whether it is as before."""
    notebook, contents = folder / HANDED_IN / "quiz.ipynb", f"{url}/api/contents/{HANDED_IN}"
    before = notebook.read_bytes()
    model = {"type": "notebook", "format": "json", "content": json.loads(before)}
    (folder / HANDED_IN / ".ipynb_checkpoints/quiz-checkpoint.ipynb").write_text("{}", encoding="utf8")
    upload = {"type": "file", "format": "text", "content": "x"}
    ways = {
        "save": (f"{contents}/quiz.ipynb", "PUT", model),
        "restore": (f"{contents}/quiz.ipynb/checkpoints/checkpoint", "POST", {}),
        "move": (f"{contents}/page.html", "PATCH", {"path": "own/moved.html"}),
        "copy the folder": (f"{url}/api/contents/own", "POST", {"copy_from": HANDED_IN}),
        "copy": (f"{url}/api/contents/own", "POST", {"copy_from": f"{HANDED_IN}/quiz.ipynb"}),
        "upload": (f"{contents}/late.txt", "PUT", upload | {"chunk": 1}),
        "go on": (f"{contents}/late.txt", "PUT", upload | {"chunk": -1}),
        "upload again": (f"{contents}/late.txt", "PUT", upload),
        "validate": (f"{url}/assignments/validate", "POST", {"path": f"{HANDED_IN}/quiz.ipynb"}),
    }
    said = {
        way: asked(page, address, method=method, data=json.dumps(data)) for way, (address, method, data) in ways.items()
    }
    copy = json.loads((folder / "own" / json.loads(said["copy"][1])["name"]).read_bytes())
    return said | {"same": notebook.read_bytes() == before, "widgets in the copy": "widgets" in copy["metadata"]}


def turn_to_the_course(page, url: str, folder, seen: Seen, found: dict) -> None:
    page.goto(f"{url}/formgrader?path={quote(str(folder))}")
    for name in LISTS:
        page.goto(f"{url}/formgrader/{name}")
        page.locator("#main-table tr td").nth(1).wait_for(timeout=60_000)
    page.goto(f"{url}/formgrader/gradebook/quiz/quiz")
    page.locator("#main-table td.name .name-shown").nth(EVERYONE - 1).wait_for(state="attached", timeout=60_000)
    page.locator("#toggle_names").click()
    names = page.locator("a.name-shown:visible").count()
    for name in ("", *PAGES):
        page.goto(f"{url}/formgrader/submissions/{found['by stock']}/{name}")
        page.goto(f"{url}/files/{folder.name}/{HANDED_IN}/{name}") if name else None
        page.wait_for_timeout(150)
    kernel = {"name": "python3", "path": f"{folder.name}/{HANDED_IN}/quiz.ipynb"}
    found["later"] = {
        "ran": seen.taken(),
        "names": names,
        "kernel": asked(page, f"{url}/api/kernels", method="POST", data=json.dumps(kernel))[0],
        "config": asked(page, f"{url}/formgrader?path={quote(str(folder / HANDED_IN))}"),
    }
    shown = json.loads(asked(page, f"{url}/api/contents/{folder.name}/{HANDED_IN}/quiz.ipynb")[1])
    found["later"] |= {"metadata": shown["content"]["metadata"], "writable": shown["writable"]}
    page.wait_for_timeout(3000)  # for the kernel


def test_formgrader_runs_nothing_of_a_learners(desk):
    assert {place: ran for place, ran in desk["formgrader"].items() if ran} == {}
    assert len(desk["formgrader"]) == len(LISTS) + 2 * len(IDS) + desk["submissions"]
    assert leads(desk["links"]) == {"https://example.org/"}


def test_only_a_search_of_formgraders_meets_a_learners_handler(desk):
    """DataTables takes a cell's text with "&" for HTML when it searches; the page's policy refuses what is in it."""
    assert desk["refused"] <= {"/formgrader/manage_students"}


def test_formgraders_own_scripts_run(desk):
    assert desk["own script"] == "Add New Student" and desk["submissions"] == desk["names"] == EVERYONE


@pytest.mark.parametrize("whose", [HANDED_IN, GRADED, BY_STOCK])
def test_jupyterlab_runs_nothing_of_a_learners(desk, whose):
    assert desk["lab"][whose] == set() and desk["commands", whose] == 0
    if whose != BY_STOCK:
        assert leads(desk["links", whose]) == {"https://example.org/"}


@pytest.mark.parametrize("whose", [HANDED_IN, GRADED, BY_STOCK, "as it is"])
def test_no_file_of_a_learners_runs_in_the_browser(desk, whose):
    assert desk["files"][whose] == set()


def test_jupyterlab_acts_on_no_file_of_a_learners(desk):
    nothing: dict = {whose: set() for whose in desk["listing"]}
    assert len(nothing) == 3 and desk["listing"] == nothing
    assert desk["acted on"] == {HANDED_IN: (set(), False), "own": ({"stolen"}, True)}
    given = desk["charts"]["own"]
    assert desk["charts"] == {"own": given, HANDED_IN: AS_TEXT + given, BY_STOCK: AS_TEXT + given}


def test_the_probe_sees_what_is_let_through(desk):
    assert desk["files"]["own"] >= {"html", "xhtm", "svg"} and desk["lab"]["own"] >= {"widget"}
    assert desk["files"]["no policy"] >= {"html", "xhtm", "svg", "output-script", "output-javascript", "prose-script"}
    assert desk["python"] >= {"kernel-own", "config-own"}


def test_no_kernel_and_no_configuration_of_a_learners(desk):
    assert {name for name in desk["python later"] if name.endswith("theirs")} == set()
    assert desk["kernel", HANDED_IN] == 201, "a kernel starts, elsewhere"
    assert desk["beside"] > 0 and desk["left behind"] == []
    for path in (desk["folder"] / HANDED_IN, desk["folder"].parent):
        status, said = desk["config", path]
        assert (status, said) == (403, NOT_A_COURSE)
    assert desk["config", desk["folder"] / "own-python"][0] == 200


def test_what_was_handed_in_is_not_changed_and_not_taken_elsewhere_as_it_is(desk):
    said = desk["changed"]
    refusals = {"save": NOT_SAVED, "restore": NOT_SAVED, "move": NOT_TAKEN, "copy the folder": NOT_TAKEN}
    assert (said["upload"][0], said["go on"][0]) == (201, 200), "what comes late is put there as ever"
    for way, words in (refusals | {"upload again": NOT_SAVED}).items():
        assert said[way][0] == 403 and words in said[way][1], way
    assert said["same"] and said["copy"][0] == 201 and not said["widgets in the copy"]
    assert json.loads(said["validate"][1]) == {"success": False, "value": NOT_VALIDATED}


def test_a_course_that_formgrader_turns_to_later_is_guarded_like_the_first(desk):
    config = (403, NOT_A_COURSE)
    guarded = {"ran": set(), "names": EVERYONE, "kernel": 201, "config": config, "metadata": {}, "writable": False}
    assert desk["later"] == guarded


def test_feedback_runs_nothing(desk):
    assert desk["feedback"] == set()
