"""Location matrix, vintages explorer and task sorter: for a reader with a mouse, with a keyboard, on a phone, and from a folder of files."""
from __future__ import annotations

import csv
import io
import json
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from outsourcing import evidence, location, tasks, vintages
from outsourcing.widgets import LocationMatrix, TaskSorter, Vintages

READY = "document.documentElement.dataset.courseWidgets === 'ready'"
PAGES = {  # the chapter of each widget, and the widget's class
    "LocationMatrix": ("location/weighted-decision", ".cw-matrix"),
    "Vintages": ("market/vintages", ".cw-vintages"),
    "TaskSorter": ("differences/sort-tasks", ".cw-sorter"),
}


@pytest.fixture
def opened(built_book, open_page):
    """opened(name, **how) -> (page, the widget), from a folder of files; nothing may be asked of another host and nothing may fail."""
    watches = []

    def open_(name, tail="", **how):
        chapter, kind = PAGES[name]
        page, watch = open_page(f"file://{built_book}/book/{chapter}.html{tail}", **how)
        watches.append(watch)
        page.wait_for_function(READY)
        page.wait_for_function("(kind) => [...document.querySelectorAll(`${kind} .cw-chart`)].every((chart) => chart.dataset.drawn > 0)", arg=kind)
        return page, page.locator(kind)

    yield open_
    assert all((watch.outside, watch.errors) == ([], []) for watch in watches), [watch.errors for watch in watches]


def status(widget, pattern, part=".cw-status"):
    """The widget's sentence, once it has settled; a no-break space counts as a space."""
    sentence = widget.locator(part).first
    expect(sentence).to_have_text(re.compile(pattern.replace(" ", r"\s")))
    return sentence.inner_text().replace("\u00a0", " ")


def drawn(widget, number=0):
    """The data of a chart as plotly has drawn them."""
    widget.page.wait_for_timeout(150)
    return widget.locator(".cw-chart").nth(number).evaluate("(chart) => chart.data.map(({ x, y, name, base, line }) => ({ x: [...x], y: [...y], name, base, line }))")


def series(widget, number):
    """Wait until the first chart draws so many series."""
    widget.page.wait_for_function("([chart, number]) => chart.data.length === number", arg=[widget.locator(".cw-chart").first.element_handle(), number])


def saved_csv(page, button):
    with page.expect_download() as download:
        button.click()
    return list(csv.reader(io.StringIO(download.value.path().read_text("utf8"))))


# ---- location matrix ---------------------------------------------------------------------------------------------

def test_matrix_reads_well_untouched(opened):
    page, widget = opened("LocationMatrix")
    ranking = LocationMatrix().decision().ranking
    assert status(widget, "is first") == f"South Africa is first of 10 countries with a score of {ranking[0].low * 100:.1f} of 100; Colombia follows with {ranking[1].low * 100:.1f}."
    bars, _ = drawn(widget)
    assert bars["y"][::-1] == [row.option for row in ranking] and bars["x"][::-1] == pytest.approx([row.low * 100 for row in ranking])
    assert "lower is better" in widget.locator(".cw-criterion").filter(has_text="Weight of General cost level").inner_text()
    assert [box.is_checked() for box in widget.get_by_role("checkbox").all()] == [True, True, True, False, True, False, False, False]
    assert "Colombia leads" in widget.locator(".cw-chart-title").first.inner_text()


def test_matrix_weight_by_keyboard_and_the_limit_it_names(opened):
    """The widget says at which share Colombia takes over: moving the slider past it makes Colombia first, one step before it does not."""
    page, widget = opened("LocationMatrix")
    limit = next(room.high for room in LocationMatrix().decision().rooms if room.criterion == "overlap_new_york_jan")
    last = int(75 * limit / (1 - limit))  # points of this weight beside the 75 of the others
    slider = widget.get_by_role("slider", name="Weight of Office hours shared with New York")
    slider.focus()
    for _ in range(last - 25):
        page.keyboard.press("ArrowRight")
    assert slider.input_value() == str(last)
    status(widget, "^South Africa is first")
    page.keyboard.press("ArrowRight")
    status(widget, "^Colombia is first")


def test_matrix_number_typed_and_weights_all_zero(opened):
    page, widget = opened("LocationMatrix")
    for name in ("English test score", "Office hours shared with New York", "Corruption Perceptions Index"):
        widget.get_by_role("checkbox", name=name).uncheck()
    number = widget.get_by_role("spinbutton", name="Weight of General cost level, as a number")
    status(widget, "^India is first")
    number.fill("0")
    number.press("Tab")
    assert status(widget, "nothing to rank") == "There is nothing to rank: choose a criterion and give it a weight above 0."
    number.fill("400")
    number.press("Tab")
    assert number.input_value() == "100" and widget.get_by_text("Enter a number from 0 to 100.").is_visible()
    status(widget, "^India is first of 10 countries with a score of 100.0")


def test_matrix_three_ways_with_blanks(opened):
    page, widget = opened("LocationMatrix")
    widget.get_by_role("checkbox", name="Loaded agent wage").check()
    widget.get_by_text("Left out: Agent wage (4 of 10 known).").wait_for()
    widget.get_by_role("radio", name="rank only countries with every value").check()
    status(widget, "^The Philippines is first of 4 countries")
    assert len(drawn(widget)[0]["y"]) == 4 and "4 of 10 countries are compared" in widget.inner_text()
    widget.get_by_role("radio", name="fill with the worst and with the best known value").check()
    matrix = LocationMatrix(weights={**LocationMatrix().weights, "agent_loaded_wage_2024": 20}, missing="bounds")
    firsts = [row.option for row in matrix.decision().ranking if row.best_rank == 1]
    said = status(widget, "^The blank cells leave the first place open")
    assert len(firsts) > 1 and all(country in said for country in firsts)
    certain, open_, _ = drawn(widget)
    rows = {row.option: row for row in matrix.decision().ranking}
    for country, low, more in zip(certain["y"], certain["x"], open_["x"]):
        assert [low, low + more] == pytest.approx([rows[country].low * 100, rows[country].high * 100])
    assert not widget.get_by_text("How far each weight may move").is_visible(), "the blanks decide before the weights do"


def test_matrix_can_this_country_win(opened):
    page, widget = opened("LocationMatrix")
    assert status(widget, "^Yes. With 81.2 % on “Cost level” and 18.8 % on “English” the Philippines is first", ".cw-answer")
    widget.get_by_role("button", name="Set these weights").click()
    status(widget, "^The Philippines is first")
    widget.get_by_role("button", name="Reset").click()
    choice = widget.get_by_label("Can this country win?")
    choice.select_option("Mexico")
    assert "Colombia is better on every one of them" in status(widget, "^No. No weights over these criteria put Mexico first", ".cw-answer")
    assert not widget.get_by_role("button", name="Set these weights").is_visible()
    choice.select_option("Malaysia")
    assert re.search(r"A blend of .* South Africa, .* Poland and .* India is better", status(widget, "^No. .*Malaysia", ".cw-answer"))


def test_matrix_address_restores_a_view(opened):
    page, widget = opened("LocationMatrix")
    widget.get_by_role("checkbox", name="Disaster risk index").check()
    widget.get_by_role("radio", name="rank only countries with every value").check()
    widget.get_by_label("Can this country win?").select_option("India")
    said = status(widget, "of 4 countries")
    address = page.evaluate("location.hash")
    other, again = opened("LocationMatrix", address)
    assert status(again, "of 4 countries") == said
    assert again.get_by_label("Can this country win?").input_value() == "India"
    other.evaluate("location.hash = '#matrix?use=ef_epi_2024.character&weights=7_9&missing=guess&country=Atlantis'")
    status(again, "^South Africa is first of 10 countries with a score of 100.0")
    assert again.get_by_label("Can this country win?").input_value() == "Philippines"
    again.get_by_role("button", name="Reset").click()
    status(again, "score of 60.0")
    assert "#matrix" not in other.url


def test_matrix_downloads_and_tables_hold_every_plotted_point(opened):
    page, widget = opened("LocationMatrix")
    head, *rows = saved_csv(page, widget.get_by_role("button", name="Download the ranking (CSV)"))
    assert head[:5] == ["country", "best_rank", "worst_rank", "score_low", "score_high"] and "lower is better, weight 25" in head[6]
    bars, _ = drawn(widget)
    assert [row[0] for row in rows] == bars["y"][::-1] and [float(row[3]) for row in rows] == pytest.approx(bars["x"][::-1], abs=0.006)
    assert rows[0][5:7] == ["594", "5976"]
    _, *limits = saved_csv(page, widget.get_by_role("button", name="Download the limits (CSV)"))
    room, now = drawn(widget, 1)
    assert [float(row[2]) * 100 for row in limits] == pytest.approx(room["base"][::-1], abs=0.006)
    assert [float(row[1]) * 100 for row in limits] == pytest.approx(now["x"][::-1], abs=0.006)
    widget.get_by_text("The numbers as tables").click()
    assert [table.locator("tbody tr").count() for table in widget.locator("table").all()] == [10, 4, 10]
    cells = widget.locator("table").last.locator("tbody tr").filter(has_text="Egypt").locator("td").all_inner_texts()
    assert cells == ["465", "3457", "1", "32"]


# ---- vintages ----------------------------------------------------------------------------------------------------

def test_editions_lie_over_each_other(opened):
    page, widget = opened("Vintages")
    known = vintages.vintages()
    followed = next(vintage for vintage in known if vintage.id == "GVR-2022")
    last = followed.later[-1]
    assert status(widget, "9.1 %") == f"At its own 9.1 % a year the 2022 edition leads to {last.path:.1f} bn USD in 2026; the size published later for 2026 is {last.published:.1f} bn, 3.4 % less."
    lines = drawn(widget)
    assert len(lines) == 8
    main = next(line for line in lines if line["name"] == "2022 edition, its own path")
    assert list(zip(main["x"], main["y"])) == [(point.year, pytest.approx(point.value)) for point in followed.path]
    assert [line["line"].get("dash", "solid") for line in lines] == ["dash"] * 7 + ["solid"], "projected is dashed, published is solid"
    assert "cannot tell" in widget.inner_text() and "as relayed" in widget.locator("select").inner_text()


def test_choose_editions_by_keyboard(opened):
    page, widget = opened("Vintages")
    widget.get_by_role("checkbox", name="2020 edition").focus()
    page.keyboard.press("Space")
    series(widget, 7)
    widget.get_by_role("button", name="Draw only the followed one").click()
    series(widget, 2)
    widget.get_by_label("Follow the edition of").select_option("GVR-2026")
    status(widget, "The 2026 edition states no rate that reached us")
    widget.get_by_role("button", name="Reset").click()
    series(widget, 8)
    status(widget, "2022 edition")


def test_gaps_against_the_paths(opened):
    page, widget = opened("Vintages")
    widget.get_by_role("radio", name="later sizes against each edition's path").check()
    assert status(widget, "below the steady path of the 2022 edition by 1.8 % in 2023, 2.9 % in 2024, 3.5 % in 2025, 3.4 % in 2026")
    lines = {line["name"]: line for line in drawn(widget)}
    followed = next(vintage for vintage in vintages.vintages() if vintage.id == "GVR-2022")
    assert lines["2022 edition"]["y"] == pytest.approx([0, *(later.gap * 100 for later in followed.later)])


def test_kpo_by_publisher_and_outcomes(opened):
    page, widget = opened("Vintages")
    widget.get_by_role("radio", name="KPO by publisher").check()
    assert status(widget, "For 2025") == "For 2025 the sizes run from 45.2 to 109 bn USD, a factor of 2.4. For 2026 the sizes run from 104 to 125 bn USD, a factor of 1.2."
    series(widget, 2)
    plotted = {value for line in drawn(widget) for value in line["x"] if value is not None}
    assert plotted == {value for size in vintages.kpo_sizes() for value in (size.low, size.high)}
    assert not widget.get_by_label("Follow the edition of").is_visible()
    widget.get_by_role("radio", name="forecasts and their outcomes").check()
    assert "forecast 543.48 bn USD, stated later 123.8 bn USD; the forecast is 4.4 times as high" in status(widget, "BPO market of the year 2004")
    series(widget, 4)
    assert [line["x"][0] for line in drawn(widget)] == [543.48, 123.8, 47, 14]
    assert "narrower definition" in widget.inner_text()


def test_vintages_download_and_table_hold_every_plotted_point(opened):
    page, widget = opened("Vintages")
    widget.get_by_text("The numbers as a table").click()
    for view in ("seven editions of one publisher", "later sizes against each edition's path", "KPO by publisher", "forecasts and their outcomes"):
        widget.get_by_role("radio", name=view).check()
        lines = drawn(widget)
        head, *rows = saved_csv(page, widget.get_by_role("button", name="Download as CSV"))
        values = {float(cell) for row in rows for cell in row if re.fullmatch(r"-?[\d.]+", cell)}
        axis = "x" if view.startswith(("KPO", "forecasts")) else "y"
        numbers = [value for line in lines for value in line[axis] if value is not None]
        assert numbers and all(any(abs(value - kept) < 1e-3 for kept in values) for value in numbers), view
        assert widget.locator("table tbody tr").count() == len(rows) and widget.locator("thead th").all_inner_texts() == head


def test_vintages_in_python_rest_on_the_tables():
    assert [vintage.id for vintage in vintages.vintages()] == [f"GVR-{year}" for year in range(2020, 2027)]
    for vintage, row in zip(vintages.vintages(), evidence.rows("gvr_vintages")):
        on_2025 = {point.year: point.value for point in vintage.path}.get(2025)
        assert row["constant_rate_path_2025_usd_bn"] == "" or on_2025 == pytest.approx(float(row["constant_rate_path_2025_usd_bn"]), abs=0.051)
        assert vintage.relayed == (row["reliability"] == "low-aggregator") and vintage.credit.startswith("as re")
    assert all(later.gap < 0 for vintage in vintages.vintages() for later in vintage.later)
    rows = {row["id"]: row for row in evidence.rows("market_forecasts")}
    for size in vintages.kpo_sizes():
        row = rows[size.id]
        assert row["market"] == "KPO" and size.low <= size.high
        if row["base_value_usd_bn"] and int(row["base_year"]) == size.year:
            assert size.low == size.high == float(row["base_value_usd_bn"])
    assert [pair.ratio for pair in vintages.outcomes()] == pytest.approx([4.39, 3.357], abs=0.001)
    explorer = Vintages()
    explorer.follow = "GVR-2025"
    assert [later.year for later in explorer.later()] == [2026]


# ---- task sorter -------------------------------------------------------------------------------------------------

TASKS = tasks.tasks()
LABELS = tasks.BINS


def place(widget, label):
    widget.get_by_role("radio", name=label, exact=True).check()
    widget.get_by_role("button", name=re.compile("^Check")).click()


def wrong(task):
    return next(LABELS[key] for key in LABELS if key != task.answer)


def test_sorter_right_and_wrong_with_reasons_and_links(opened):
    page, widget = opened("TaskSorter")
    first, second = TASKS[:2]
    assert status(widget, "tasks sorted") == f"0 of {len(TASKS)} tasks sorted, 0 right at the first try."
    widget.get_by_role("button", name="Check").click()
    assert widget.locator(".cw-verdict").inner_text() == "Choose one of the four first."
    place(widget, LABELS[first.answer])
    assert first.why in widget.locator(".cw-verdict").inner_text()
    link = widget.get_by_role("link").first
    assert link.get_attribute("href") == f"../reference/figures.html#{evidence.fact(first.facts[0]).anchor}"
    widget.get_by_role("button", name="Next task").click()
    place(widget, wrong(second))
    assert "One more try" in widget.locator(".cw-verdict").inner_text() and second.why not in widget.inner_text()
    place(widget, LABELS[second.answer])
    assert status(widget, "^2 of") == f"2 of {len(TASKS)} tasks sorted, 1 right at the first try."
    assert widget.get_by_role("region", name=f"Sorted into: {LABELS[first.answer]}").inner_text().startswith(f"{LABELS[first.answer]}\n{first.short}")


def test_sorter_by_keyboard_to_the_end_and_again(opened):
    page, widget = opened("TaskSorter")
    keys = list(LABELS)
    widget.get_by_role("radio", name="BPO", exact=True).focus()
    for number, task in enumerate(TASKS):
        page.keyboard.press("Space")
        for _ in range(keys.index(task.answer)):
            page.keyboard.press("ArrowRight")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        if number < len(TASKS) - 1:
            assert page.evaluate("document.activeElement.textContent") == "Next task"
            page.keyboard.press("Enter")
    assert status(widget, "^All") == f"All {len(TASKS)} sorted: {len(TASKS)} right at the first try, 0 at the second, 0 tasks missed."
    assert not widget.get_by_role("button", name="Repeat those not right at first").is_visible()


def test_sorter_keeps_repeats_and_resets(opened):
    page, widget = opened("TaskSorter")
    place(widget, LABELS[TASKS[0].answer])
    widget.get_by_role("button", name="Next task").click()
    place(widget, wrong(TASKS[1]))
    place(widget, wrong(TASKS[1]))
    assert widget.locator(".cw-verdict").inner_text().startswith(f"It is {LABELS[TASKS[1].answer]}.")
    kept = json.loads(page.evaluate("localStorage.getItem('course-tasks')"))
    assert kept["schema"] == 1 and set(kept["tasks"]) == {"t01", "t02"}
    assert kept["tasks"]["t02"] | {"time": "", "page": ""} == {"answer": "bpo" if TASKS[1].answer != "bpo" else "kpo", "first": "bpo" if TASKS[1].answer != "bpo" else "kpo", "tries": 2, "right": False, "done": True, "time": "", "page": ""}
    page.reload()
    page.wait_for_function(READY)
    status(widget, "^2 of 15 tasks sorted, 1 right at the first try")
    assert widget.get_by_text("Task 3 of 15").is_visible()
    widget.get_by_role("button", name="Repeat those not right at first").click()
    status(widget, "^1 of 15")
    assert widget.get_by_text("Task 2 of 15").is_visible()
    rows = saved_csv(page, widget.get_by_role("button", name="Download as CSV"))
    assert [row[2] for row in rows[1:4]] == ["right at try 1", "open", "open"] and rows[2][3] == "", "no reason before the task is done"
    widget.get_by_role("button", name="Reset").click()
    status(widget, "^0 of 15")
    assert json.loads(page.evaluate("localStorage.getItem('course-tasks')"))["tasks"] == {}


def test_sorter_survives_what_is_kept_by_an_older_edition(opened):
    page, widget = opened("TaskSorter")
    for kept in ("{", '{"schema": 2}', json.dumps({"schema": 1, "tasks": {"t99": {"tries": 1, "answer": "bpo", "right": True, "done": True}, "t01": {"tries": 1, "answer": "kpo", "right": True, "done": True}}})):
        page.evaluate("(kept) => localStorage.setItem('course-tasks', kept)", kept)
        page.reload()
        page.wait_for_function(READY)
        status(widget, "^0 of 15")


def test_tasks_cover_the_four_bins_and_rest_on_facts(tmp_path):
    assert 12 <= len(TASKS) <= 16
    assert min(sum(task.answer == key for task in TASKS) for key in LABELS) >= 3
    for old, new, says in (("t02,", "t01,", "the id t01 stands twice"), (",bpo,", ",bop,", "Use one of: bpo, kpo, both, neither"), ("D10 ; D13", "D99 ; D13", "t01 rests on D99")):
        broken = tmp_path / "tasks.csv"
        broken.write_text(tasks.TABLE.read_text("utf8").replace(old, new, 1), "utf8")
        with pytest.raises(evidence.TableError, match=re.escape(says)):
            tasks.tasks(broken)
    sorter = TaskSorter(placed={"t01": "bpo", "t02": "kpo"})
    assert sorter.right() == ["t01"]
    assert sorter.tasks[0]["facts"][0]["url"] == "../reference/figures.html#D10"


# ---- all three ---------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("name", ["LocationMatrix", "Vintages", "TaskSorter"])
@pytest.mark.parametrize("width, dark", [(1280, False), (390, True)])
def test_nothing_for_axe_to_find_and_nothing_scrolled_sideways(opened, name, width, dark):
    page, widget = opened(name, width=width, dark=dark)
    for summary in widget.locator("summary").all():
        summary.click()
    found = Axe().run(page, context=PAGES[name][1], options={"preload": False}).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    assert widget.evaluate("(widget) => widget.scrollWidth <= widget.clientWidth") and page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_every_criterion_of_the_matrix_names_facts():
    for criterion in location.WEIGHED:
        known = [country for country, cells in location.matrix([criterion.id]).items() if cells[criterion.id] is not None]
        assert known and all(f"{country}/{criterion.id}" in evidence.facts() for country in known)
