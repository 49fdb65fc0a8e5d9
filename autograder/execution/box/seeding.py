"""Random numbers: the same for every submission, and the same for a test and the learner's code that it has seeded."""

from __future__ import annotations

import contextlib
import importlib
import random
import re
import sys

_told: dict[str, object] = {}
_watched: set[str] = set()


def reseed(seed: int) -> None:
    """The same random numbers for every submission."""
    random.seed(seed)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(seed % 2**32)


def watch(source: str) -> None:
    """In the judge: note what a test gives to random.seed and numpy.random.seed, for the learner's process."""
    if "seed" not in source:
        return
    if re.search(r"\b(np|numpy)\b", source):
        with contextlib.suppress(ImportError):
            importlib.import_module("numpy.random")
    modules = {"random": random, "numpy": getattr(sys.modules.get("numpy"), "random", None)}
    for name, module in modules.items():
        if module is not None and name not in _watched:
            _watched.add(name)
            module.seed = _noted(name, module.seed)


def _noted(name: str, stock):
    def seed(*arguments, **named):
        value = arguments[0] if arguments else named.get("a", named.get("seed"))
        if type(value) in (int, str, float):
            _told[name] = value
        return stock(*arguments, **named)

    return seed


def told() -> dict[str, object]:
    """What has been seeded since the last time."""
    found = dict(_told)
    _told.clear()
    return found
