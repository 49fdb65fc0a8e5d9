"""A copy of the course as a checkout has it, for tests that write where the course writes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MADE = shutil.ignore_patterns(
    ".git",
    ".venv",
    "_build",
    "dist",
    "build",
    "class",
    "work",
    "*.egg-info",
    "__pycache__",
    ".pytest_cache",
    ".ipynb_checkpoints",
    ".jupyter_cache",
)


def copy_tree(target: Path) -> Path:
    return Path(shutil.copytree(ROOT, target, ignore=MADE))


def nbgrader(tree: Path, *arguments: str, env: dict[str, str], ok: bool = True) -> str:
    """Run `nbgrader ...` in the course's folder as an instructor does; returns what it said."""
    run = subprocess.run(
        [Path(sys.executable).with_name("nbgrader"), *arguments],
        cwd=tree,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
    )
    said = run.stdout + run.stderr
    assert (run.returncode == 0) is ok, said[-6000:]
    return said
