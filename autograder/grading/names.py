"""Names that learners choose: of their folders, which become their ids, and of their files."""

from __future__ import annotations

import os
import unicodedata
from collections import defaultdict
from collections.abc import Iterable

LONGEST = 80  # characters of a name in a log
JOINERS = "\u200c\u200d"  # invisible, and a part of ordinary words in some scripts
_SAID = {"\n": "a line break", "\r": "a line break", "\u2028": "a line break", "\u2029": "a line break", "\t": "a tab"}


def trouble(name: str) -> str:
    """Why `name` is no learner's id, as the end of a sentence ("its name ..."); "" for one that is.

    Spaces, signs and letters of any script are as good as any: pages and paths take them as they are.
    """
    if name in ("", ".", "..") or "/" in name or os.sep in name or "\0" in name:
        return "is no name of one folder"
    if name.startswith("."):
        return "begins with a dot, so that it is hidden"
    for sign in name:
        kind = unicodedata.category(sign)
        if kind == "Cs":
            return "is not written in UTF-8"
        if sign in _SAID or kind == "Cc":
            return f"holds {_SAID.get(sign, 'a control character')}"
        if kind == "Cf" and sign not in JOINERS:
            return "holds a character that cannot be seen"
    return ""


def shown(name: str) -> str:
    """A name for a log, a table or a message: every sign of it is one that can be seen, and there are not too many."""
    text = "".join(sign if sign.isprintable() else _escaped(sign) for sign in name)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."


def _escaped(sign: str) -> str:
    byte = ord(sign) - 0xDC00  # how Python keeps a byte of a name that is no UTF-8
    return f"\\x{byte:02x}" if 0x80 <= byte <= 0xFF else sign.encode("unicode_escape").decode("ascii")


def alike(names: Iterable[str]) -> list[list[str]]:
    """The names that a reader cannot tell apart, or a disk of another system: they differ in capitals, in the way accents are written, in
    spaces around them or in what cannot be seen."""
    groups = defaultdict(set)
    for name in names:
        plain = "".join(sign for sign in name if unicodedata.category(sign) not in ("Cf", "Cs"))
        groups[" ".join(unicodedata.normalize("NFKC", plain).casefold().split())].add(name)
    return sorted(sorted(group) for group in groups.values() if len(group) > 1)
