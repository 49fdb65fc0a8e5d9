"""The schema that editors use for question files: it takes every question there is, and marks mistakes of shape in each kind."""

from __future__ import annotations

import json
import os

import jsonschema
import pytest
import yaml
from demo_questions import FILES
from one_question import ROOT

from courseware.questions import KINDS
from courseware.questions.bank import COMMON, USES

PATH = ROOT / "book/courseware/questions/schema.json"
SCHEMA = json.loads(PATH.read_text("utf8"))
DEMOS = sorted((ROOT / "tests/data/kinds").glob("*.yml"))


def mistakes(questions) -> list[str]:
    return [
        f"{list(error.absolute_path)}: {error.message}"
        for error in jsonschema.Draft7Validator(SCHEMA).iter_errors(questions)
    ]


def test_it_is_a_schema_and_names_the_fields_of_each_kind():
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    common = SCHEMA["items"]["properties"]
    assert (
        set(common) == set(COMMON) and set(common["kind"]["enum"]) == set(KINDS) and common["use"]["enum"] == list(USES)
    )
    for name, kind in KINDS.items():
        assert set(SCHEMA["definitions"][name]["properties"]) == {*COMMON, *kind.FIELDS}, name


@pytest.mark.parametrize("path", [*FILES, *DEMOS], ids=lambda path: str(path.relative_to(ROOT)))
def test_it_takes_every_question_there_is(path):
    assert mistakes(yaml.safe_load(path.read_text("utf8"))) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_an_editor_finds_it_from_the_first_line_of_each_file(path):
    first = path.read_text("utf8").splitlines()[0]
    assert first == f"# yaml-language-server: $schema={os.path.relpath(PATH, path.parent)}"


PLANTED = {  # kind: (where, what is put there); "-" takes it away
    "choice": [
        (["options", 0, "why"], "-"),
        (["options", 0, "corect"], True),
        (["options", 1, "correct"], "yes"),
        (["options"], []),
        (["options", 0, "text"], 2024),
        (["items"], []),
        (["points"], 0),
        (["use"], "exam"),
        (["objective"], "-"),
        (["id"], "Demo 1"),
    ],
    "choices": [(["options", 0, "id"], "-"), (["options", 0, "why"], " "), (["scoring"], "plain")],
    "classify": [
        (["categories"], {"a": "A"}),
        (["categories", "B C"], "x"),
        (["items", 0, "answer"], "-"),
        (["scoring"], "fair"),
    ],
    "order": [(["items"], [{"id": "a", "text": "A", "why": "w"}]), (["items", 0, "answer"], 1)],
    "number": [
        (["answer"], "525.7"),
        (["tolerance"], "-"),
        (["tolerance"], "1"),
        (["tolerance"], -1),
        (["mistakes", 0, "value"], "many"),
        (["mistakes", 0, "why"], "-"),
        (["unit"], None),
    ],
    "decision": [
        (["criteria"], {"cost": "Cost"}),
        (["options", 0, "scores", "cost"], 11),
        (["options", 0, "why"], "x"),
        (["conditions", 0, "first"], "in"),
        (["conditions", 0, "more"], ["cost"]),
        (["conditions", 1, "least"], {"risk": 20}),
        (["example", "choice"], "-"),
    ],
    "code": [
        (["function"], "two words"),
        (["tests", 0, "why"], "-"),
        (["tests", 0, "raises"], "ValueError"),
        (["examples", 0, "args"], "1, 2"),
        (["samples", 0, "credit"], 1),
        (["solution"], "-"),
    ],
    "written": [
        (["words", "least"], 0),
        (["words", "most"], "-"),
        (["rubric", 0, "points"], 0),
        (["model"], "-"),
        (["options"], []),
    ],
    "artefact": [
        (["setting"], "-"),
        (["artefact", 0, "form"], "poem"),
        (["artefact", 0, "rows"], "-"),
        (["artefact", 1, "turns", 0, "who"], "-"),
        (["faults", 0, "why"], "-"),
        (["fields", 0, "options"], "-"),
        (["fields", 1, "tolerance"], "-"),
        (["model"], " "),
    ],
}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_mistakes_of_each_kind_are_marked(kind):
    source = next(path for path in DEMOS if path.stem == kind).read_text("utf8")
    assert mistakes(yaml.safe_load(source)) == []
    for where, what in PLANTED[kind]:
        questions = yaml.safe_load(source)
        place = questions[0]
        for step in where[:-1]:
            place = place[step]
        if what == "-":
            del place[where[-1]]
        else:
            place[where[-1]] = what
        assert mistakes(questions), (where, what)


@pytest.mark.parametrize("questions", [{"id": "a"}, ["a"], [{}], [{"kind": "poem"}]])
def test_what_is_no_list_of_questions_is_marked(questions):
    assert mistakes(questions)
