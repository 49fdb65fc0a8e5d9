"""What every widget of a course shares: its style, its JavaScript helpers and plotly.js without a CDN."""

from __future__ import annotations

import gzip
import json
from functools import lru_cache
from pathlib import Path

import anywidget
import traitlets as t

HERE = Path(__file__).parent
EXPLORER = HERE / "explorer.js"  # what explorers share, for the front of their modules
PLOTLY_JS = HERE / "vendor" / "plotly" / "plotly-basic.min.js"


def module(*files: Path) -> str:
    """One ES module: shared.js, then the given files, joined as text (there is no bundler)."""
    return "\n".join(path.read_text("utf8") for path in (HERE / "shared.js", *files))


@lru_cache(maxsize=1)
def _plotly_gz() -> bytes:
    return gzip.compress(PLOTLY_JS.read_bytes(), 6)


class CourseWidget(anywidget.AnyWidget):
    """A widget that works in JupyterLab (with a kernel) and in the published book (without one).

    All its data are in traits, so that the saved page alone can draw it.
    """

    _css = (HERE / "widgets.css").read_text("utf8")
    title = t.Unicode("").tag(sync=True)
    in_order: tuple[str, ...] = ()  # traits in which the order of a dict's keys is shown

    def get_state(self, key=None, drop_defaults=False):
        """A notebook file sorts the keys of a dict, so the traits `in_order` go into it as text too; the build puts them back (course_book.py)."""
        state = super().get_state(key, drop_defaults)
        if key is None and self.in_order:
            state["in_order"] = json.dumps({name: state[name] for name in self.in_order if name in state})
        return state


class ChartWidget(CourseWidget):
    """A widget with a plotly.js chart: a page with a kernel asks it once for plotly.js, and nothing enters the notebook."""

    def __init__(self, **traits):
        super().__init__(**traits)
        self.on_msg(self._answer)

    def _answer(self, _widget, content, _buffers):
        if content.get("type") == "plotly.js":
            self.send({"type": "plotly.js"}, [_plotly_gz()])
