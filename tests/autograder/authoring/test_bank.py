"""Every question is a good item: it rests on facts, explains itself, and reads plainly.

The checks run on the practice questions, which anybody may read, and on the graded bank where there is one
(the learner edition has none). They compute what they compare with: no key stands in this file.
"""

import json
import re
from collections import Counter
from itertools import combinations

import pytest
from bank_items import entries, normal, reasons, right, words

from courseware.questions import KINDS, asked, load_bank, score
from courseware.questions.kinds import code
from outsourcing.evidence import facts


def test_ids_are_unique_over_practice_and_graded(everything):
    assert [id_ for id_, n in Counter(question.id for question in everything).items() if n > 1] == []


def test_graded_questions_are_numbered_after_their_file(root, files):
    practice = {question.id for path, questions in files.items() if path.startswith("book/") for question in questions}
    for path, questions in files.items():
        if path.startswith("autograder/"):
            name = path.rsplit("/", 1)[1].removesuffix(".yml")
            # a chapter may have used a number first
            free = (id_ for n in range(1, 100) if (id_ := f"{name}-{n:02}") not in practice)
            assert [question.id for question in questions] == [next(free) for _ in questions]
            assert {question.use for question in questions} == {"graded"}
        else:
            assert {question.use for question in questions} == {"practice"}
    if (root / "autograder/questions").is_dir():
        assert len(load_bank(root / "autograder/questions")) == sum(
            len(found) for path, found in files.items() if path.startswith("autograder/")
        )


def test_every_question_rests_on_facts_and_names_its_objective(everything):
    for question in everything:
        # practice may ask how the course itself works
        assert question.sources or question.use == "practice", question.id
        assert set(question.sources) <= set(facts()), question.id
        assert len(question.sources) == len(set(question.sources)), question.id
        assert len(question.objective.split()) >= 3, question.id


def test_every_option_and_item_has_a_reason_of_its_own(everything):
    for question in everything:
        told = reasons(question)
        if question.kind == "code":  # its hidden tests explain themselves to the one whose function fails them
            told = [test["why"] for test in question.body["tests"]]
        elif question.kind != "decision":
            assert all("why" in entry for entry in entries(question)), question.id
        assert min(map(len, told)) >= 25, question.id
        assert len(set(map(normal, told))) == len(told), question.id
        assert not set(map(normal, told)) & {normal(entry["text"]) for entry in entries(question)}, question.id


def test_texts_are_distinct_and_none_points_at_the_others(everything):
    pointing = re.compile(
        r"\b(all|none|both|any|two) of (the|these|them)\b.*\b(above|below|options|answers)\b|\b(a|b|c|d) and (b|c|d)\b are\b|\babove\b"
    )
    for question in everything:
        texts = [normal(entry["text"]) for entry in entries(question)]
        assert len(set(texts)) == len(texts), question.id
        assert not [text for text in texts if pointing.search(text)], question.id


def test_no_double_negatives(everything):
    negative = re.compile(r"\b(not|never|no|none|nobody|nothing|neither|except|cannot|without|\w+n't)\b", re.IGNORECASE)
    for question in everything:
        asks = re.split(r"(?<=[.:])\s", question.prompt)[-1]  # the sentence that asks
        if negative.search(asks):
            doubled = [entry["text"] for entry in entries(question) if len(negative.findall(entry["text"])) > 1]
            assert not doubled, (question.id, doubled)


def test_options_begin_or_end_alike_in_form(everything):
    """A right option that alone has a full stop or a figure would give itself away."""
    for question in everything:
        texts = [entry["text"] for entry in entries(question)]
        assert len({text[-1] in ".?!" for text in texts}) <= 1, question.id
        if question.kind == "choice":
            figures = [bool(re.search(r"\d", text)) for text in texts]
            assert not (figures[right(question)] and sum(figures) == 1), question.id


def ran(question, source):
    """What the hidden calls give for a source of the bank's own author: no box is needed for it."""
    outcomes = []
    for call in code.calls(question):
        names = {}
        try:
            exec(source, names)  # noqa: S102 - from our own bank
            outcomes.append({"value": names[call["function"]](*call["args"])})
        except Exception as error:  # noqa: BLE001 - a wrong solution may fail in any way
            outcomes.append({"error": type(error).__name__, "text": str(error)})
    return outcomes


def test_samples_of_every_question_score_as_they_must(everything):
    for question in everything:
        for sample in KINDS[question.kind].samples(question):
            result = (
                code.score_outcomes(question, ran(question, sample.raw)) if sample.run else score(question, sample.raw)
            )
            assert (result.verdict, result.credit) == (sample.verdict, pytest.approx(sample.credit)), (
                question.id,
                sample.raw,
            )


def test_prompts_are_plain(everything):
    """Second-language readers: short sentences, and no prompt that is a page."""
    for question in everything:
        assert len(question.prompt) <= 420, (question.id, len(question.prompt))
        longest = max(re.split(r"(?<=[.?!:;])\s", question.prompt), key=lambda part: len(part.split()))
        assert len(longest.split()) <= 34, (question.id, longest)


def test_no_two_questions_ask_the_same(everything):
    """A graded question that repeats a practice question would test memory of its feedback."""
    for one, other in combinations(everything, 2):
        a, b = (
            words(question.prompt) | {word for entry in entries(question) for word in words(entry["text"])}
            for question in (one, other)
        )
        assert len(a & b) / len(a | b) < 0.45, (one.id, other.id)


def test_each_assignment_asks_its_questions_in_order(root, files):
    source = root / "autograder/source"
    names = sorted(path.name for path in (source if source.is_dir() else root / "exercises").iterdir() if path.is_dir())
    assert names
    for name in names:
        notebook = json.loads(
            ((source if source.is_dir() else root / "exercises") / name / f"{name}.ipynb").read_text("utf8")
        )
        cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        ids = [id_ for cell in cells if (id_ := asked("".join(cell["source"])))]
        if source.is_dir():
            points = {question.id: question.points for question in files[f"autograder/questions/{name}.yml"]}
        else:
            points = {
                question["id"]: question["points"]
                for question in json.loads((root / f"exercises/{name}/questions.json").read_text("utf8"))["questions"]
            }
        assert ids == list(points)
        settings = [cell["metadata"]["nbgrader"] for cell in cells if asked("".join(cell["source"]))]
        assert [(one["grade_id"], one["points"], one["grade"], one["locked"]) for one in settings] == [
            (id_, points[id_], True, True) for id_ in ids
        ]
        for cell, text in ((cells[0], "from courseware import ask, progress"), (cells[-1], "progress()")):
            assert (
                "".join(cell["source"]) == text
                and cell["metadata"]["nbgrader"]["locked"]
                and not cell["metadata"]["nbgrader"]["grade"]
            )
        assert not any(cell["outputs"] or cell["execution_count"] for cell in cells)
        assert len({cell["id"] for cell in notebook["cells"]}) == len(notebook["cells"])
