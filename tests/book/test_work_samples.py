"""The work samples: large enough, sound by their own tables, public, and a file that lacks something stops the build with line and cure."""

from __future__ import annotations

import shutil
import statistics
from collections import Counter

import pytest
from demo_questions import ROOT
from ipywidgets.widgets.widget import _instances

from courseware import ask, contents
from courseware.questions import QuestionError, check_folder, find_samples, load_questions, sample_id, score
from courseware.widgets.question import QuestionWidget

FILES = {path.stem: path for path in find_samples(ROOT / "book")}
SAMPLES = {name: load_questions(path)[0] for name, path in FILES.items()}


def rows(name, piece=0):
    """{id: the row's cells by their columns} of a sample's table."""
    table = SAMPLES[name].body["artefact"][piece]
    return {row[0]: dict(zip(table["columns"], row[1:], strict=True)) for row in table["rows"]}


def faulty(name):
    return {fault["at"]: fault.get("label") for fault in SAMPLES[name].body["faults"]}


def answer(name, field):
    return next(one["answer"] for one in SAMPLES[name].body["fields"] if one["id"] == field)


def test_there_are_six_of_each_kind_of_work_and_pages_show_each_once():
    assert Counter(question.body["side"] for question in SAMPLES.values()) >= Counter(bpo=6, kpo=6)
    assert check_folder(ROOT / "book") == []
    shown = Counter(id for page in contents.pages(ROOT) for id in page.asks if id.startswith("sample-"))
    assert shown == Counter(question.id for question in SAMPLES.values())


@pytest.mark.parametrize("name", FILES)
def test_a_sample_cannot_be_solved_by_its_form(name):
    """Faults use more than one label or fields ask besides, no label names all faults, and what is sound is explained as well as what is not."""
    body = SAMPLES[name].body
    used = Counter(faulty(name).values())
    assert len(body["labels"]) >= 2 and len(used) >= 2 and len(body["fields"]) >= 1
    assert len(body["sound"]) >= 3 and SAMPLES[name].points == len(body["faults"]) + len(body["fields"])
    for label in body["labels"]:  # whoever marks all with one label earns nothing by it
        whole = [part["id"] for piece in body["artefact"] for part in piece.get("turns", ())]
        whole += [row[0] for piece in body["artefact"] if not piece.get("fixed") for row in piece.get("rows", ())]
        marks = {part: label for part in whole if score(SAMPLES[name], {"marks": {part: label}}).verdict != "invalid"}
        assert not marks or score(SAMPLES[name], {"marks": marks}).credit == 0


# ---- the keys, reckoned again from what the learner sees


def test_the_measures_of_the_call_log():
    log = rows("call-log")
    assert {id for id, row in log.items() if row["Talk"] + row["Hold"] + row["After"] != row["Handle"]} == {"c10"}
    assert {id for id, row in log.items() if row["Result"] == "abandoned" and row["Handle"]} == {"c15"}
    again = Counter((row["Customer"], row["Reason"]) for row in log.values())
    first = {}
    for id, row in log.items():
        first.setdefault((row["Customer"], row["Reason"]), id)
    coded = {first[key] for key, times in again.items() if times > 1 and log[first[key]]["Result"] == "solved"}
    assert coded == {"c07"} and set(faulty("call-log")) == {"c10", "c15", "c07"}
    sound = [row for id, row in log.items() if id not in faulty("call-log")]
    offered = [row for row in sound if row["Result"] != "abandoned" or row["Wait"] > 5]
    taken = [row for row in offered if row["Result"] != "abandoned"]
    assert answer("call-log", "offered") == len(offered)
    assert answer("call-log", "level") == 100 * sum(row["Wait"] <= 20 for row in taken) / len(offered)
    assert answer("call-log", "abandoned") == 100 * (len(offered) - len(taken)) / len(offered)
    assert answer("call-log", "aht") == statistics.mean(row["Handle"] for row in taken if row["Reason"] == "Bill")


def test_the_match_of_the_invoices():
    queue, found, seen = rows("invoice-queue"), {}, set()
    for id, row in queue.items():
        number = (row["Supplier"], row["Bill"].strip("0").replace("-", ""))
        received = row["Received"]
        if row["Billed"] < 0:
            continue
        if received == 0:
            found[id] = "receipt"
        elif row["Billed"] > received + min(20, 0.02 * received):
            found[id] = "price"
        elif number in seen:
            found[id] = "twice"
        elif row["On file"] != row["On bill"]:
            found[id] = "bank"
        seen.add(number)
    assert found == faulty("invoice-queue")
    assert answer("invoice-queue", "held") == sum(queue[id]["Billed"] for id in found)


def test_the_sums_of_the_claims_and_of_the_payroll():
    receipts = {id: row["Amount"] for id, row in rows("claims-file", 1).items()}
    full = {id: amount for id, amount in receipts.items() if id not in faulty("claims-file")}
    baggage = {id for id in full if id <= "r06"}
    assert answer("claims-file", "baggage") == sum(full[id] for id in baggage)
    assert answer("claims-file", "medical") == sum(full[id] for id in set(full) - baggage) + 250 - 100
    changes = rows("payroll-changes")
    rises = {id: row["New"] - row["Old"] for id, row in changes.items() if row["Change"] == "Salary"}
    above = {id for id, rise in rises.items() if rise > 0.1 * changes[id]["Old"] and "," not in changes[id]["Approved"]}
    own = {id for id, row in changes.items() if f"({row['Approved']})" in row["Employee"]}
    assert {id for id, label in faulty("payroll-changes").items() if label == "approval"} == above | own
    waits = faulty("payroll-changes")
    assert answer("payroll-changes", "rises") == sum(rise for id, rise in rises.items() if id not in waits)


def test_the_accuracy_of_the_moderator():
    posts = len(rows("moderation-queue"))
    right = 100 * (posts - len(faulty("moderation-queue"))) / posts
    assert answer("moderation-queue", "accuracy") == pytest.approx(right, abs=0.05)
    for id, label in faulty("moderation-queue").items():
        assert rows("moderation-queue")[id]["First decision"] != label


def test_the_multiples_of_the_note():
    own = {row["Item"]: row for row in rows("equity-note").values()}
    value = {name.split(",")[0]: row["2025"] for name, row in own.items()}
    equity = value["Share price today"] * value["Shares"]
    ev = equity + value["Borrowings"] + value["Leases"] + value["Minority interests"] - value["Cash"]
    ahead = own["EBITDA"]["2026E"]
    *peers, median = rows("equity-note", 1).values()
    for column, number in median.items():
        assert column == "Company" or statistics.median(peer[column] for peer in peers) == number
    by_margin = sorted(peers, key=lambda peer: peer["EBITDA margin 2025, %"])
    for column in ("EV/EBITDA 2025", "EV/EBITDA 2026E", "P/E 2026E"):
        assert [peer[column] for peer in by_margin] == sorted(peer[column] for peer in peers)
    assert answer("equity-note", "ev") == ev and answer("equity-note", "multiple") == ev / ahead
    target = median["EV/EBITDA 2026E"]
    assert answer("equity-note", "discount") == pytest.approx(100 * (1 - ev / ahead / target))
    price = (target * ahead - (ev - equity)) / value["Shares"]
    assert answer("equity-note", "price") == pytest.approx(price)


def test_the_shares_of_the_survey():
    table = list(rows("survey-table").values())
    base = None
    for row in table:
        if row["Row"].startswith("Base"):
            base = row
            continue
        mean = sum(row[region] * base[region] for region in ("North", "South", "Coast")) / base["All"]
        assert mean == pytest.approx(row["All"], abs=0.5), row["Row"]
    by_name = {row["Row"]: row for row in table}
    north = by_name["Used the app in the last month"]["North"] * by_name["Satisfied with the app"]["North"] / 100
    assert answer("survey-table", "satisfied") == pytest.approx(north, abs=0.05)
    slow = by_name["Reason: slow connection"]["South"] * by_name["Base: did not use the app"]["South"]
    assert answer("survey-table", "slow") == pytest.approx(slow / by_name["Base: all asked"]["South"], abs=0.05)


def test_the_rates_of_the_actuary():
    def observed(group, years=("2021", "2022", "2024", "2025")):
        kept = [row for row in rows("actuarial-assumption").values() if row["Group"] == group and row["Year"] in years]
        return sum(row["Lapses"] for row in kept), sum(row["Policy years"] for row in kept)

    lapses, exposure = observed("Online, year 1")
    assert (lapses, answer("actuarial-assumption", "first")) == (100, 100 * (0.5 * lapses / exposure + 0.5 * 0.16))
    lapses, exposure = observed("Online, later")
    assert lapses == 225
    assert answer("actuarial-assumption", "later") == pytest.approx(75 * lapses / exposure + 25 * 0.08, abs=0.06)
    lapses, exposure = observed("Agent, later", ("2021", "2022", "2023", "2024", "2025"))
    assert answer("actuarial-assumption", "with") == pytest.approx(100 * lapses / exposure)


# ---- bad input

LACKING = {
    "a field": ("  others:", "  orthers:", 'no "others"'),
    "rows enough": (None, None, "rows or turns and"),
    "points enough": ("points: 7", "points: 3", "3 points. Give it at least 4."),
    "its side": ("  side: bpo\n", "", 'no "side". Write bpo or kpo.'),
    "that it is invented": ("an invented firm", "a firm", "does not say that the case is invented"),
    "its own id": ("id: sample-invoice-queue", "id: sample-invoices", "Write 'id: sample-invoice-queue'."),
    "practice": ("use: practice", "use: graded", "is graded, but this file is public"),
}


@pytest.mark.parametrize("what", LACKING)
def test_what_a_sample_lacks_is_told_with_file_and_cure(tmp_path, what):
    (tmp_path / "samples").mkdir()
    path = tmp_path / "samples/invoice-queue.yml"
    shutil.copy(FILES["invoice-queue"], path)
    old, new, words = LACKING[what]
    text = path.read_text("utf8")
    if what == "rows enough":
        kept = ("q01", "q07", "q10", "q12", "q02", "q05")
        lines = text.splitlines(keepends=True)
        drop = [line for line in lines if line.startswith("        - [q") and line[11:14] not in kept]
        drop += [line for line in lines if "{at: q" in line and line.split("{at: ")[1][:3] not in kept]
        text = "".join(line for line in lines if line not in drop)
    else:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, "utf8")
    (tmp_path / "page.md").write_text('```\nask("sample-nothing")\n```\n', "utf8")
    told = [str(error) for error in check_folder(tmp_path) if str(error).startswith(f"{path}:")]
    assert [error for error in told if words in error], told


def test_any_page_may_ask_a_sample_and_no_other(tmp_path):
    (tmp_path / "samples").mkdir()
    shutil.copy(FILES["invoice-queue"], tmp_path / "samples")
    (tmp_path / "one").mkdir()
    page = tmp_path / "one/page.md"
    page.write_text(f'ask("{sample_id(FILES["invoice-queue"])}")\n', "utf8")
    assert check_folder(tmp_path) == []
    page.write_text('ask("sample-invoices")\n', "utf8")
    (error,) = check_folder(tmp_path)
    assert f"{page}:1: " in str(error) and 'Did you mean "sample-invoice-queue"?' in str(error)


@pytest.mark.parametrize("folder", ["book/foundations", "exercises/foundations", "."])
def test_a_sample_is_shown_from_every_folder_of_the_book(monkeypatch, folder):
    """Beside chapters, beside an assignment (whose own questions it does not touch), and from the root."""
    monkeypatch.chdir(ROOT / folder)
    before = set(_instances)
    ask("sample-support-chat")
    (widget,) = [_instances[id] for id in set(_instances) - before if isinstance(_instances[id], QuestionWidget)]
    assert (widget.question["id"], widget.mode, bool(widget.key)) == ("sample-support-chat", "practice", True)
    with pytest.raises(QuestionError):
        ask("sample-support-call")


def test_a_notebook_that_lies_alone_has_no_samples(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(QuestionError, match="no questions"):
        ask("sample-support-chat")
