"""Fixtures of the autograder's tests: a tiny course of their own."""

from dataclasses import replace

import pytest
from tiny_course import Tiny, quiz_cells

from autograder.execution.executor import Executor
from autograder.execution.limits import Limits
from autograder.execution.plan import Config


@pytest.fixture(scope="session")
def _empty(tmp_path_factory):
    return Tiny(tmp_path_factory.mktemp("empty") / "tiny")


@pytest.fixture(scope="session")
def _generated(tmp_path_factory, _empty):
    tiny = Tiny(tmp_path_factory.mktemp("generated") / "tiny", like=_empty)
    tiny.source(quiz_cells())
    tiny.generate()
    return tiny


@pytest.fixture
def tiny(tmp_path, _empty):
    """A course with questions and no assignment."""
    return Tiny(tmp_path / "tiny", like=_empty)


@pytest.fixture
def quiz(tmp_path, _generated):
    """The tiny course with its quiz generated."""
    return Tiny(tmp_path / "tiny", like=_generated)


@pytest.fixture(scope="session")
def executor():
    """One executor for all tests. Its warm processes start once."""
    with Executor(
        Config(Limits(cell_seconds=10, memory_mb=300, tmp_mb=16, file_mb=8, output_bytes=2_000_000))
    ) as running:
        assert running.level == "boxed", running.reason
        yield running


@pytest.fixture(scope="session")
def ordinary_executor():
    """With the limits that a course has which sets none."""
    with Executor() as running:
        assert running.level == "boxed", running.reason
        yield running


@pytest.fixture
def hurried(executor, monkeypatch):
    """The same executor with short deadlines, for code that never ends."""
    short = replace(executor.config.limits, cell_seconds=1.5, call_seconds=1.5)
    monkeypatch.setattr(executor, "config", replace(executor.config, limits=short))
    return executor
