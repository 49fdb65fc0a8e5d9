"""A learner's text as it may stand on an instructor's page: bounded, without tags, with links to other hosts' pages alone.

Two programs lay it out, each by a grammar of its own (nbconvert for formgrader and feedback, JupyterLab for an opened notebook). So nothing here
parses: whatever could begin a tag, a link, a picture or a formula's command is kept apart by a space of no width, but for the few forms that
are recognized as a whole.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from ..execution.links import NOTHING, URL, dead_addresses, leads_elsewhere
from ..execution.outputs import PICTURES, is_base64

LONGEST_TEXT = 50_000
MOST_PROSE = 300_000  # characters of all the markdown of a notebook
MOST_CODE = 1_000_000  # characters of all its code
MOST_PICTURES = 20_000_000  # characters of base64 of all the pictures of a notebook
MOST_SIGNS, MOST_SIGNS_OF_ALL = 3_000, 12_000  # signs that markdown lays out by, and lines: of a cell, of a notebook
MOST_STEPS, MOST_STEPS_OF_ALL = (
    2_000_000,
    10_000_000,
)  # for what is looked for again at each sign, to the line's or to the text's end
CUT = "\n... cut here by the autograder ..."
PLAIN = "(The autograder shows this as it was typed: it has more signs of layout than a page needs.)"
_SIGNS = "[]()*_`~$|#=<>&\\\n"
_TAG = re.compile(r"<(?=[a-zA-Z/!?])")
_CODE = re.compile(r"(^ *```.*?^ *```|`[^`\n]*`)", re.MULTILINE | re.DOTALL)  # what is code, more or less
_ENTITY = re.compile(r"&(?!(?:lt|gt|nbsp);)(?=#|\w+;)")  # else a link could be spelt with them
_COMMAND = re.compile(
    r"\\(?=href|require|csname|class|style|cssId|data|html|unicode|def|let|newcommand|renewcommand|newenvironment|Newextarrow)"
)
_SCRIPT = re.compile(r"(javascript|vbscript|attachment)(\\*\s*:)", re.IGNORECASE)
_FENCE = re.compile(
    r"^([ \t>*+\-.:)\d]*(?:`{3,}(?=[^\n`]*$)|~{3,}))[^\n]*$", re.MULTILINE
)  # what follows it would choose who colours it
_PICTURE = re.compile(r"!\[([^\[\]\n]*)\]\(attachment:([^()\s<>]*)\)")
_INLINE = re.compile(r"\]\([ \t]*" + URL + r"(?:[ \t]+\"[^\"\\\n\[\]()<>]*\")?[ \t]*\)")
_REFERENCE = re.compile(
    r"^ {0,3}\[[^\[\]\\\n]{1,200}\]:[ \t]*" + URL + r"(?:[ \t]+\"[^\"\\\n\[\]()<>]*\")?[ \t]*$", re.MULTILINE
)
_BARE = re.compile(f"<{URL}>")
_BEGINS = re.compile(r"!(?=\[)|\](?=[(:])")


class Room:
    """What is left of the size that a notebook's prose, code and pictures may have."""

    def __init__(self):
        self.prose, self.code, self.pictures = MOST_PROSE, MOST_CODE, MOST_PICTURES
        self.signs, self.steps = MOST_SIGNS_OF_ALL, MOST_STEPS_OF_ALL


def harmless(kind: str, cell: dict, room: Room) -> dict:
    """The `source` of a learner's cell, and its pictures in `attachments` if it has any; `kind` is the type of the cell to be made."""
    text = cell["source"]
    most = min(LONGEST_TEXT, room.code if kind == "code" else room.prose)
    if len(text) > most:
        text = text[:most] + CUT
    if kind == "code":
        room.code -= min(len(text), most)
        return {"source": text}
    room.prose -= min(len(text), most)
    if not _light(text, room):
        return {"source": _as_typed(text)}
    given = _pictures(cell.get("attachments"), room) if kind == "markdown" and "attachment:" in text else {}
    return _apart(_ENTITY.sub(f"&{NOTHING}", text), given)


def _light(text: str, room: Room) -> bool:
    """Can a page lay the text out without effort? Takes what that costs from `room`."""
    signs = sum(map(text.count, _SIGNS))
    steps = sum(line.count("[") * len(line) for line in text.split("\n"))
    steps += (text.count("\\\\[") + text.count("\\\\(") + text.count("\\begin")) * len(text)
    if signs > min(MOST_SIGNS, room.signs) or steps > min(MOST_STEPS, room.steps):
        return False
    room.signs -= signs
    room.steps -= steps
    return True


def _as_typed(text: str) -> str:
    """In a fence, in lines that are not too long."""
    ticks = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    lines = (line[at : at + 500] for line in text.splitlines() for at in range(0, len(line) or 1, 500))
    return "\n".join([PLAIN, "", ticks, *lines, ticks])


def _apart(text: str, given: dict[str, dict[str, str]]) -> dict:
    kept: dict[str, dict[str, str]] = {}
    whole: list[str] = []  # the forms that are recognized; each stands in the text as its number between two NULs

    def keep(form: str) -> str:
        whole.append(form)
        return f"\0{len(whole) - 1}\0"

    def picture(match: re.Match[str]) -> str:
        name = next((name for name in (match[2], unquote(match[2])) if name in given), None)
        if name is None:  # a picture that is not there stops nbconvert
            return match[0]
        ours = f"picture-{list(given).index(name) + 1}"
        kept[ours] = given[name]
        return f"{keep('![')}{match[1]}{keep(f'](attachment:{ours})')}"

    def link(match: re.Match) -> str:
        return keep(match[0]) if leads_elsewhere(match["url"]) else match[0]

    text = _PICTURE.sub(picture, text.replace("\0", "\ufffd"))
    text = _BARE.sub(
        lambda match: keep(f"[{match['url']}]({match['url']})") if leads_elsewhere(match["url"]) else match[0], text
    )
    text = _INLINE.sub(link, _REFERENCE.sub(link, text))
    text = _FENCE.sub(r"\1", text)
    text = _BEGINS.sub(rf"\g<0>{NOTHING}", dead_addresses(_COMMAND.sub(rf"\\{NOTHING}", text)))
    text = _SCRIPT.sub(rf"\1{NOTHING}\2", text)
    # either is safe anywhere; in code an entity would be seen, and outside of it one can be copied
    text = "".join(_TAG.sub(f"<{NOTHING}" if n % 2 else "&lt;", part) for n, part in enumerate(_CODE.split(text)))
    text = re.sub("\0(\\d+)\0", lambda match: whole[int(match[1])], text)
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
