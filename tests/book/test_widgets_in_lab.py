"""The book's widgets with a kernel: in JupyterLab Python sees what the reader sets."""

from __future__ import annotations

import re

import nbformat

CELLS = [
    "from outsourcing.widgets import Comparison, MarketGrowth\nfrom courseware.widgets import Figure\nimport plotly.graph_objects as go\nexplorer = MarketGrowth(); explorer",
    "toggle = Comparison(); toggle",
    "Figure.of(go.Figure(go.Bar(x=['a', 'b'], y=[1, 2])), title='b is twice a', alt='Two bars: a 1, b 2')",
    "print('PYTHON SEES', explorer.cagr, round(explorer.projection()[-1][1], 1), toggle.show, explorer.own_forecast)",
]


def test_in_jupyterlab_python_sees_what_the_reader_sets(lab, browser, tmp_path):
    folder = tmp_path / "notebooks"
    folder.mkdir()
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source) for source in CELLS],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    )
    nbformat.write(notebook, folder / "widgets.ipynb")
    with lab(folder) as url:
        # JupyterLab draws only the cells in view
        context = browser.new_context(viewport={"width": 1280, "height": 4500})
        page = context.new_page()
        page.goto(f"{url}/lab/tree/widgets.ipynb")
        page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=90000)
        page.locator(".lm-MenuBar-item", has_text=re.compile("^Run$")).click()
        page.locator(".lm-Menu-item", has_text=re.compile("^Run All Cells$")).click()
        page.wait_for_function(
            "[...document.querySelectorAll('.cw-chart')].filter((chart) => chart.dataset.drawn > 0).length === 2",
            timeout=90000,
        )
        page.get_by_role("spinbutton", name="Your forecast for 2030, as a number").fill("600")
        page.get_by_role("button", name="Show what was published").click()
        slider = page.get_by_role("slider", name="Growth a year (CAGR)")
        slider.focus()
        page.keyboard.press("ArrowRight")
        page.get_by_role("radio", name="KPO only").check()
        page.get_by_text(re.compile(r"^At 9.2\s% a year")).wait_for()
        assert page.get_by_role("button", name="Copy link to this view").count() == 0
        page.locator(".jp-CodeCell").last.locator(".cm-content").click()
        page.keyboard.press("Shift+Enter")
        page.get_by_text("PYTHON SEES 9.2 529.6 kpo 600.0").wait_for(timeout=30000)
        page.keyboard.press("Control+s")
        for _ in range(100):
            saved = (folder / "widgets.ipynb").read_text("utf8")
            if "PYTHON SEES 9.2" in saved:
                break
            page.wait_for_timeout(100)
        context.close()
    assert "PYTHON SEES 9.2" in saved
    assert len(saved) < 20_000, "nothing but the text of each widget's view enters the notebook"
