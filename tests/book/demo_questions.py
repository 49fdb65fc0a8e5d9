"""Two small questions that tests change, answers that no kind of question may break on, and what is asked of every question."""

from __future__ import annotations

import math
from pathlib import Path

from courseware.questions import KINDS, OPEN, score

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(
    [
        *(ROOT / "book").rglob("questions.yml"),
        *(ROOT / "book").rglob("samples/*.yml"),
        *(ROOT / "autograder/questions").glob("*.yml"),
    ]
)

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


def names_in(value) -> set[str]:
    """The names of all fields in JSON data."""
    if isinstance(value, dict):
        return set(value).union(*map(names_in, value.values()))
    return set().union(*map(names_in, value)) if isinstance(value, list) else set()


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
