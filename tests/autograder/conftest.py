"""Fixtures of the autograder's tests: a tiny course of their own."""

import pytest
from tiny_course import Tiny, quiz_cells


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
    """One executor for all tests, with short deadlines. Its warm processes start once."""
    from autograder.executor import Config, Executor
    from autograder.limits import Limits

    limits = Limits(cell_seconds=6, call_seconds=4, total_seconds=60, memory_mb=300, tmp_mb=16, file_mb=8, output_bytes=2_000_000)
    with Executor(Config(limits)) as running:
        assert running.level == "boxed", running.reason
        yield running
