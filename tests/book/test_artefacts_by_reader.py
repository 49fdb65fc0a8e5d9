"""A work sample of each form as a reader works on it: mouse, keyboard, two tries, a reload, desk and phone, light and dark."""

from __future__ import annotations

import json

import pytest
from accessible import check_in_all_views
from one_question import ROOT, practice, write_page

from courseware.questions import load_questions

FORMS = {"chat": "support-chat", "table": "invoice-queue", "document": "contract-clause", "record": "adverse-event"}


@pytest.fixture
def desk(tmp_path, open_page):
    """desk(form) -> (page, the sample's element, its question)"""
    watches = []

    def open_(form):
        (question,) = load_questions(ROOT / f"book/samples/{FORMS[form]}.yml")
        theme = "matchMedia('(prefers-color-scheme: dark)')"
        follow = f"const d = {theme}, f = () => document.documentElement.dataset.theme = d.matches ? 'dark' : 'light'; d.onchange = f; f();"
        page, watch = open_page(write_page(tmp_path, practice(question), before=follow), width=1280)
        page.wait_for_selector("html[data-course-widgets=ready]")
        watches.append(watch)
        return page, page.locator(".cw-question"), question

    yield open_
    assert [(watch.errors, watch.outside) for watch in watches] == [([], [])] * len(watches)


def spaced(node):
    return node.inner_text().replace("\u00a0", " ")


def said(here):
    return spaced(here.locator(".cw-status"))


def mark(here, at, label):
    here.locator(f"[data-part={at}] select").select_option(label)


def fill(here, question, field):
    if "options" not in field:
        here.get_by_role("textbox", name=field["text"]).fill(str(field["answer"]))
    elif max(map(len, field["options"].values())) > 32:
        group = here.get_by_role("group", name=field["text"])
        group.get_by_role("radio", name=field["options"][field["answer"]], exact=True).check()
    else:
        here.get_by_role("combobox", name=field["text"], exact=True).select_option(field["answer"])


@pytest.mark.parametrize("form", FORMS)
def test_two_tries_and_every_fault_explained(desk, form):
    page, here, question = desk(form)
    check, body = here.get_by_role("button", name="Check"), question.body
    check.click()
    assert said(here) == "Mark at least one part first."
    first, *others = body["faults"]
    mark(here, first["at"], first["label"])
    assert said(here) == "1 mark."
    check.click()
    assert said(here) == f"{len(body['fields'])} of {len(body['fields'])} fields are empty."

    page.reload()  # what was begun is there again
    page.wait_for_selector("html[data-course-widgets=ready]")
    assert here.locator(f"[data-part={first['at']}] select").input_value() == first["label"]
    stray = body["sound"][0]
    mark(here, stray["at"], next(iter(body["labels"])))
    for field in body["fields"]:
        fill(here, question, field)
    check.click()
    fields = len(body["fields"])
    assert said(here).startswith(
        f"1 of {len(body['faults'])} faults marked right, 1 mark on sound parts. {fields} of {fields}"
    )
    text = spaced(here)
    assert first["why"] in text and stray["why"] in text, "what was marked is explained"
    assert body["model"] not in text and not [fault for fault in others if fault["why"] in text], (
        "what was missed is not"
    )

    page.reload()
    page.wait_for_selector("html[data-course-widgets=ready]")
    assert said(here).endswith("One more try.")
    mark(here, stray["at"], "")
    for fault in others[1:]:
        mark(here, fault["at"], fault["label"])
    here.get_by_role("button", name="Check again").click()
    text = spaced(here)
    assert said(here).endswith("The answer and the reasons are above.") and "The model answer" in text
    for entry in (*body["faults"], *body["sound"]):
        assert entry["why"] in text, entry
    assert (
        here.locator(".cw-mark select:enabled, .cw-form select:enabled, .cw-form input:enabled:read-write").count() == 0
    )
    check_in_all_views(page, ".cw-question")
    kept = json.loads(page.evaluate("localStorage.getItem('course-progress')"))["questions"][question.id]
    assert (kept["tries"], kept["done"], kept["right"], kept["first"]["marks"]) == (
        2,
        True,
        False,
        {first["at"]: first["label"], stray["at"]: next(iter(body["labels"]))},
    )
    here.get_by_role("button", name="Start this question again").click()
    assert here.locator(".cw-why").count() == 0 and here.locator("[data-marked]").count() == 0


def test_a_queue_is_sorted_filtered_and_decided_by_keyboard(desk):
    page, here, question = desk("table")

    def shown():
        return [row.get_attribute("data-part") for row in here.locator("tr[data-part]:visible").all()]

    came = shown()
    here.get_by_role("button", name="Billed").focus()
    page.keyboard.press("Enter")
    assert here.get_by_role("columnheader", name="Billed").get_attribute("aria-sort") == "ascending"
    assert shown()[0] == "q13", "the credit note comes first"
    page.keyboard.press("Enter")
    assert shown()[0] == "q09" and page.evaluate("document.activeElement.textContent") == "Billed"
    page.keyboard.press("Enter")
    assert shown() == came
    here.get_by_role("combobox", name="Supplier").focus()
    page.keyboard.press("M")
    assert here.get_by_text("3 of 22 rows shown.").is_visible() and shown() == ["q06", "q10", "q19"]
    assert all("Milo" in row.inner_text() for row in here.locator("tr[data-part]:visible").all())
    here.get_by_role("combobox", name="Mark: Item 10").focus()
    page.keyboard.press("N")
    assert here.locator("[data-part=q10] select").input_value() == "receipt" and said(here) == "1 mark."
    assert here.locator("[data-part=q10]").get_attribute("data-marked") is not None
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Mark: Item 19"
    here.get_by_role("combobox", name="Supplier").select_option("")
    assert shown() == came and here.locator("[data-part=q10] select").input_value() == "receipt"
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert here.get_by_role("combobox", name="Mark: Item 22").is_visible()


def test_a_right_answer_is_told_at_once(desk):
    page, here, question = desk("document")
    for fault in question.body["faults"]:
        mark(here, fault["at"], fault["label"])
    for field in question.body["fields"]:
        fill(here, question, field)
    here.get_by_role("button", name="Check").click()
    assert said(here) == "5 of 5 faults marked right. 2 of 2 fields right."
    assert question.body["model"] in spaced(here)
