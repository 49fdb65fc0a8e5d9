"""Still figures: where each mark stands (worked out by hand), what the legend and the axes say, and what is refused by name."""

from __future__ import annotations

import re
from itertools import pairwise

import plotly.graph_objects as go
import pytest

from courseware.still import CannotDraw, as_html
from courseware.widgets import Figure

TALL = 260  # of a figure 300 high: 24 for the numbers under it and 16 above it are not the plot's


def drawn(data, title="The message", alt="What there is to see", source="Someone, 2024", **layout) -> str:
    """The figure as HTML, 300 pixels high."""
    figure = Figure.of(go.Figure(data, layout={"height": 300, **layout}), title=title, alt=alt, source=source)
    return as_html({name: getattr(figure, name) for name in ("title", "alt", "source", "spec", "table")}, "fig-1")


def tags(html: str, tag: str) -> list[dict]:
    """The attributes of each such element, in order."""
    return [dict(re.findall(r'([\w:-]+)="([^"]*)"', one)) for one in re.findall(rf"<{tag}\b([^>]*)>", html)]


def boxes(html: str) -> list[tuple]:
    return [tuple(rect[name] for name in ("x", "width", "y", "height")) for rect in tags(html, "rect")]


def words(html: str, kind: str = "") -> list[tuple[str, str, str]]:
    """(x, y, text) of the texts in the picture, those of one class where it is named."""
    found = re.findall(r"<text\b([^>]*)>(.*?)</text>", html)
    named = [(dict(re.findall(r'([\w-]+)="([^"]*)"', one)), re.sub("<[^>]*>", "|", text)) for one, text in found]
    return [(one["x"], one["y"], text) for one, text in named if one.get("class", "") == kind]


def test_bars_that_stand():
    """Two names share the width, 50 % each, and a bar takes 0.8 of its share; 1 of 4 is a quarter of the height."""
    html = drawn([go.Bar(x=["a", "b"], y=[1, 2], text=["one", "two"], textposition="outside")], yaxis_range=[0, 4])
    assert boxes(html) == [("5%", "40%", "195", "65"), ("55%", "40%", "130", "130")]
    assert words(html) == [("25%", "185", "one"), ("75%", "120", "two")]
    assert words(html, "cw-tick") == [("25%", "275", "a"), ("75%", "275", "b")]
    assert re.findall(r'<span style="top:([\d.]+)px">(\d)</span>', html) == [
        ("260", "0"),
        ("195", "1"),
        ("130", "2"),
        ("65", "3"),
        ("0", "4"),
    ]


def test_bars_that_lie_read_from_above_and_reach_to_either_side():
    data = [go.Bar(x=[5, -10], y=["a", "b"], orientation="h", text=["5", "-10"], textposition="outside")]
    html = drawn(data, yaxis_autorange="reversed", xaxis_range=[-20, 20])
    assert boxes(html) == [("50%", "12.5%", "13", "104"), ("25%", "25%", "143", "104")]
    assert words(html) == [("62.5%", "65", "5"), ("25%", "195", "-10")]
    anchors = {one["y"]: one.get("text-anchor") for one in tags(html, "text") if "class" not in one}
    assert anchors == {"65": "start", "195": "end"}
    (base,) = [line for line in tags(html, "line") if line.get("class") == "cw-base"]
    assert (base["x1"], base["x2"], base["y2"]) == ("50%", "50%", "260")


def test_stacked_bars_begin_where_the_last_one_ended():
    data = [go.Bar(name="A", x=["a"], y=[1]), go.Bar(name="B", x=["a"], y=[2], text=["2"], textposition="inside")]
    html = drawn(data, barmode="stack", yaxis_range=[0, 4])
    assert boxes(html) == [("10%", "80%", "195", "65"), ("10%", "80%", "65", "130")]
    assert words(html, "cw-on") == [("50%", "130", "2")]
    alone = drawn(data, barmode="stack")
    assert boxes(alone)[1][2] == "12.38", "the axis holds the sum and a twentieth: 260 (1 - 3 / 3.15)"


def test_grouped_bars_stand_side_by_side_only_where_they_share_a_place():
    shared = drawn([go.Bar(x=["a"], y=[2]), go.Bar(x=["a"], y=[4])], yaxis_range=[0, 4])
    assert [box[:2] for box in boxes(shared)] == [("4%", "46%"), ("50%", "46%")]
    apart = drawn([go.Bar(x=["a"], y=[2]), go.Bar(x=["b"], y=[4])], yaxis_range=[0, 4])
    assert [box[:2] for box in boxes(apart)] == [("5%", "40%"), ("55%", "40%")]


def test_lines_and_their_points():
    data = [go.Scatter(x=[0, 5, None, 10], y=[0, 50, 7, 100], mode="lines+markers", line_dash="dash", line_width=3)]
    html = drawn(data, xaxis_range=[0, 10], yaxis_range=[0, 100])
    line, _ = tags(html, "polyline")
    assert [one["points"] for one in tags(html, "polyline")] == ["0,260 50,130", "100,0"], (
        "broken where a value is missing"
    )
    assert line["stroke-dasharray"] and "stroke-width:3" in line["style"] and "var(--cw-a)" in line["style"]
    assert [(one["x"], one["y"]) for one in tags(html, "svg") if "x" in one] == [
        ("0%", "260"),
        ("50%", "130"),
        ("100%", "0"),
    ]
    solid = drawn([go.Scatter(x=[0, 1], y=[0, 1], mode="lines")])
    assert "stroke-dasharray" not in solid, "what was measured is solid"


def test_text_at_a_point_stands_clear_of_it():
    """A marker of 10 is 5 from its middle to its edge; the line of text stands 10 further."""
    places = {"top center": ("50%", "115"), "middle right": ("50%", "130"), "bottom left": ("50%", "145")}
    for place, expected in places.items():
        data = [go.Scatter(x=[5], y=[5], mode="markers+text", text=["x"], textposition=place, marker_size=10)]
        html = drawn(data, xaxis_range=[0, 10], yaxis_range=[0, 10])
        assert [one[:2] for one in words(html, "cw-over")] == [expected], place


def test_a_reach_goes_from_its_low_to_its_high_end():
    reach = {"type": "data", "array": [1, 0], "arrayminus": [2, 0], "symmetric": False}
    html = drawn([go.Scatter(x=[5, 8], y=["a", "b"], mode="markers", error_x=reach)], xaxis_range=[0, 10])
    ends = [(one["x1"], one["x2"]) for one in tags(html, "line") if one.get("y1") == one["y2"] == "195"]
    assert ends == [("30%", "60%")], "none where there is nothing between"


def test_a_band_and_its_words():
    band = {"type": "rect", "xref": "x", "x0": 2, "x1": 4, "yref": "paper", "y0": 0, "y1": 1}
    note = {"text": "night", "x": 3, "xref": "x", "y": 1, "yref": "paper", "yanchor": "top", "showarrow": False}
    html = drawn([go.Scatter(x=[0, 10], y=[0, 1])], xaxis_range=[0, 10], shapes=[band], annotations=[note])
    (rect,) = tags(html, "rect")
    assert (rect["x"], rect["width"], rect["height"], rect["class"]) == ("20%", "20%", "260", "cw-band")
    assert words(html, "cw-over") == [("30%", "8", "night")]


def test_hatches_are_told_apart_from_those_of_other_figures():
    data = [go.Bar(x=["a", "b"], y=[1, 2], marker_pattern_shape=["", "/"])]
    html = drawn(data)
    (pattern,) = tags(html, "pattern")
    assert pattern["id"] == "fig-1-hatch-0"
    assert [rect.get("fill") for rect in tags(html, "rect")] == [None, None, "url(#fig-1-hatch-0)"]


def test_lines_are_named_at_their_ends_and_bars_in_a_legend():
    """Three lines that end within 16 pixels of each other: each name has a line of its own, in their order, within the plot."""
    data = [go.Scatter(name=f"line {end}", x=[0, 1], y=[0, end], mode="lines") for end in (1, 3, 2)]
    html = drawn(data, yaxis_range=[0, 100])
    ends = re.findall(r'<span style="top:([\d.]+)px;color:var\(--cw-(\w)\)">(.*?)</span>', html)
    assert [name for *_, name in ends] == ["line 3", "line 2", "line 1"]
    assert [letter for _, letter, _ in ends] == ["b", "c", "a"]
    tops = [float(top) for top, *_ in ends]
    assert all(lower - upper >= 16 for upper, lower in pairwise(tops)) and tops[-1] <= TALL
    assert "cw-legend cw-narrow" in html
    bars = drawn([go.Bar(name="A", x=["a"], y=[1]), go.Bar(name="B", x=["b"], y=[1], marker_pattern_shape="x")])
    assert "cw-ends" not in bars
    assert [(one["data-mode"], one.get("data-pattern")) for one in tags(bars, "span") if "data-mode" in one] == [
        ("bar", None),
        ("bar", "x"),
    ]
    assert "cw-legend" not in drawn([go.Bar(name="A", x=["a"], y=[1])]), "one series needs no name"


def test_numbers_along_an_axis():
    def ticks(low, high, **more):
        html = drawn([go.Bar(x=[low, high], y=["a", "b"], orientation="h")], xaxis={"range": [low, high], **more})
        return [text for *_, text in words(html, "cw-tick") + words(html, "cw-tick cw-more")]

    assert ticks(0, 105) == ["0", "20", "40", "60", "80", "100"]
    assert ticks(0, 1) == ["0", "0.2", "0.4", "0.6", "0.8", "1"]
    assert ticks(-36, 36) == ["\u221220", "0", "20"]
    assert ticks(0, 30, tickvals=[0, 24, 40], ticktext=["0", "0 again", "outside"]) == ["0", "0 again"]
    assert ticks(2022, 2025, dtick=1) == ["2022", "2023", "2024", "2025"], "a year has no comma"
    crowded = ticks(0, 100_000)
    assert crowded == ["0", "40,000", "80,000", "20,000", "60,000", "100,000"], "every second one on a desk only"


def test_words_of_an_author_are_words():
    html = drawn(
        [go.Bar(name="<i>", x=["a<br>b & c"], y=[1], text=["<b>"], textposition="inside")],
        title="A < B & C",
        alt='They say "<script>"',
        source="<me>",
        yaxis_title='"%"<br>of all',
    )
    assert 'class="cw-title">A &lt; B &amp; C</div>' in html
    assert 'aria-label="They say &quot;&lt;script&gt;&quot;"' in html
    assert "Source: &lt;me&gt;" in html and "<script" not in html and "<me" not in html
    assert [text for *_, text in words(html, "cw-tick")] == ["|a||b &amp; c|"]
    assert words(html, "cw-on")[0][2] == "&lt;b&gt;"
    assert "<p>&quot;%&quot; <br>of all</p>" in html


def test_the_table_holds_the_numbers():
    html = drawn([go.Bar(x=["a", "b"], y=[1.5, None])], yaxis_title="people")
    assert '<th scope="col">x</th><th scope="col">people</th>' in html
    assert '<tr><th scope="row">a</th><td>1.5</td></tr><tr><th scope="row">b</th><td></td></tr>' in html
    assert re.search(r'role="region" tabindex="0" aria-label="The message"><table class="cw-table"><caption>', html)


BAR = {"type": "bar", "x": ["a"], "y": [1]}
POINT = {"type": "scatter", "x": [1], "y": [1]}
REFUSED = [
    (BAR | {"opacity": 0.5, "name": "share"}, {}, r"trace 1 \(share\) has 'opacity'"),
    (BAR | {"marker": {"line": {"width": 2}}}, {}, "its marker has 'line'"),
    (POINT | {"line": {"shape": "spline"}}, {}, "its line has 'shape'"),
    (POINT | {"marker": {"pattern": {"bgcolor": "red"}}}, {}, "pattern has 'bgcolor'"),
    (POINT | {"error_x": {"type": "data", "array": [1], "color": "red"}}, {}, "error_x has 'color'"),
    (BAR, {"xaxis": {"tickfont": {"size": 20}}}, "the x axis has 'tickfont'"),
    (BAR, {"yaxis": {"title": {"text": "y", "standoff": 3}}}, "the y axis' title has 'standoff'"),
    (BAR, {"yaxis": {"type": "log"}}, "the y axis' type is 'log'"),
    (BAR, {"xaxis": {"tickangle": 45}}, "tickangle is 45"),
    (BAR, {"bargap": 0.1}, "the layout has 'bargap'"),
    (BAR, {"barmode": "relative"}, "barmode is 'relative'"),
    (BAR, {"shapes": [{"type": "circle"}]}, "a shape's type is 'circle'"),
    (BAR, {"annotations": [{"text": "here", "x": 1, "y": 2}]}, "an annotation's arrow"),
    (POINT | {"mode": "lines+arrows"}, {}, "its mode is 'arrows[+]lines'"),
    (POINT | {"marker": {"symbol": "star"}}, {}, "its symbol is 'star'"),
    (POINT | {"line": {"dash": "5px"}}, {}, "its line's dash is '5px'"),
    (BAR | {"marker": {"pattern": {"shape": "|"}}}, {}, r"its pattern is '\|'"),
    (BAR | {"textposition": "none"}, {}, "its textposition is 'none'"),
    ({"type": "pie", "labels": ["a"], "values": [1]}, {}, "its type is 'pie'"),
    (POINT | {"y": [1, 2]}, {}, "as many values of x as of y"),
    (POINT | {"x": []}, {}, "as many values of x as of y"),
    (POINT | {"x": [None]}, {}, "no point with both"),
    (BAR | {"y": ["much"]}, {}, "which are no numbers"),
    (BAR | {"text": ["1", "2"]}, {}, "has 1 points and a list of 2 for text. Give one each"),
    (POINT | {"error_x": {"type": "percent"}}, {}, "a list of 0 for error_x.array"),
    (BAR, {"yaxis": {"range": [3, 3], "title": {"text": "people"}}}, r"an axis \(people\) begins where it ends, at 3"),
]


@pytest.mark.parametrize(("trace", "layout", "reason"), REFUSED, ids=[reason for *_, reason in REFUSED])
def test_what_is_not_drawn_is_refused_by_name(trace, layout, reason):
    figure = {"title": "T", "alt": "A", "spec": {"data": [trace], "layout": layout}, "table": {}}
    with pytest.raises(CannotDraw, match=reason):
        as_html(figure, "fig-1")


def test_a_value_that_is_missing_is_not_drawn():
    data = [go.Bar(x=["a", "b", "c"], y=[1, None, float("nan")])]
    assert boxes(drawn(data, yaxis_range=[0, 4])) == [("3.33%", "26.67%", "195", "65")], "a place is left for each name"


def test_bars_of_both_ways_and_none_at_all_are_refused():
    for data, reason in (([BAR, BAR | {"x": [1], "orientation": "h"}], "some bars lie"), ([], "no trace")):
        with pytest.raises(CannotDraw, match=reason):
            as_html({"title": "T", "alt": "A", "spec": {"data": data, "layout": {}}, "table": {}}, "fig-1")
