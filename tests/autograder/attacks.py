"""The attack corpus: what learners could hand in to gain a point, to see what is not theirs, or to stop a class.

    make attacks        grades them in a class with honest work, and prints notebook, score, verdict, flag, and what was expected

Each attack is a small file in corpus/FAMILY/NAME.yml: `about`, what it does to the released notebook (`do`, in order), and
what is expected of it (`expect`: score 0 and no flag where it says nothing; `may_flag` where one may come or not). The work itself is left undone, so every
point above the expected score is gained by the attack.
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import psutil
import yaml
from attacked import ASSIGNMENT, INSIDE, SURVIVOR, prepare
from attacked_kinds import POINTS
from attacked_kinds import SOLVED as MORE_SOLVED
from edits import Edit
from tiny_course import Tiny

LIMIT_MET = ("The code ", "The files ", "A file grew ", "The notebook took ", "The answer is an object ")
CORPUS = Path(__file__).parent / "corpus"


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
        verdict, score, inside = receipt["verdict"], earned(row), row["cells"][INSIDE]
        flags = [
            flag for flag in receipt["flags"] if not flag.startswith(LIMIT_MET)
        ]  # which one is met first is chance
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
SOLVED = {"double": "def double(x):\n    return 2 * x", "mean": "mean = 5 / 2", **MORE_SOLVED}
RIGHT = {"tiny-01": "a", "tiny-02": {"i1": "fruit", "i2": "root", "i3": "fruit", "i4": "root"}, "tiny-some": ["a", "c"]}
HONEST = {
    "all": ({**SOLVED, "tiny-code-code": "def triple(x):\n    return x + x + x"}, RIGHT, 14 + POINTS),
    "code": ({**SOLVED, "tiny-code-code": "def triple(x):\n    return abs(3 * x)"}, {}, 6 + POINTS),
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
        own = ("autograded", "receipts", "ways", "gradebook.db", "feedback")
        files = {
            path.relative_to(course).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(course.rglob("*"))
            if path.is_file() and not path.is_symlink() and not path.relative_to(course).parts[0].startswith(own)
        }
        boxes = {process.pid for process in psutil.Process().children(recursive=True) if _is_box(process)}
        named = {process.pid for process in psutil.process_iter(["name"]) if process.info["name"] == SURVIVOR}
        return cls(files, frozenset(boxes | named))


def _is_box(process: psutil.Process) -> bool:
    try:
        return "box.zygote" in process.cmdline()
    except psutil.Error:  # it has just ended
        return False


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
    before = Traces.of(tiny.folder)
    tiny.grade(ASSIGNMENT)
    return before, Traces.of(tiny.folder)


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
