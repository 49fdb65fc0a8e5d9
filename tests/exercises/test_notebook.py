"""`ask` and `progress` in a real kernel, and nbgrader's own Validate: it names what is not answered, never what is right."""

from __future__ import annotations

import json

import nbformat
import pytest
from nbclient import NotebookClient
from nbgrader.validator import Validator

from courseware.answers import ANSWERS_FILE, ANSWERS_MIME, AnswerStore
from courseware.questions import asked


@pytest.fixture
def assignment(copy_of):
    """The released assignment `differences` in a folder of the test's own, with its public questions."""
    folder = copy_of("exercises") / "differences"
    return folder, json.loads((folder / "questions.json").read_bytes())["questions"]


def any_answer(question):
    """The first option, the items as they stand, every item in the first category: whole, and rarely right."""
    return {
        "choice": lambda: question["options"][0]["id"],
        "choices": lambda: [question["options"][0]["id"]],
        "classify": lambda: {item["id"]: next(iter(question["categories"])) for item in question["items"]},
        "order": lambda: [item["id"] for item in question["items"]],
        "number": lambda: "1",
    }[question["kind"]]()


def run(folder, *sources):
    """The outputs of each cell, run by a real kernel in `folder`."""
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source) for source in ("from courseware import ask, progress", *sources)]
    )
    NotebookClient(
        notebook, timeout=60, kernel_name="python3", allow_errors=True, resources={"metadata": {"path": str(folder)}}
    ).execute()
    return [cell.outputs for cell in notebook.cells[1:]]


def failed(folder) -> dict[str, str]:
    """What the Validate button shows: the error of each cell that it names, by question."""
    results = Validator().validate(str(folder / "differences.ipynb"))
    assert set(results) <= {"failed"}, results
    return {asked(cell["source"]): cell["raw_error"] for cell in results.get("failed", [])}


def test_validate_names_exactly_the_unanswered_questions_and_changes_nothing(assignment):
    folder, questions = assignment
    store = AnswerStore(folder, "differences")
    missing = [question["id"] for question in questions[::3]]
    sorting = next(
        question for question in questions if question["kind"] == "classify" and question["id"] not in missing
    )
    for question in questions:
        if question["id"] not in missing:
            store.keep(question["id"], question["kind"], any_answer(question))
    store.keep(missing[1], questions[3]["kind"], None)  # answered once, then cleared
    store.keep(sorting["id"], "classify", {sorting["items"][0]["id"]: next(iter(sorting["categories"]))})
    before = (folder / ANSWERS_FILE).read_bytes()
    left = len(sorting["items"]) - 1
    assert failed(folder) == {
        **{id_: f"{id_} is not answered yet." for id_ in missing},
        sorting[
            "id"
        ]: f"{sorting['id']} is not finished yet: {left} of {len(sorting['items'])} items {'is' if left == 1 else 'are'} not placed yet.",
    }
    for question in questions:
        store.keep(question["id"], question["kind"], any_answer(question))
    assert before != (folder / ANSWERS_FILE).read_bytes()
    before = (folder / ANSWERS_FILE).read_bytes()
    assert failed(folder) == {}
    assert (folder / ANSWERS_FILE).read_bytes() == before


def test_validate_with_a_broken_answers_file_names_all_and_leaves_it(assignment):
    folder, questions = assignment
    (folder / ANSWERS_FILE).write_bytes(b"{")
    assert list(failed(folder)) == [question["id"] for question in questions]
    assert (folder / ANSWERS_FILE).read_bytes() == b"{" and not list(folder.glob("answers.broken-*"))


def test_a_question_is_shown_and_never_a_result_that_could_be_graded(assignment):
    folder, questions = assignment
    id_ = questions[0]["id"]
    shown, unknown, progress = run(folder, f"x = ask({id_!r})\nassert x is None", 'ask("diferences-02")', "progress()")
    assert {output.output_type for output in shown} == {"display_data"}
    widget, text = shown
    assert "application/vnd.jupyter.widget-view+json" in widget.data
    assert questions[0]["options"][0]["text"] in text.data["text/plain"]
    (error,) = unknown
    assert error.ename == "QuestionError" and len(error.traceback) == 1
    assert error.traceback[0] == "questions.json: no question 'diferences-02'. Did you mean \"differences-02\"?"
    (output,) = progress
    assert output.data["text/plain"].startswith(f"0 of {len(questions)} answered. Still missing: {id_}, ")
    assert output.data[ANSWERS_MIME] == {"schema": 1, "assignment": "differences", "saved": "", "answers": {}}
    assert not (folder / ANSWERS_FILE).exists(), "looking keeps nothing"


def test_kept_answers_are_shown_again_and_a_learner_may_change_the_folder(assignment):
    folder, questions = assignment
    question = questions[0]
    kept = AnswerStore(folder, "differences").keep(question["id"], question["kind"], any_answer(question))
    source = f"""
import os; os.chdir("/")
from courseware import exercise
ask({question["id"]!r})
(one,) = exercise._open.values()
(shown,) = one.widgets[{question["id"]!r}]
print(shown.answer, shown.saved, shown.key)
shown.answer = {question["options"][2]["id"]!r}
print(shown.problem, shown.saved > {kept.time!r})"""
    (outputs,) = run(folder, source)
    text = "".join(output.text for output in outputs if output.output_type == "stream" and output.name == "stdout")
    assert text == f"{kept.answer} {kept.time} {{}}\n True\n", outputs
    assert AnswerStore(folder, "differences").get(question["id"]).answer == question["options"][2]["id"]


def test_a_typed_answer_is_kept_and_said_where_the_controls_are_missing(assignment):
    folder, questions = assignment
    choice = next(question for question in questions if question["kind"] == "choice")
    sorting = next(question for question in questions if question["kind"] == "classify")
    (first, *_), item, category = choice["options"], sorting["items"][0], next(iter(sorting["categories"]))
    outputs = run(
        folder,
        "import sys; sys.modules['anywidget'] = None",  # as where it is not installed
        f"from courseware import answer; ask({choice['id']!r})",
        f"answer({choice['id']!r}, {first['id']!r})",
        f"answer({sorting['id']!r}, {{{item['id']!r}: {category!r}}})",
        f"answer({choice['id']!r}, 7)",
        f"answer({choice['id']!r}, {{1, 2}})",
        "answer('no-such', 'a')",
        f"answer({choice['id']!r}, None)",
    )
    words = ["".join(output.get("text", "") for output in cell) for cell in outputs]
    total, left = len(questions), len(sorting["items"])
    assert f"({first['id']}) {first['text']}" in words[1] and f'answer("{choice["id"]}", "a")' in words[1]
    assert words[2] == f"Kept. 1 of {total} answered.\n- {first['text']}\n"
    assert words[3] == (
        f"Kept, but not finished. {left - 1} of {left} items are not placed yet. 1 of {total} answered.\n"
        f"- {item['text']}: {sorting['categories'][category]}\n"
    )
    assert words[4].startswith("Nothing was kept. The answer holds a number") and words[5].startswith(
        "Nothing was kept. It holds"
    )
    assert outputs[6][0].ename == "QuestionError" and words[7] == f"Cleared. 0 of {total} answered.\n"
    store = AnswerStore(folder, "differences")
    assert store.get(choice["id"]).answer is None and store.get(sorting["id"]).answer == {item["id"]: category}


def test_a_broken_answers_file_is_kept_aside_and_said_on_the_page(assignment):
    folder, questions = assignment
    (folder / ANSWERS_FILE).write_bytes(b'{"schema": 1, "assi')
    source = f"""
from courseware import exercise
ask({questions[0]["id"]!r})
(one,) = exercise._open.values()
(shown,) = one.widgets[{questions[0]["id"]!r}]
print(shown.problem)
shown.answer = "a"
print(shown.problem)"""
    outputs, progress = run(folder, source, "progress()")
    first, second = outputs[-1].text.splitlines()
    (aside,) = folder.glob("answers.broken-*.json")
    assert "not JSON" in first and "not lost" in first
    assert aside.name in second and aside.read_bytes() == b'{"schema": 1, "assi'
    assert aside.name in progress[0].data["text/html"]


def test_an_open_question_explains_itself_and_a_preview_keeps_nothing(tmp_path):
    text = """
- id: open-01
  use: {use}
  kind: choice
  objective: x
  points: 1
  prompt: Which?
  options: [{{id: a, text: this, correct: true, why: so}}, {{id: b, text: that, why: not so}}]
  sources: []
"""
    chapter, notebook = tmp_path / "book", tmp_path / "autograder/source/one"
    chapter.mkdir()
    notebook.mkdir(parents=True)
    (tmp_path / "autograder/questions").mkdir()
    (chapter / "questions.yml").write_text(text.format(use="practice"))
    (tmp_path / "autograder/questions/one.yml").write_text(text.format(use="graded"))
    look = "import courseware.exercise as e\nseen = []\ne.display = seen.append\nask('open-01')\nprint(seen[0].mode, bool(seen[0].key))"
    assert run(chapter, look)[0][0].text == "practice True\n"
    shown, progress = run(notebook, look + "\nseen[0].answer = 'a'", "progress()")
    assert shown[0].text == "preview False\n" and "not released yet" in progress[0].text
    assert [path.name for path in notebook.iterdir()] == []
    (chapter / "questions.yml").write_text(text.format(use="graded"))
    (error,) = run(chapter, "ask('open-01')")[0]
    assert (
        error.ename == "QuestionError"
        and "this file is public" in error.traceback[0]
        and "questions.yml:2: " in error.traceback[0]
    )


def test_the_cell_for_the_learners_own_functions_speaks_before_they_are_written(copy_of):
    """It says in a sentence what is missing, and draws once both functions give numbers."""
    folder = copy_of("exercises") / "market"
    cells = json.loads((folder / "market.ipynb").read_bytes())["cells"]
    plug = next("".join(cell["source"]) for cell in cells if cell["id"] == "plug")
    shown = run(
        folder,
        plug,
        "my_forecast()",
        "def project(value, rate, steps): ...\ndef cagr(start, end, steps): ...",
        "my_forecast()",
        "project = lambda value, rate, steps: value * (1 + rate) ** steps\ncagr = lambda start, end, steps: (end / start) ** (1 / steps) - 1",
        "drawn = my_forecast(200, 10, 2)\nprint(drawn.title, drawn.alt)",
    )
    for missing in (shown[1], shown[3]):
        assert [output.output_type for output in missing] == ["stream"] and missing[0].text.startswith(
            "There is nothing to draw yet"
        )
    (drawn,) = shown[5]
    assert "From 200.0 to 242.0 in 2 steps" in drawn.text and "10.00 % a year" in drawn.text
