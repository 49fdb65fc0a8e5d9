"""A learner's text as it may stand on an instructor's page: bounded, without tags, without links that run something."""

from __future__ import annotations

import re
from urllib.parse import unquote

from ..execution.outputs import PICTURES, is_base64

LONGEST_TEXT = 50_000
MOST_PROSE = 300_000  # characters of all the markdown of a notebook
MOST_PICTURES = 20_000_000  # characters of base64 of all the pictures of a notebook
MOST_FORMULAS = 50
CUT = "\n... cut here by the autograder ..."
_TAG = re.compile(r"<(?=[a-zA-Z/!?])")
_ENTITY = re.compile(r"&(?!(?:lt|gt|nbsp);)(?=#|\w+;)")  # else a link could be spelt with them
_SCRIPT = re.compile(r"(javascript|vbscript|attachment(?=\\))(\\*\s*:)", re.IGNORECASE)
_ATTACHED = re.compile(r"(\]\()?attachment:([^()\s<>]*)(\))?")
NOTHING = "\u200b"  # a space of no width: the text reads the same


class Room:
    """What is left of the size that a notebook's prose and pictures may have."""

    def __init__(self):
        self.prose, self.pictures = MOST_PROSE, MOST_PICTURES


def harmless(kind: str, cell: dict, room: Room) -> dict:
    """The `source` of a learner's cell, and its pictures in `attachments` if it has any; `kind` is the type of the cell to be made."""
    text = cell["source"]
    most = LONGEST_TEXT if kind == "code" else min(LONGEST_TEXT, room.prose)
    if len(text) > most:
        text = text[:most] + CUT
    if kind == "code":
        return {"source": text}
    room.prose -= min(len(text), most)
    text = _SCRIPT.sub(rf"\1{NOTHING}\2", _TAG.sub("&lt;", _ENTITY.sub(f"&{NOTHING}", text)))
    if text.count("\\begin") > MOST_FORMULAS:  # nbconvert looks for the end of each through the whole text
        text = text.replace("\\begin", f"\\{NOTHING}begin")
    given = _pictures(cell.get("attachments"), room) if kind == "markdown" and "attachment:" in text else {}
    kept = {}

    def place(match: re.Match) -> str:
        name = next((name for name in (match[2], unquote(match[2])) if name in given), None)
        if not (match[1] and match[3]) or name is None:  # a picture that is not there stops nbconvert
            return str(match[0]).replace("attachment:", f"attachment{NOTHING}:")
        ours = f"picture-{list(given).index(name) + 1}"
        kept[ours] = given[name]
        return f"](attachment:{ours})"

    text = _ATTACHED.sub(place, text)
    return {"source": text, "attachments": kept} if kept else {"source": text}


def _pictures(attachments: object, room: Room) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for name, bundle in attachments.items() if isinstance(attachments, dict) else ():
        for mime in PICTURES:
            data = bundle.get(mime) if isinstance(bundle, dict) else None
            if isinstance(data, str) and len(data) <= room.pictures and is_base64(data):
                room.pictures -= len(data)
                found[name] = {mime: "".join(data.split())}
                break
    return found
