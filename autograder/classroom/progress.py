"""What a run tells while it is on its way: a bar with the time left on a terminal, plain lines elsewhere."""

from __future__ import annotations

import os
import sys
import time
from collections import Counter

from ..verdicts import SUBMISSION_VERDICTS

SECONDS = 10.0  # between two plain lines


class Quiet:
    """Nothing but what is said: nbgrader's own log tells the rest."""

    def start(self, total: int, looked_up: list) -> None:
        """`total` submissions will be graded; `looked_up` are the outcomes that stand."""

    def done(self, outcomes: list) -> None:
        """One submission is graded and written."""

    def say(self, text: str) -> None:
        print(text, file=sys.stderr, flush=True)


class Lines(Quiet):
    """A line now and then, with counts by verdict."""

    def __init__(self):
        self.total, self.count, self.verdicts, self.told = 0, 0, Counter(), time.monotonic()

    def start(self, total: int, looked_up: list) -> None:
        self.total = total
        before = len({outcome.student for outcome in looked_up})
        self.say(f"{total} to grade" + (f", {before} graded already." if before else "."))

    def done(self, outcomes: list) -> None:
        self.count += 1
        self.verdicts.update(outcome.verdict for outcome in outcomes)
        if self.count == self.total or time.monotonic() - self.told > SECONDS:
            self.told = time.monotonic()
            self.say(f"{self.count} of {self.total}: {self.words()}")

    def words(self) -> str:
        return ", ".join(
            f"{verdict} {self.verdicts[verdict]}" for verdict in SUBMISSION_VERDICTS if self.verdicts[verdict]
        )

    def close(self) -> None:
        pass


class Bar(Lines):
    """A bar on a terminal."""

    bar = None

    def start(self, total: int, looked_up: list) -> None:
        from tqdm import tqdm

        super().start(total, looked_up)
        self.bar = tqdm(total=total, unit=" submissions", dynamic_ncols=True, file=sys.stderr, leave=True)

    def done(self, outcomes: list) -> None:
        self.verdicts.update(outcome.verdict for outcome in outcomes)
        self.bar.set_postfix_str(self.words(), refresh=False)
        self.bar.update(1)

    def say(self, text: str) -> None:
        if self.bar is not None:
            self.bar.write(text, file=sys.stderr)
        else:
            super().say(text)

    def close(self) -> None:
        if self.bar is not None:
            self.bar.close()


def watcher() -> Lines:
    if not sys.stderr.isatty():
        return Lines()
    size = os.get_terminal_size(sys.stderr.fileno())
    return Bar() if size.columns and size.lines else Lines()  # a terminal that does not know its size shows no bar
