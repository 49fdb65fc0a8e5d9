"""`artefact`: what marks and fields earn, in Python and in the browser alike, and authors' mistakes with their lines."""

from __future__ import annotations

import random

import pytest
from demo_questions import ROOT, hostile, scores_its_samples, written

from courseware.questions import KINDS, QuestionError, load_questions, score
from courseware.widgets.base import module
from courseware.widgets.question import DRAWING

ONE = (ROOT / "tests/data/kinds/artefact.yml").read_text("utf8")
MARKS, FIELDS = {"r3": "twice", "r4": "order"}, {"next": "buyer", "total": "320"}


@pytest.fixture
def question(tmp_path):
    return load_questions(written(tmp_path, ONE))[0]


# (marks, fields) -> credit by hand, of 2 faults and 2 fields: a fault 1, with another label 1/2, a mark on a sound row -1 (marks never
# below 0); a right field 1, a wrong choice among three -1/2, a wrong number 0 (fields never below 0)
BY_HAND = [
    (MARKS, FIELDS, 4 / 4),
    (MARKS, {}, 2 / 4),
    ({}, FIELDS, 2 / 4),
    ({"r3": "twice"}, FIELDS, 3 / 4),
    ({"r3": "order", "r4": "order"}, FIELDS, 3.5 / 4),
    ({**MARKS, "r1": "twice"}, FIELDS, 3 / 4),
    ({**MARKS, "r1": "twice", "r2": "twice", "r5": "order"}, FIELDS, 2 / 4),
    (MARKS, {"next": "bank", "total": "320"}, 2.5 / 4),
    (MARKS, {"next": "bank", "total": "440"}, 2 / 4),
    (MARKS, {"next": "buyer", "total": "three hundred"}, 3 / 4),
    (dict.fromkeys(("r1", "r2", "r3", "r4", "r5"), "twice"), {}, 0),
]


@pytest.mark.parametrize("marks, fields, credit", BY_HAND)
def test_credit_is_what_one_reckons_by_hand(question, marks, fields, credit):
    found = score(question, {"marks": marks, "fields": fields})
    assert found.credit == pytest.approx(credit)


def test_what_was_found_is_told_part_by_part(question):
    found = score(question, {"marks": {"r3": "order", "r2": "twice"}, "fields": {"next": "buyer", "total": "440"}})
    assert found.reason == (
        "0 of 2 faults marked right, 1 with another label, 1 mark on sound parts. 1 of 2 fields right."
    )
    told = {part.id: (part.credit, part.feedback) for part in found.parts}
    assert told == {
        "r3": (0.5, "It repeats the number and the sum of the first line."),
        "r4": (0, "The buyer ordered two lamps and nothing else."),
        "r2": (0, "Two lamps at this sum were ordered."),
        "next": (1, "The buyer knows what was ordered."),
        "total": (0, "The repeated invoice is in it."),
    }


@pytest.mark.parametrize(
    "answer, said",
    [
        ({"fields": FIELDS}, "Mark at least one part first."),
        ({"marks": MARKS}, "2 of 2 fields are empty."),
        ({"marks": MARKS, "fields": {"next": "buyer"}}, "1 of 2 fields is empty."),
        (
            {"marks": MARKS, "fields": {**FIELDS, "total": "1,234"}},
            "What is paid today: “1,234” can be read in two ways: ",
        ),
        ({"marks": MARKS, "fields": FIELDS}, ""),
    ],
)
def test_what_is_missing_is_said(question, answer, said):
    kind = KINDS["artefact"]
    found = kind.unfinished(question.public(), kind.parse(answer))
    assert found.startswith(said) and bool(found) is bool(said)


def test_a_part_that_is_fixed_takes_no_mark(question):
    assert score(question, {"marks": {"t1": "twice"}}).verdict == "invalid"
    for raw in hostile():
        for answer in ({"marks": {"r3": raw}}, {"fields": {"total": raw}}, {"marks": raw}, {"fields": raw}):
            assert score(question, answer).credit == 0


def test_only_some_turns_of_a_chat_can_be_marked(tmp_path):
    text = ONE.replace("fixed: true", "only: [y]")
    (question,) = load_questions(written(tmp_path, text))
    assert score(question, {"marks": {"t1": "twice"}}).verdict == "invalid"
    assert score(question, {"marks": {"t2": "twice"}}).verdict == "wrong"


def test_a_form_alone_is_a_question_too(tmp_path):
    text = ONE.replace("  labels: {twice: Billed twice, order: Not ordered}\n", "")
    text = text.replace(", label: twice", "").replace(", label: order", "")
    (question,) = load_questions(written(tmp_path, text))
    scores_its_samples(question)
    assert score(question, {"fields": FIELDS}).reason == "2 of 2 fields right."
    assert score(question, {"marks": {"r3": "twice"}, "fields": FIELDS}).verdict == "invalid"


MISTAKES = {
    "no setting": (
        "  setting: You work on the payables desk of Hale Tools, an invented firm.\n",
        "",
        1,
        'no "setting"',
    ),
    "no model": ("  model: Two of five lines are held, and three are paid.\n", "", 1, 'no "model"'),
    "unknown form": ("form: table", "form: spreadsheet", 11, "no known form"),
    "no columns": ("      columns: [Invoice, Supplier, Net]\n", "", 11, 'no "columns"'),
    "short row": ("[r2, INV-2, Carr Lamps, 80]", "[r2, INV-2, 80]", 17, "row 2 of piece 1 has 3 cells"),
    "date": ("INV-5, Dunn Paper, 120", "2024-05-01, Dunn Paper, 120", 20, "neither text nor number"),
    "id twice": ("[r5, INV-5", "[r4, INV-5", 20, "used twice"),
    "no such column": ("filter: [Supplier]", "filter: [Suplier]", 14, "is no column"),
    "unknown person": ("who: y", "who: z", 27, "unknown person"),
    "turn without time": (', at: "09:05"', "", 28, 'turn 3 has no "at"'),
    "fault nowhere": ("{at: r3,", "{at: r9,", 32, "unknown part 'r9'"),
    "fault in a fixed piece": ("{at: r3,", "{at: t1,", 32, "unknown part 't1'"),
    "unknown label": ("label: order", "label: late", 33, "unknown label 'late'"),
    "no label": ("label: order, ", "", 33, 'has no "label"'),
    "no reason": (", why: Two lamps at this sum were ordered.", "", 35, 'has no "why"'),
    "sound and faulty": ("{at: r5,", "{at: r3,", 36, "named as a fault and as sound"),
    "no such option": ("answer: buyer", "answer: boss", 42, "is no option"),
    "no tolerance": ("      tolerance: 0\n", "", 44, 'has no "tolerance"'),
    "mistake that is right": ("value: 440", "value: 320", 51, "lies within the tolerance"),
    "nothing to do": (ONE[ONE.index("  labels:") : ONE.index("  unmarked")], "  labels: {}\n", 29, "must map 1 to 20"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told_with_its_line_and_a_cure(tmp_path, mistake):
    old, new, line, words = MISTAKES[mistake]
    assert old in ONE
    with pytest.raises(QuestionError) as caught:
        load_questions(written(tmp_path, ONE.replace(old, new, 1)))
    told = [str(error) for error in caught.value.errors if words in str(error)]
    assert told and f":{line}: " in told[0] and told[0].endswith((".", "?")), str(caught.value)


def test_the_browser_reckons_and_says_the_same(browser, question):
    draw, answers = random.Random(7), []
    rows, labels = ["r1", "r2", "r3", "r4", "r5"], list(question.body["labels"])
    for _ in range(200):
        marks = {row: draw.choice(labels) for row in draw.sample(rows, draw.randint(1, 5))}
        fields = {
            "next": draw.choice(["buyer", "bank", "supplier"]),
            "total": draw.choice(["320", "440", "320.0", "12"]),
        }
        answers.append({"marks": {row: marks[row] for row in rows if row in marks}, "fields": fields})
    answers += [{"marks": marks, "fields": FIELDS} for marks in (MARKS, {"r3": "twice"})]
    page = browser.new_page()
    try:
        theirs = page.evaluate(
            """async ([source, question, key, answers]) => {
                const { KINDS } = await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
                const view = KINDS.artefact.build({ question, name: "x", changed() {} });
                return answers.map((answer) => { view.show(answer); return { ...view.result(key), back: view.answer(), missing: view.missing() }; });
            }""",
            [module(*DRAWING) + "\nexport { KINDS };", question.public(), question.body, answers],
        )
    finally:
        page.close()
    for answer, found in zip(answers, theirs, strict=True):
        ours = score(question, answer)
        assert (found["right"], found["text"]) == (ours.credit == 1, ours.reason), answer
        assert found["back"] == answer and found["missing"] == ""
