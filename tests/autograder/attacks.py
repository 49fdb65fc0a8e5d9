"""The attack corpus: what learners could hand in to gain a point, to see what is not theirs, or to stop a class.

    make attacks        grades them in a class with honest work, and prints notebook, score, verdict, flag, and what was expected

Each attack is a small file in corpus/FAMILY/NAME.yml: `about`, what it does to the released notebook (`do`, in order), and
what is expected of it (`expect`: score 0 and no flag where it says nothing; `may_flag` where one may come or not). The work itself is left undone, so every
point above the expected score is gained by the attack.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
import textwrap
from dataclasses import dataclass
from pathlib import Path

import psutil
import yaml
from tiny_course import BANK, Tiny, answers_json, code, info, text

CORPUS = Path(__file__).parent / "corpus"
ASSIGNMENT = "attacked"
INSIDE = "test-inside"  # the test that runs in the learner's process: what is gained there is counted apart
MORE = """\
- id: tiny-some
  use: graded
  kind: choices
  objective: know the rivers
  points: 2
  prompt: Which rivers flow through France?
  options:
    - {id: a, text: Seine, correct: true, why: It flows through Paris and Rouen}
    - {id: b, text: Thames, why: It flows through London and Oxford}
    - {id: c, text: Loire, correct: true, why: It flows through Nantes and Tours}
    - {id: d, text: Volga, why: It flows through Kazan and Samara}
  sources: []
- id: tiny-code
  use: graded
  kind: code
  objective: write a function
  points: 2
  prompt: Write a function that gives three times its argument.
  function: triple
  starter: |
    def triple(x):
        raise NotImplementedError()
  examples:
    - {args: [1], gives: 3}
    - {args: [2], gives: 6}
  tests:
    - {args: [7], gives: 21, why: the examples were learnt by heart}
    - {args: [-2.5], gives: -7.5, why: only whole numbers above 0 were thought of}
  solution: |
    def triple(x):
        return 3 * x
  samples:
    - {source: "def triple(x): return abs(3 * x)", credit: 0.5}
  sources: []
"""
DOUBLE = '''def double(x):
    """Two times x."""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION
'''
TEST_DOUBLE = """assert double(2) == 4
### BEGIN HIDDEN TESTS
# hidden rose
assert close(double(21.25), 42.5), double(21.25)
assert isinstance(double(3), (int, float)) and abs(double(3) - 6) == 0
### END HIDDEN TESTS"""
TEST_PARTS = """score = 0.0
if close(mean, 2.5):
    score += 1
score += double(0.5) == 1
score"""
TEST_INSIDE = "import inspect\nassert inspect.getsource(whole) and whole(7) == 7"
SURVIVOR = "course-survivor"  # the name that attacks give to processes which they want to outlive the run


def cells() -> list:
    """The assignment: tests with hidden parts, partial credit by a number, a test in the learner's process, declared questions, code, and a cell for a person."""
    return [
        code(
            "import math\nfrom courseware import ask, progress\n\ndef close(a, b):\n    return math.isclose(a, b)",
            "setup",
            info("setup", locked=True),
        ),
        code("notes = 'explore here'", "explore"),
        code(DOUBLE, "double", info("double", solution=True)),
        code(TEST_DOUBLE, "test-double", info("test-double", grade=True, locked=True, points=3)),
        code("mean = None\n### BEGIN SOLUTION\nmean = 2.5\n### END SOLUTION", "mean", info("mean", solution=True)),
        code(TEST_PARTS, "test-parts", info("test-parts", grade=True, locked=True, points=2)),
        code(
            "def whole(x):\n    ### BEGIN SOLUTION\n    return round(x)\n    ### END SOLUTION",
            "whole",
            info("whole", solution=True),
        ),
        code(
            TEST_INSIDE,
            "test-inside",
            info("test-inside", grade=True, locked=True, points=1),
            autograder={"in_process": True},
        ),
        *(code(f'ask("{id_}")', id_) for id_ in ("tiny-01", "tiny-02", "tiny-some", "tiny-code")),
        text("Why?", "why", info("why", "markdown", grade=True, solution=True, points=1)),
        code("progress()", "finish", info("finish", locked=True)),
    ]


def prepare(tiny: Tiny) -> Tiny:
    """Give the tiny course the assignment that is attacked."""
    (tiny.folder / "questions/tiny.yml").write_text(BANK + MORE, encoding="utf8")
    tiny.source(cells(), ASSIGNMENT)
    tiny.generate(ASSIGNMENT)
    return tiny


class Attack:
    """One file of the corpus. `name` is FAMILY/NAME."""

    def __init__(self, path: Path):
        self.name = path.relative_to(CORPUS).with_suffix("").as_posix()
        self.learner = self.name.replace("/", "-")
        found = yaml.safe_load(path.read_text("utf8"))
        self.about, self.steps, expect = found["about"], found["do"], found.get("expect", {})
        self.score, self.verdict = float(expect.get("score", 0)), expect.get("verdict", "graded")
        self.flag, self.may_flag = expect.get("flag", ""), expect.get("may_flag")
        self.cells, self.inside = expect.get("cells", {}), expect.get("inside")

    def hand_in(self, tiny: Tiny) -> Path:
        """Write the submission into the course; returns its folder."""
        return tiny.hand_in(
            self.learner, assignment=ASSIGNMENT, edit=lambda folder: Edit(tiny.folder, folder).all(self.steps)
        )

    def wrong(self, row: dict, receipt: dict) -> list[str]:
        """What differs from what is expected, in words. `row` is the learner's in the gradebook."""
        verdict, score, inside, flags = receipt["verdict"], earned(row), row["cells"][INSIDE], receipt["flags"]
        cells = {cell["id"]: cell["verdict"] for cell in receipt["cells"]}
        found = [] if abs(score - self.score) < 1e-9 else [f"score {score:g} instead of {self.score:g}"]
        found += [] if self.inside in (None, inside) else [f"{inside:g} inside instead of {self.inside:g}"]
        found += [] if verdict == self.verdict else [f"{verdict} instead of {self.verdict}"]
        told = any(self.flag in flag for flag in flags) if self.flag else set(flags) <= {self.may_flag}
        found += [] if told else [f"flags {flags} instead of {self.flag!r}"]
        return found + [
            f"{name} {cells.get(name)} instead of {want}"
            for name, want in self.cells.items()
            if cells.get(name) != want
        ]


def earned(row: dict) -> float:
    """The score without the test that runs in the learner's process."""
    return row["score"] - row["cells"][INSIDE]


def attacks() -> list[Attack]:
    return [Attack(path) for path in sorted(CORPUS.rglob("*.yml"))]


# Honest learners: how they work, and the points that a person who reads the tests gives them.
SOLVED = {"double": "def double(x):\n    return 2 * x", "mean": "mean = 5 / 2"}
RIGHT = {"tiny-01": "a", "tiny-02": {"i1": "fruit", "i2": "root", "i3": "fruit", "i4": "root"}, "tiny-some": ["a", "c"]}
HONEST = {
    "all": ({**SOLVED, "tiny-code-code": "def triple(x):\n    return x + x + x"}, RIGHT, 14),
    "code": ({**SOLVED, "tiny-code-code": "def triple(x):\n    return abs(3 * x)"}, {}, 6),
    "clicks": ({}, {**RIGHT, "tiny-01": "c", "tiny-some": ["a"]}, 4),
    "nothing": ({}, None, 0),
    "slips": ({"double": "def double(x):\n    return x + 2", "mean": "mean = 2.5"}, {"tiny-01": "a"}, 3),
}


def honest(number: int = 30) -> dict[str, tuple[dict, dict | None, float]]:
    """Learners of a class, by their ids: what they write, what they click, and the points they have earned."""
    ways = list(HONEST)
    return {f"learner-{n:02}-{ways[n % len(ways)]}": HONEST[ways[n % len(ways)]] for n in range(number)}


@dataclass(frozen=True)
class Traces:
    """What an attack could leave behind: files of the course but for the run's own, and processes."""

    files: dict[str, str]
    processes: frozenset[int]

    @classmethod
    def of(cls, course: Path) -> Traces:
        own = ("autograded", "receipts", "gradebook.db", "feedback")
        files = {
            path.relative_to(course).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(course.rglob("*"))
            if path.is_file() and not path.is_symlink() and not path.relative_to(course).parts[0].startswith(own)
        }
        boxes = {
            process.pid for process in psutil.Process().children(recursive=True) if "box.zygote" in process.cmdline()
        }
        named = {process.pid for process in psutil.process_iter(["name"]) if process.info["name"] == SURVIVOR}
        return cls(files, frozenset(boxes | named))


def attack_class(tiny: Tiny, learners: int = 30) -> tuple[Traces, Traces]:
    """Hand in the whole corpus among honest work and grade the class once; the traces before and after."""
    for attack in attacks():
        attack.hand_in(tiny)
    for learner, (sources, answers, _points) in honest(learners).items():
        tiny.hand_in(
            learner,
            answers,
            lambda folder, sources=sources: Edit(tiny.folder, folder).all([{"write": sources}]),
            ASSIGNMENT,
        )
    tiny.course.config.Grading.update({"cell_seconds": 4.0, "memory_mb": 300})
    before = Traces.of(tiny.folder)
    tiny.grade(ASSIGNMENT)
    return before, Traces.of(tiny.folder)


class Edit:
    """What an attack may do to the submission in `folder`, by the names used in its file."""

    def __init__(self, course: Path, folder: Path):
        self.course, self.folder, self.file = course, folder, folder / f"{ASSIGNMENT}.ipynb"
        self.notebook = json.loads(self.file.read_bytes())

    def all(self, steps: list[dict]) -> None:
        self.file.unlink()
        self.save = lambda: self.file.write_text(json.dumps(self.notebook), encoding="utf8")
        for step in steps:
            for name, argument in step.items():
                getattr(self, name)(argument)
        self.save()

    def cell(self, id_: str) -> dict:
        return next(
            cell
            for cell in self.notebook["cells"]
            if cell["id"] == id_ or cell["metadata"].get("nbgrader", {}).get("grade_id") == id_
        )

    def _place(self, id_: str) -> int:
        return self.notebook["cells"].index(self.cell(id_))

    def write(self, sources: dict[str, str]) -> None:
        for id_, source in sources.items():
            self.cell(id_)["source"] = source

    text = write

    def add(self, new: dict) -> None:
        cell = {
            "cell_type": "code",
            "id": "mine",
            "metadata": {},
            "source": new["text"],
            "outputs": [],
            "execution_count": None,
        }
        self.notebook["cells"].insert(self._place(new["before"]), cell)

    def tags(self, tags: dict[str, list[str]]) -> None:
        for id_, own in tags.items():
            self.cell(id_)["metadata"]["tags"] = own

    def mark(self, marks: dict[str, dict]) -> None:
        for id_, changed in marks.items():
            self.cell(id_)["metadata"]["nbgrader"].update(changed)

    def outputs(self, results: dict[str, str]) -> None:
        for id_, result in results.items():
            data = {
                "output_type": "execute_result",
                "execution_count": 1,
                "metadata": {},
                "data": {"text/plain": result},
            }
            self.cell(id_)["outputs"] = [data]

    def delete(self, ids: list[str]) -> None:
        for id_ in ids:
            self.notebook["cells"].remove(self.cell(id_))

    def duplicate(self, id_: str) -> None:
        self.notebook["cells"].insert(self._place(id_), json.loads(json.dumps(self.cell(id_))))

    def retype(self, types: dict[str, str]) -> None:
        for id_, kind in types.items():
            cell = self.cell(id_)
            cell["cell_type"] = kind
            cell.pop("outputs", None), cell.pop("execution_count", None)

    def swap(self, ids: list[str]) -> None:
        a, b = map(self._place, ids)
        own = self.notebook["cells"]
        own[a], own[b] = own[b], own[a]

    def metadata(self, changed: dict) -> None:
        self.notebook["metadata"].update(changed)

    def answers(self, answers: dict) -> None:
        (self.folder / "answers.json").write_text(
            json.dumps(answers_json(answers, assignment=ASSIGNMENT)), encoding="utf8"
        )

    def answers_text(self, content: str) -> None:
        (self.folder / "answers.json").write_text(content, encoding="utf8")

    def notebook_text(self, content: str) -> None:
        self.save = lambda: self.file.write_text(content, encoding="utf8")

    def bom(self, _yes: bool) -> None:
        self.save = lambda: self.file.write_text(json.dumps(self.notebook), encoding="utf-8-sig")

    def name(self, name: str) -> None:
        self.file = self.folder / name

    def files(self, files: dict[str, str]) -> None:
        for name, content in files.items():
            (self.folder / name).write_text(content, encoding="utf8")

    def link(self, links: dict[str, str]) -> None:
        for name, target in links.items():
            os.symlink(target, self.folder / name)

    def python(self, source: str) -> None:
        """Anything else, in Python: `notebook`, `cell(id)`, `answers(...)`, `write(file, text)`, `course` and `folder` are at hand."""
        hand = {
            "notebook": self.notebook,
            "cell": self.cell,
            "answers": self.answers,
            "course": self.course,
            "folder": self.folder,
        }
        exec(textwrap.dedent(source), hand | {"write": lambda name, content: self.files({name: content})})  # noqa: S102 - our own corpus


def main() -> int:
    """Print the table; 1 when anything was gained, stopped or left behind."""
    with tempfile.TemporaryDirectory() as folder:
        tiny = prepare(Tiny(Path(folder) / "tiny"))
        before, after = attack_class(tiny)
        rows, bad = tiny.rows(ASSIGNMENT), 0
        print(f"{'notebook':36}{'score':>6} {'expected':>8}  {'verdict':22} flag")
        for attack in attacks():
            row, receipt = rows[attack.learner], tiny.receipt(attack.learner, ASSIGNMENT)
            wrong, flags = attack.wrong(row, receipt), "; ".join(receipt["flags"])
            bad += bool(wrong)
            told = f"{flags}{' WRONG: ' if wrong else ''}{'; '.join(wrong)}"
            print(f"{attack.name:36}{earned(row):6g} {attack.score:8g}  {receipt['verdict']:22} {told}")
        print("\nApart: a test that the course lets run in the learner's own process (1 point), and who gained it:")
        apart = {attack.name: gain for attack in attacks() if (gain := rows[attack.learner]["cells"][INSIDE])}
        print(*(f"{name:36}{gain:6g}" for name, gain in apart.items()), "", sep="\n")
        changed = [
            learner for learner, (_s, _a, points) in honest().items() if abs(rows[learner]["score"] - points) > 1e-9
        ]
        left = [
            *(after.processes - before.processes),
            *(name for name in after.files if after.files[name] != before.files.get(name)),
        ]
        gained = sum(max(0.0, earned(rows[attack.learner]) - attack.score) for attack in attacks())
        same = len(honest()) - len(changed)
        print(
            f"{len(attacks())} attacks, {gained:g} points gained; {same} of {len(honest())} honest learners unchanged;",
            end=" ",
        )
        print(f"left behind: {left or 'nothing'}.")
        return int(bool(bad or changed or left))


if __name__ == "__main__":
    sys.exit(main())
