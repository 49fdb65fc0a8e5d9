"""The learner edition: the tracked tree without the bank and the sources, opened file by file before anyone gets it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from .leaks import Keys, search

LEFT_OUT = ("autograder/questions/", "autograder/source/")
MARK = ".learner-edition"


class EditionError(Exception):
    """Why a learner edition cannot be made; the text is for the instructor."""


def learner_edition(root: Path, out: Path, keys: Keys) -> int:
    """Write the learner edition of the repository at `root` to `out`; returns the number of files.

    A folder that an earlier run made is replaced. Raises EditionError; when a key is found, nothing is left in `out`.
    """
    root, out = root.resolve(), out.resolve()
    if out == root or root.is_relative_to(out):
        raise EditionError(
            f"{out} holds the repository itself. Choose another folder, for example dist/learner-edition."
        )
    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not (out / MARK).is_file())):
        raise EditionError(
            f"{out} is not empty, and no earlier run made it. Choose another folder, or remove it yourself."
        )
    names = [name for name in tracked(root) if not name.startswith(LEFT_OUT)]
    if out.is_relative_to(root) and any(name.startswith(out.relative_to(root).as_posix() + "/") for name in names):
        raise EditionError(f"{out} is part of the repository. Choose another folder, for example dist/learner-edition.")
    if out.exists():
        shutil.rmtree(out)
    out.mkdir(parents=True)
    (out / MARK).write_text(
        "Made by `autograder learner-edition`: the instructor's repository without the keys of graded questions.\n",
        encoding="utf8",
    )
    for name in names:
        target = out / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(root / name, target, follow_symlinks=False)
    leaks = search([out], keys).leaks
    if leaks:
        shutil.rmtree(out)
        raise EditionError("the learner edition would hold keys, so it was not written:\n" + "\n".join(map(str, leaks)))
    return len(names)


def tracked(root: Path) -> list[str]:
    """Files under version control that are there."""
    run = subprocess.run(["git", "-c", f"safe.directory={root}", "ls-files", "-z"], cwd=root, capture_output=True)
    if run.returncode:
        raise EditionError(
            f"{root} is not a git repository ({run.stderr.decode(errors='replace').strip().splitlines()[-1:] or ['git failed']}): "
            "only tracked files go to learners, so git must know them."
        )
    return sorted(name for name in run.stdout.decode().split("\0") if name and (root / name).exists())
