"""`code`: the learner writes a function, graded on inputs that they have not seen. The answer is the text of their cell.

Nothing of an answer is run here: `calls` says what is to be called, and `score_outcomes` scores what came back.
"""

from __future__ import annotations

import ast
import builtins
import json
import re
from typing import Any

from ..model import NotAnAnswer, Part, Problem, Question, Sample, Score, Secrets
from ._data import plain, same
from ._fields import a_type, in_json, near, text_problem

FIELDS = ("function", "starter", "examples", "tests", "tolerance", "solution", "samples")
TOLERANCE = 1e-6
LONGEST_SOURCE = 20_000
CELL = "-code"  # the learner's own cell is named after its question
LONGEST_ID = 64 - len(CELL)  # a cell's id has at most 64 characters
MOST_EXAMPLES, MOST_TESTS = 10, 50
ERRORS = frozenset(
    name for name, value in vars(builtins).items() if isinstance(value, type) and issubclass(value, BaseException)
)
VERDICTS = {
    "timeout": "It took too long.",
    "out of memory": "It used too much memory.",
    "too much output": "It printed more than can be kept.",
    "not serialisable": "It gave an object that is no plain data.",
    "killed": "It ended the process that it ran in.",
}
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


# ---- the author's side


def check(question: Question) -> list[Problem]:
    body, name = question.body, question.body.get("function")
    problems = []
    if not isinstance(name, str) or not name.isidentifier():
        cure = "Write the name that is called, as in 'function: cagr'."
        problems.append(Problem(("function",), f"{name!r} is no name of a function.", cure))
        name = None
    if isinstance(question.id, str) and len(question.id) > LONGEST_ID:
        problems.append(
            Problem(("id",), f"the id of a code question has at most {LONGEST_ID} characters.", "Shorten it.")
        )
    for field in ("starter", "solution"):
        problems += filter(None, [_source_problem(body.get(field), field, name)])
    if not problems and _unchanged(body["starter"], body["solution"]):
        problems.append(
            Problem(
                ("solution",), "the starter is the solution already.", "Leave the body of the starter's function open."
            )
        )
    problems += _cases(body.get("examples"), "examples", (), 1, MOST_EXAMPLES)
    problems += _cases(body.get("tests"), "tests", ("why",), 2, MOST_TESTS)
    if not problems:
        shown = [example["args"] for example in body["examples"]]
        problems += [
            Problem(
                ("tests", n, "args"),
                f"test {n + 1} is an example too: the learner knows its answer.",
                "Give it fresh values.",
            )
            for n, test in enumerate(body["tests"])
            if test["args"] in shown
        ]
    tolerance = body.get("tolerance", TOLERANCE)
    if isinstance(tolerance, bool) or not isinstance(tolerance, (int, float)) or not 0 < tolerance <= 0.1:
        wrong = f"tolerance must be a number above 0 and at most 0.1, not {tolerance!r}."
        problems.append(Problem(("tolerance",), wrong, "Write it as 0.000001 or 1.0e-6: YAML reads 1e-6 as text."))
    return problems + _sample_problems(body.get("samples"))


def _source_problem(source: Any, field: str, name: str | None) -> Problem | None:
    if problem := text_problem(source, (field,), f'"{field}"'):
        return problem
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        wrong = f'"{field}" is no Python (its line {error.lineno}: {error.msg}).'
        return Problem((field,), wrong, "Write it as a block that begins with '|'.")
    if name and not any(isinstance(node, ast.FunctionDef) and node.name == name for node in tree.body):
        return Problem((field,), f'"{field}" does not define {name}.', f"Begin it with 'def {name}(...):'.")
    return None


def _cases(cases: Any, field: str, more: tuple[str, ...], least: int, most: int) -> list[Problem]:
    one = field.rstrip("s")
    cure = f"Write each as '- {{args: [100, 121, 2], gives: 0.1{''.join(f', {name}: ...' for name in more)}}}'."
    if not isinstance(cases, list) or not least <= len(cases) <= most:
        return [Problem((field,), f'"{field}" must be a list of {least} to {most} entries.', cure)]
    problems = []
    for n, case in enumerate(cases):
        if not isinstance(case, dict) or not isinstance(case.get("args"), list):
            problems.append(Problem((field, n), f'{one} {n + 1} has no list "args".', cure))
            continue
        known = ("args", "gives", "raises", *more)
        for name in case:
            if name not in known:
                problems.append(
                    Problem((field, n, name), f'{one} {n + 1} has the unknown field "{name}".', near(name, known))
                )
        if ("gives" in case) == ("raises" in case):
            problems.append(Problem((field, n), f'{one} {n + 1} must have either "gives" or "raises".', cure))
        if "raises" in case and case["raises"] not in ERRORS:
            problems.append(
                Problem(
                    (field, n, "raises"), f"{case['raises']!r} is no error of Python's own.", "Name one, as ValueError."
                )
            )
        for part in ("args", "gives"):
            try:
                json.dumps(plain(case.get(part)), allow_nan=False)
            except (TypeError, ValueError) as error:
                wrong = (
                    f'"{part}" of {one} {n + 1} holds {error if isinstance(error, TypeError) else "NaN or infinity"}.'
                )
                problems.append(
                    Problem(
                        (field, n, part), wrong, "Use numbers, texts in quotes, true, false, null, lists and mappings."
                    )
                )
        for name in more:
            if problem := text_problem(
                case.get(name), (field, n) if name not in case else (field, n, name), f'"{name}" of {one} {n + 1}'
            ):
                problems.append(problem)
            elif told := sorted(_values([case["args"], case.get("gives")]) & _values(case[name])):
                wrong = f'"{name}" of {one} {n + 1} tells the value {told[0]}, and learners read it with their grade.'
                problems.append(Problem((field, n, name), wrong, "Name the mistake, not the values."))
    return problems


def _values(value: Any) -> set[str]:
    """The numbers of two digits or more in data or in a text: one digit may stand anywhere by chance."""
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    found = (match.replace(",", "").rstrip(".") for match in _NUMBER.findall(text))
    return {number for number in found if len(number.replace(".", "").strip("0")) > 1 or len(number) > 2}


def _sample_problems(samples: Any) -> list[Problem]:
    cure = "Give at least one wrong or half-right solution, as '- {source: ..., credit: 0.5}': it proves that the tests tell them apart."
    if not isinstance(samples, list) or not 1 <= len(samples) <= 20:
        return [Problem(("samples",), '"samples" must be a list of 1 to 20 entries.', cure)]
    problems = []
    for n, sample in enumerate(samples):
        credit = sample.get("credit") if isinstance(sample, dict) else None
        if (
            not isinstance(sample, dict)
            or set(sample) != {"source", "credit"}
            or text_problem(sample["source"], (), "")
        ):
            problems.append(Problem(("samples", n), f'sample {n + 1} must have a "source" and a "credit".', cure))
        elif isinstance(credit, bool) or not isinstance(credit, (int, float)) or not 0 <= credit < 1:
            problems.append(
                Problem(("samples", n, "credit"), f"the credit of sample {n + 1} must be from 0 to below 1.", cure)
            )
    return problems


# ---- the learner's side


def public(question: Question) -> dict[str, Any]:
    name = question.body["function"]
    return {
        "function": name,
        "starter": question.body["starter"],
        "examples": [
            {**one, "call": call_text(name, one["args"]), "expected": expected_text(one)}
            for one in question.body["examples"]
        ],
        "tolerance": question.body.get("tolerance", TOLERANCE),
    }


def call_text(name: str, args: list) -> str:
    """A call as a learner would type it: "cagr(100, 121, 2)"."""
    return f"{name}({', '.join(map(repr, args))})"


def expected_text(case: dict) -> str:
    return f"raises {case['raises']}" if "raises" in case else repr(case["gives"])


def starter(question: Question) -> str:
    text: str = question.body["starter"]
    return text


def chosen(question: Question, cell: str | None, kept: Any) -> Any:
    """Which of the two is the answer: the text of the learner's cell, or the kept answer where the cell is as it was given out.

    The cell may be older than what was kept: the notebook was not saved, or the function stands in another cell.
    """
    return kept if cell is None or _unchanged(question.body["starter"], cell) else cell


def parse(raw: Any) -> str | None:
    if raw is None:
        return None
    if type(raw) is not str:
        raise NotAnAnswer(f"The answer is {a_type(raw)}; it must be the text of a function.")
    if len(raw) > LONGEST_SOURCE:
        raise NotAnAnswer(f"The answer has {len(raw):,} characters; at most {LONGEST_SOURCE:,} are read.")
    return raw if raw.strip() else None


def unfinished(public: dict[str, Any], answer: str | None) -> str:
    if not answer or _unchanged(public["starter"], answer):
        return f"Write the function {public['function']}."
    defined = re.search(rf"^(?:async\s+)?def\s+{public['function']}\b|^{public['function']}\s*=", answer, re.MULTILINE)
    return "" if defined else f"The name {public['function']} is not defined in the cell."


def _unchanged(starter: str, source: str) -> bool:
    """Is the source the starter, but for blank lines, comments on lines of their own and spaces at the ends of lines?"""
    one, other = (
        [line.rstrip() for line in text.splitlines() if line.split("#")[0].strip()] for text in (starter, source)
    )
    return one == other


# ---- scoring


def calls(question: Question) -> list[dict]:
    """The hidden calls, in order, each {"function": name, "args": [plain data]}: data for a process of its own."""
    return [{"function": question.body["function"], "args": test["args"]} for test in question.body["tests"]]


def score(question: Question, answer: str) -> Score:
    """No credit without running it, and no zero either: the grade stays open."""
    if _unchanged(question.body["starter"], answer):
        return Score(0.0, "unanswered", "The function is as it was given out.")
    return Score(0.0, "not run", "This question needs the autograder's box to run code.")


def score_outcomes(question: Question, outcomes: Any) -> Score:
    """Score what the hidden calls gave: the share of them that gave what the author expects.

    `outcomes` is a list in the order of `calls`, each {"value": data}, {"error": name of its type, "text": ...} or
    {"verdict": "timeout" | "out of memory" | ...}. It comes from a learner's process and is not trusted: whatever it
    holds, there is a score. The reason tells no input, no value and no text of the learner's error (which could carry
    the hidden inputs out); of the first test that failed it tells the author's `why`.
    """
    tests, tolerance = question.body["tests"], question.body.get("tolerance", TOLERANCE)
    given = outcomes if type(outcomes) is list else []
    given = [outcome if type(outcome) is dict else {} for outcome in given[: len(tests)]]
    given += [{}] * (len(tests) - len(given))
    passed = [_passes(test, outcome, tolerance) for test, outcome in zip(tests, given, strict=True)]
    parts = [
        Part(f"test-{n + 1}", float(right), test["why"])
        for n, (test, right) in enumerate(zip(tests, passed, strict=True))
    ]
    if all(passed):
        return Score.of(1.0, f"All {len(tests)} hidden checks passed.", parts)
    first = passed.index(False)
    told = _how_it_failed(tests[first], given[first])
    reason = f"{sum(passed)} of {len(tests)} hidden checks passed. One that failed: {tests[first]['why']}{f' {told}' if told else ''}"
    return Score.of(sum(passed) / len(tests), reason, parts)


def _passes(case: dict, outcome: dict, tolerance: float) -> bool:
    if "raises" in case:
        return type(outcome.get("error")) is str and outcome["error"] == case["raises"]
    return "value" in outcome and same(case["gives"], outcome["value"], tolerance)


def _how_it_failed(case: dict, outcome: dict) -> str:
    if "error" in outcome:
        error = outcome["error"]
        return f"It stopped with {error}." if type(error) is str and error in ERRORS else "It stopped with an error."
    if "value" in outcome:
        wanted, found = a_type(case.get("gives")), a_type(outcome["value"])
        if "raises" in case:
            return "It gave a value where an error belongs."
        return f"It gave {found} where {wanted} belongs." if wanted != found else ""
    verdict = outcome.get("verdict")
    return VERDICTS.get(verdict, "It gave no result.") if type(verdict) is str else "It gave no result."


def samples(question: Question) -> list[Sample]:
    """The solution and the author's samples have to be run; the others are scored as they stand."""
    body = question.body
    verdict = {True: "partly", False: "wrong"}
    run = [
        Sample(sample["source"], float(sample["credit"]), verdict[sample["credit"] > 0], run=True)
        for sample in body["samples"]
    ]
    too_long = "x" * (LONGEST_SOURCE + 1)
    broken = [
        Sample(raw, 0.0, "invalid") for raw in (1, True, [body["solution"]], {"source": body["solution"]}, too_long)
    ]
    empty = [Sample(raw, 0.0, "unanswered") for raw in (None, "", " \n", body["starter"])]
    return [Sample(body["solution"], 1.0, "correct", run=True), *run, *broken, *empty]


def in_words(public: dict[str, Any], raw: Any) -> tuple[str, ...]:
    if type(raw) is not str:
        return in_json(raw)
    return (raw[:LONGEST_SOURCE],) if raw.strip() else ()


def as_lines(public: dict[str, Any]) -> list[str]:
    verb = ["" if "raises" in example else "gives " for example in public["examples"]]
    examples = [
        f"{example['call']} {gives}{example['expected']}"
        for example, gives in zip(public["examples"], verb, strict=True)
    ]
    return [f"Write the function {public['function']}.", *examples]


def secrets(question: Question) -> Secrets:
    """The author's samples are wrong and give nothing away, but that they stand beside the question does."""
    tests = question.body["tests"]
    calls = (call_text(question.body["function"], test["args"]) for test in tests)
    texts = (question.body["solution"], *(test["why"] for test in tests), *calls)
    return Secrets(texts=texts, right=(), fields=("solution", "tests", "samples"))
