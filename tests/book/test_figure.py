"""A figure made in Python: every point in its table, its colours left to the page, nothing that the book cannot draw."""

from __future__ import annotations

import json

import plotly.graph_objects as go
import pytest

from courseware.widgets import Figure


def show(figure, **more):
    return Figure.of(
        figure, **{"title": "The message", "alt": "What there is to see", "source": "Someone, 2024", **more}
    )


def test_table_holds_every_point_of_every_series():
    figure = go.Figure([go.Scatter(name="A", x=[2021, 2022], y=[1.5, 2]), go.Bar(x=[2021], y=[7])])
    figure.update_layout(xaxis_title="year", yaxis_title="bn USD")
    table = show(figure).table
    assert table == {
        "columns": ["series", "year", "bn USD"],
        "rows": [["A", 2021, 1.5], ["A", 2022, 2], ["series 2", 2021, 7]],
    }


def test_table_of_one_series_of_a_pie_and_of_lying_bars():
    assert show(go.Figure(go.Scatter(y=[3, 4]))).table == {"columns": ["x", "y"], "rows": [[0, 3], [1, 4]]}
    assert show(go.Figure(go.Pie(labels=["a", "b"], values=[1, 2]))).table == {
        "columns": ["part", "value"],
        "rows": [["a", 1], ["b", 2]],
    }
    lying = go.Figure(go.Bar(x=[5, 6], y=["a", "b"], orientation="h"), layout={"xaxis": {"title": "people"}})
    assert show(lying).table == {"columns": ["y", "people"], "rows": [["a", 5], ["b", 6]]}


def test_figure_carries_no_template_no_title_and_no_default_colour():
    figure = go.Figure(
        go.Bar(x=["a"], y=[1], marker_color="#636EFA"), layout={"title": "Said above", "template": "plotly"}
    )
    widget = Figure.of(figure, alt="One bar")
    assert widget.title == "Said above"
    assert "template" not in widget.spec["layout"] and "title" not in widget.spec["layout"]
    assert "color" not in widget.spec["data"][0].get("marker", {})
    assert figure.layout.title.text == "Said above", "the author's figure stays as it was"
    own = show(go.Figure(go.Bar(x=["a"], y=[1], marker_color="var(--cw-b)")))
    assert own.spec["data"][0]["marker"]["color"] == "var(--cw-b)"
    json.dumps(own.spec)


def test_a_chart_the_book_cannot_draw_is_refused():
    with pytest.raises(ValueError, match="not heatmap. Draw it as one of these"):
        show(go.Figure(go.Heatmap(z=[[1]])))


@pytest.mark.parametrize("missing", [{"title": ""}, {"alt": ""}])
def test_a_figure_needs_its_message_and_its_words(missing):
    with pytest.raises(ValueError, match="needs a title .* and an alt text"):
        show(go.Figure(go.Bar(x=[1], y=[1])), **missing)
