"""Mistakes of a questions' author: each is told with file, line and cure."""

from __future__ import annotations

import pytest
from demo_questions import GOOD, written

from courseware.questions import QuestionError, check_folder, load_bank, load_questions

MISTAKES = {
    "malformed YAML": ("kind: choice", "kind: [choice", 4, "not YAML"),
    "a tab": ("  kind: choice", "\tkind: choice", 3, "not YAML"),
    "unknown kind": ("kind: choice", "kind: chioce", 3, 'Did you mean "choice"?'),
    "unknown use": ("use: practice", "use: exam", 2, "practice (its answers are public) or graded"),
    "unknown field": ("objective: tell", "objectve: tell", 4, 'Did you mean "objective"?'),
    "unknown field of an option": ("correct: true, why", "corect: true, why", 9, 'Did you mean "correct"?'),
    "missing field": ("  objective: tell rules from judgement\n", "", 1, 'no "objective"'),
    "missing prompt": ("  prompt: Which work is *judged*?\n", "", 1, 'no "prompt"'),
    "empty prompt": ("prompt: Which work is *judged*?", "prompt:", 6, "is empty"),
    "missing sources": ("  sources: [D10]\n", "", 1, 'no "sources"'),
    "duplicate question id": ("id: demo-02", "id: demo-01", 11, "is already used at "),
    "bad id": ("id: demo-01", "id: Demo 1", 1, "is not an id"),
    "duplicate option id": ("id: b, text: Read", "id: a, text: Read", 9, "used twice"),
    "no correct option": ("correct: true, ", "", 7, "no option is correct"),
    "two correct options": ("password, why", "password, correct: true, why", 9, "is correct too"),
    "correct is no truth value": ("correct: true", "correct: maybe", 9, "must be true or false"),
    "missing why": (", why: A rule decides it.", "", 8, 'has no "why"'),
    "empty why": ("why: A rule decides it.", "why: ''", 8, "is empty"),
    "a text that YAML reads as a number": ("text: Reset a password", "text: 2024", 8, "double quotes"),
    "a text with a comma": (
        "text: Reset a password",
        "text: Reset 4,000 passwords",
        8,
        "put the text in double quotes",
    ),
    "unknown category": ("answer: kpo", "answer: kop", 20, 'Did you mean "kpo"?'),
    "a category that YAML reads as no": ("answer: kpo", "answer: no", 20, "double quotes"),
    "one category": ("{bpo: BPO, kpo: KPO}", "{bpo: BPO}", 17, "2 to 20"),
    "points zero": ("points: 1", "points: 0", 5, "above 0"),
    "points not a number": ("points: 1", "points: one", 5, "above 0"),
    "points not finite": ("points: 1", "points: .inf", 5, "above 0"),
    "points true": ("points: 1", "points: yes", 5, "above 0"),
    "a field twice": ("points: 1", "points: 1\n  points: 2", 6, "given twice"),
    "unknown scoring": ("  categories:", "  scoring: fair\n  categories:", 17, "plain"),
    "an alias": ("objective: tell rules from judgement\n  points: 1", "objective: &o tell\n  points: *o", 4, "alias"),
    "a question that is no mapping": ("- id: demo-02", "- nothing\n- id: demo-02", 11, "not a mapping"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told_with_file_line_and_cure(tmp_path, mistake):
    old, new, line, words = MISTAKES[mistake]
    assert old in GOOD
    path = written(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(QuestionError) as caught:
        load_questions(path)
    told = [error for error in caught.value.errors if words in str(error)]
    assert told, str(caught.value)
    assert str(told[0]).startswith(f"{path}:{line}: "), str(told[0])
    assert len(str(told[0]).rstrip(".").split(". ")) >= 2 or "?" in str(told[0]), (
        "the message has a cure after what is wrong"
    )
    assert [str(error) for error in check_folder(tmp_path)] == [str(error) for error in caught.value.errors]


@pytest.mark.parametrize(
    "data, words",
    [
        (b"\xff\xfe- id", "not UTF-8"),
        (b"", "not a list"),
        (b"id: demo-01", "not a list"),
        (b"- [" * 5000, "nested too deeply|not YAML"),
        (b"- id: \x07x", "does not allow"),
        (b"- &a [*a]", "alias"),
    ],
    ids=["latin", "empty", "one question", "deep", "control character", "a list that holds itself"],
)
def test_a_file_that_is_no_question_file_is_told(tmp_path, data, words):
    path = written(tmp_path, data)
    with pytest.raises(QuestionError, match=words) as caught:
        load_questions(path)
    assert str(caught.value).startswith(f"{path}:")


def test_a_missing_file_and_an_empty_bank_are_told(tmp_path):
    with pytest.raises(QuestionError, match="cannot be read"):
        load_questions(tmp_path / "none.yml")
    with pytest.raises(QuestionError, match="no question files"):
        load_bank(tmp_path)


def test_all_mistakes_of_a_bank_are_told_together(tmp_path):
    written(tmp_path, GOOD.replace("points: 1", "points: -1").replace("answer: kpo", "answer: x"), "a.yml")
    written(tmp_path, GOOD.replace("kind: choice", "kind: choose"), "b.yml")
    with pytest.raises(QuestionError) as caught:
        load_bank(tmp_path)
    assert len(str(caught.value).splitlines()) == len(caught.value.errors) >= 3
    assert "a.yml:5:" in str(caught.value) and "a.yml:20:" in str(caught.value) and "b.yml:3:" in str(caught.value)


def test_an_id_used_in_two_files_names_both_places(tmp_path):
    written(tmp_path, GOOD, "a.yml")
    written(tmp_path, GOOD, "b.yml")
    with pytest.raises(QuestionError) as caught:
        load_bank(tmp_path)
    first = str(caught.value).splitlines()[0]
    assert f"{tmp_path / 'b.yml'}:1:" in first and f"{tmp_path / 'a.yml'}:1" in first


def test_a_graded_question_or_an_unknown_fact_in_a_public_folder_is_told(tmp_path):
    (tmp_path / "part").mkdir()
    written(tmp_path / "part", GOOD.replace("use: practice", "use: graded", 1))
    assert [error.line for error in check_folder(tmp_path)] == [1]
    assert "this file is public" in str(check_folder(tmp_path)[0])
    unknown = check_folder(tmp_path, sources={"D11"})
    assert any('unknown fact "D10"' in str(error) and 'Did you mean "D11"?' in str(error) for error in unknown)


def test_a_chapter_that_asks_an_unknown_question_is_told_with_its_line(tmp_path):
    written(tmp_path, GOOD)
    chapter = written(
        tmp_path, '# A chapter\n\n```{code-cell}\nask("demo-01")\nask("demo-20")\n```\nSo: `ask("x")`.\n', "chapter.md"
    )
    (error,) = check_folder(tmp_path)
    assert str(error) == f'{chapter}:5: no question "demo-20" in {tmp_path / "questions.yml"}. Did you mean "demo-02"?'
    (tmp_path / "part").mkdir()
    written(tmp_path / "part", 'ask("demo-01")\n', "other.md")
    assert "Write it in questions.yml" in str(check_folder(tmp_path)[-1]), "a chapter's questions lie in its own folder"
