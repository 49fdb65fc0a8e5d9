"""The worked example of a new kind in CONTRIBUTING.md: its two modules, run as they stand there."""

from __future__ import annotations

import re
import types

import pytest
from demo_questions import hostile, scores_its_samples, written
from one_question import ROOT, practice, write_page

from courseware.questions import KINDS, load_questions, score
from courseware.widgets.base import module
from courseware.widgets.question import DRAWING, HERE

QUESTION = """\
- id: demo-20
  use: practice
  kind: truth
  objective: know where rules end
  prompt: A password reset needs judgement.
  holds: false
  why: A rule decides it.
  sources: []
"""


@pytest.fixture
def question(tmp_path, monkeypatch):
    section = (ROOT / "CONTRIBUTING.md").read_text("utf8").split("## A new kind of question")[1]
    python = re.search(r"```python\n(.*?)```", section, re.DOTALL)[1]
    truth = types.ModuleType("courseware.questions.kinds.truth")
    truth.__package__ = "courseware.questions.kinds"
    exec(python, truth.__dict__)  # noqa: S102 - the module that CONTRIBUTING shows
    monkeypatch.setitem(KINDS, "truth", truth)
    return load_questions(written(tmp_path, QUESTION))[0]


def test_the_example_keeps_the_contract(question, tmp_path):
    scores_its_samples(question)
    assert all(score(question, raw).credit == 0 for raw in hostile())
    assert "why" not in question.public() and "holds" not in question.public()
    with pytest.raises(ValueError, match="must be true or false"):
        load_questions(written(tmp_path, QUESTION.replace("holds: false", "holds: perhaps")))


def test_the_example_is_drawn_and_checks(question, tmp_path, open_page):
    javascript = re.search(r"```js\n(KINDS.*?)```", (ROOT / "CONTRIBUTING.md").read_text("utf8"), re.DOTALL)[1]
    (tmp_path / "truth.js").write_text(javascript, "utf8")
    widget = practice(question)
    widget._esm = module(*DRAWING, tmp_path / "truth.js", HERE / "question_alone.js")
    page, watch = open_page(write_page(tmp_path, widget))
    page.get_by_role("button", name="Check").click()
    assert page.get_by_role("status").first.inner_text() == "Choose one first."
    page.get_by_role("radio", name="Not true").check()
    page.get_by_role("button", name="Check").click()
    assert (
        page.get_by_role("status").first.inner_text() == "Correct."
        and "A rule decides it." in page.locator(".cw-question").inner_text()
    )
    assert not watch.errors
