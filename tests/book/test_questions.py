"""Questions: every question scores its own samples, every author's mistake has file, line and cure, no answer breaks the scoring."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from courseware.questions import (
    KINDS,
    OPEN,
    VERDICTS,
    QuestionError,
    asked,
    check_folder,
    dump_release,
    load_bank,
    load_questions,
    load_release,
    score,
)

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted([*(ROOT / "book").rglob("questions.yml"), *(ROOT / "autograder/questions").glob("*.yml")])
QUESTIONS = [question for path in FILES for question in load_questions(path)]

GOOD = """\
- id: demo-01
  use: practice
  kind: choice
  objective: tell rules from judgement
  points: 1
  prompt: Which work is *judged*?
  options:
    - {id: a, text: Reset a password, why: A rule decides it.}
    - {id: b, text: Read a patent, correct: true, why: It takes an expert.}
  sources: [D10]
- id: demo-02
  use: practice
  kind: classify
  objective: tell rules from judgement
  points: 2
  prompt: Sort the work.
  categories: {bpo: BPO, kpo: KPO}
  items:
    - {id: a, text: Passwords, answer: bpo, why: Rules.}
    - {id: b, text: Patents, answer: kpo, why: Judgement.}
    - {id: c, text: Invoices, answer: bpo, why: Rules.}
  sources: [D10]
"""


def written(folder: Path, text: str, name: str = "questions.yml") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.fixture
def demo(tmp_path):
    return {question.id: question for question in load_questions(written(tmp_path, GOOD))}


def test_the_questions_of_the_book_have_no_mistake():
    practised = {question.kind for question in QUESTIONS if question.use == "practice"}
    assert practised >= {"choice", "choices", "classify", "order", "number", "decision", "written", "code"}
    assert check_folder(ROOT / "book") == []


def scores_its_samples(question):
    """Each sample scores as it says (what has to be run first has no score here), and is told in words."""
    kind, samples = KINDS[question.kind], KINDS[question.kind].samples(question)
    verdicts = {sample.verdict for sample in samples}
    assert {"unanswered", "invalid"} < verdicts and (
        {"correct", "wrong"} <= verdicts or verdicts & set(OPEN) or samples[0].run
    )
    for sample in samples:
        result = score(question, sample.raw)
        verdict, credit = ("not run", 0) if sample.run else (sample.verdict, sample.credit)
        assert result.verdict == verdict and math.isclose(result.credit, credit, abs_tol=1e-12), (sample, result)
        words = kind.in_words(question.public(), sample.raw)
        assert result.reason and all(isinstance(line, str) for line in words), sample
        assert words or sample.verdict == "unanswered", sample


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_every_question_scores_its_own_samples(question):
    scores_its_samples(question)


def names_in(value) -> set[str]:
    """The names of all fields in JSON data."""
    if isinstance(value, dict):
        return set(value).union(*map(names_in, value.values()))
    return set().union(*map(names_in, value)) if isinstance(value, list) else set()


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_what_a_learner_may_see_holds_no_key_and_no_reason(question):
    public, secrets = question.public(), KINDS[question.kind].secrets(question)
    seen = json.dumps([public, KINDS[question.kind].as_lines(public)], ensure_ascii=False)
    assert not {*secrets.fields, "sources"} & names_in(public)
    assert secrets.texts and not [text for text in secrets.texts if json.dumps(text, ensure_ascii=False)[1:-1] in seen]
    assert all(score(question, right).verdict in ("correct", "not run") for right in secrets.right)


# ---- an author's mistakes: (what is changed, the line that is named, words of the message)
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


# ---- scoring


def hostile():
    deep: list = []
    for _ in range(50_000):
        deep = [deep]
    yield from (
        [],
        {},
        "",
        None,
        0,
        -1,
        1.5,
        True,
        float("nan"),
        float("inf"),
        10**400,
        "x" * 10_000_000,
        "\ud800",
        "a\x00",
        b"a",
        {1, 2},
        object(),
        ("a",),
    )
    yield from (
        deep,
        {"a": deep},
        {"a": {"b": {"c": []}}},
        {None: "a"},
        {1: "bpo"},
        {"a": None},
        {"a": float("nan")},
        {"a": 10**400},
        ["a"] * 10_000,
    )
    yield {f"item-{n}": "bpo" for n in range(10_000)}
    yield {"a": "bpo", "__proto__": "bpo"}


@pytest.mark.parametrize("id_", ["demo-01", "demo-02"])
def test_no_answer_breaks_the_scoring_or_earns_credit(demo, id_):
    for raw in hostile():
        result = score(demo[id_], raw)
        assert result.credit == 0 and result.verdict in ("invalid", "unanswered") and 5 < len(result.reason) < 200


def test_verdicts_are_the_shared_words(demo):
    given = {
        score(demo["demo-02"], raw).verdict
        for raw in ({"a": "bpo", "b": "kpo", "c": "bpo"}, {"a": "bpo"}, {"a": "kpo"}, None, 7)
    }
    assert given == set(VERDICTS)


def test_a_choice_gives_the_reason_of_the_chosen_option(demo):
    result = score(demo["demo-01"], "a")
    assert (result.credit, result.verdict, result.reason) == (0, "wrong", "Not correct.")
    assert [(part.id, part.credit, part.feedback) for part in result.parts] == [("a", 0, "A rule decides it.")]


def test_items_left_out_count_as_not_right(demo):
    result = score(demo["demo-02"], {"a": "bpo", "b": "bpo"})
    assert result.credit == pytest.approx(1 / 3) and result.reason == "1 of 3 items placed correctly, 1 not placed."
    assert [(part.id, part.credit) for part in result.parts] == [("a", 1), ("b", 0), ("c", 0)]


def test_corrected_scoring_takes_off_what_guessing_earns(tmp_path):
    question = load_questions(written(tmp_path, GOOD.replace("  categories:", "  scoring: corrected\n  categories:")))[
        1
    ]
    answers = [{"a": a, "b": b, "c": c} for a in ("bpo", "kpo") for b in ("bpo", "kpo") for c in ("bpo", "kpo")]
    earned = sorted(score(question, answer).credit for answer in answers)
    # (R - W) / 3 for two categories: 1, three times 1/3, and nothing below 0
    assert earned == pytest.approx([0, 0, 0, 0, 1 / 3, 1 / 3, 1 / 3, 1])
    assert score(question, {"a": "bpo"}).credit == pytest.approx(1 / 3)


# ---- release


@pytest.mark.parametrize(
    "source, id_",
    [
        ('ask("differences-07")', "differences-07"),
        ("  ask('a1')  # here\n", "a1"),
        ('# one\n\nask( "a-1" )\n# two', "a-1"),
        ('ask("a"); print(1)', None),
        ('x = ask("a")', None),
        ('ask("a")\nask("b")', None),
        ("ask(name)", None),
        ("", None),
        ('ask("A!")', None),
        ("mask('a')", None),
        ("ask('a\")", None),
    ],
)
def test_only_a_cell_that_is_exactly_a_question_is_one(source, id_):
    assert asked(source) == id_


def test_a_release_is_the_same_bytes_and_reads_back(demo, tmp_path):
    data = dump_release("demo", demo.values())
    assert data == dump_release("demo", load_questions(tmp_path / "questions.yml"))
    path = tmp_path / "questions.json"
    path.write_bytes(data)
    release = load_release(path)
    assert release.assignment == "demo" and release.questions == {
        id_: question.public() for id_, question in demo.items()
    }
    assert b"why" not in data and b'correct"' not in data
    with pytest.raises(QuestionError, match="demo-01 twice"):
        dump_release("demo", [demo["demo-01"], demo["demo-01"]])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b'{"schema": 2}',
        b'{"schema": 1}',
        b'{"schema": 1, "assignment": "a", "questions": [{"id": "x", "kind": "poem"}]}',
        b"[" * 100_000,
    ],
)
def test_a_damaged_release_says_so(tmp_path, data):
    path = tmp_path / "questions.json"
    path.write_bytes(data)
    with pytest.raises(QuestionError, match="questions.json"):
        load_release(path)
