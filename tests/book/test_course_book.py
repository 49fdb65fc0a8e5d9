"""The book's extension on a small book: code that changed runs again, old caches go, a page with TeX is refused."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = """---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  name: python3
  display_name: Python 3
---

# A page

Seven of ten are 70 %, and `7 % 2` is 1.

```{{code-cell}} ipython3
print(open({table!r}).read())
```

```{{code-cell}} ipython3
from outsourcing.widgets import Comparison
Comparison()
```
"""


@pytest.fixture(scope="module")
def small_book(tmp_path_factory, root):
    """build() -> (exit code, messages, the page's HTML) of a book of one page, with this book's configuration and extensions."""
    folder = tmp_path_factory.mktemp("small")
    for name in ("_config.yml", "requirements.txt"):
        shutil.copy(root / name, folder)
    for name in ("_ext", "_theme", "assets", "courseware", "outsourcing"):
        shutil.copytree(root / "book" / name, folder / "book" / name, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "_toc.yml").write_text("format: jb-book\nroot: book/page\n")
    table = folder / "book/outsourcing/data/added.csv"
    table.write_text("first table")
    (folder / "book/page.md").write_text(PAGE.format(table=str(table)))

    def build():
        run = subprocess.run(
            [Path(sys.executable).parent / "jupyter-book", "build", ".", "-q", "-W", "-n", "--keep-going"],
            cwd=folder,
            capture_output=True,
            text=True,
        )
        return run.returncode, run.stdout + run.stderr, (folder / "_build/html/book/page.html").read_text("utf8")

    build.folder, build.table = folder, table
    return build


def test_changed_tables_run_again_and_old_caches_go(small_book):
    code, messages, html = small_book()
    assert code == 0, messages
    assert "first table" in html
    caches = small_book.folder / "_build/.jupyter_cache"
    for number in range(5):
        (caches / f"{number:012x}").mkdir()
    small_book.table.write_text("second table")
    code, messages, html = small_book()
    assert code == 0, messages
    assert "second table" in html and "first table" not in html
    assert len(list(caches.glob("[0-9a-f]" * 12))) <= 4


def test_no_script_of_another_server_and_none_twice(small_book):
    _, _, html = small_book()
    loaded = re.findall(r"<script.*?</script>|<link[^>]*>", html, re.DOTALL)
    assert len(loaded) > 5
    for tag in loaded:
        assert not re.search(r"thebe|require(\.min)?\.js|mathjax|fontawesome\.js|https?://", tag, re.IGNORECASE), tag
    scripts = re.findall(r'<script[^>]*src="([^"?]*)', html)
    assert len(scripts) == len(set(scripts))


def test_a_number_and_its_per_cent_sign_stay_together_and_code_is_left_alone(small_book):
    _, _, html = small_book()
    assert "are 70\u00a0%" in html
    assert "7 % 2" in re.sub("<[^>]*>", "", html)


def test_a_page_from_the_cache_keeps_the_order_of_labels(small_book):
    from outsourcing.comparison import GROUPS

    assert list(GROUPS) != sorted(GROUPS)
    page = small_book.folder / "book/page.md"
    for more in ("", "\nOne more sentence.\n"):  # the second build runs no cell
        page.write_text(page.read_text() + more)
        code, messages, html = small_book()
        assert code == 0, messages
        state = re.search(r'<script type="application/vnd.jupyter.widget-state\+json">(.*?)</script>', html, re.DOTALL)[
            1
        ]
        models = [model["state"] for model in json.loads(state)["state"].values() if "groups" in model["state"]]
        assert [list(model["groups"]) for model in models] == [list(GROUPS)]
        assert not any("in_order" in model for model in models)


FIGURE = """
```{{code-cell}} ipython3
import plotly.graph_objects as go
from courseware.widgets import Figure
Figure.of(go.Figure(go.Bar(x=["a", "b"], y=[1, 2]{more})), title="b is twice a", alt="Two bars: a is 1, b is 2", source="Us")
```
"""


def test_a_figure_stands_in_its_page_and_one_that_cannot_be_drawn_stops_the_build(small_book):
    page = small_book.folder / "book/page.md"
    before = page.read_text()
    page.write_text(before + FIGURE.format(more=""))
    code, messages, html = small_book()
    assert code == 0, messages
    assert '<div class="cw-still" role="img" aria-label="Two bars: a is 1, b is 2">' in html
    assert len(re.findall("widget-view[+]json", html)) == 1, "the other widget is still one"
    assert '"spec"' not in html and re.search(r'<link[^>]*href="[^"]*_static/widgets\.css', html)
    page.write_text(before + FIGURE.format(more=", opacity=0.5"))
    code, messages, _ = small_book()
    page.write_text(before)
    assert code != 0
    assert (
        "book/page.md" in messages
        and "the figure “b is twice a” cannot be drawn: trace 1 (bar) has 'opacity'" in messages
    )


def test_a_page_with_tex_is_refused(small_book):
    page = small_book.folder / "book/page.md"
    page.write_text(page.read_text() + "\nThe formula is $e = 2^n$.\n")
    code, messages, _ = small_book()
    assert code != 0
    assert "book/page.md" in messages and "Write it as plain text or HTML" in messages


def test_no_page_loads_a_frame_of_others(open_page, book_url):
    """No bootstrap, no jQuery, no font of icons: one style sheet and one script of the theme, and icons in the page itself."""
    page, watch = open_page(f"{book_url}/book/market/how-big.html")
    loaded = page.locator("link[rel=stylesheet], script[src]").evaluate_all(
        "all => all.map(one => one.href || one.src)"
    )
    names = {re.sub(r"\?.*", "", address.rpartition("/")[2]) for address in loaded}
    assert {"theme.css", "theme.js", "course.css", "widgets.css", "course-host.js"} <= names
    assert not [name for name in names if re.search(r"bootstrap|jquery|fontawesome|pydata|sphinx-book", name)]
    assert page.locator("svg.icon").count() > 3 and page.locator("i[class*=fa-]").count() == 0
    assert watch.errors == []
