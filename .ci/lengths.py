"""Say which modules have grown too long to be read at once: of the autograder over 250 lines, of the tests over 350.

python .ci/lengths.py
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIMITS = {"autograder": 250, "tests": 350}


def too_long() -> list[str]:
    return [
        f"{path.relative_to(ROOT)}: {lines} lines, {limit} are allowed. Split it by subject."
        for folder, limit in LIMITS.items()
        for path in sorted((ROOT / folder).rglob("*.py"))
        if (lines := len(path.read_text("utf8").splitlines())) > limit
    ]


if __name__ == "__main__":
    sys.exit("\n".join(too_long()) or None)
