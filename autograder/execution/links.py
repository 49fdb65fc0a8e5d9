"""Addresses in what a learner wrote or printed: pages turn them into links by themselves. Only those of other hosts' pages stay links."""

from __future__ import annotations

import re

NOTHING = "\u200b"  # a space of no width: the text reads the same
_SIGN = r"[^\s<>()\[\]{}\"'`|\\^\x00-\x20\x7f]"
URL = rf"(?P<url>https?://(?:{_SIGN}|\({_SIGN}*\))+)"
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})", re.IGNORECASE)
_AT_HOME = ("localhost", "local", "localdomain", "internal", "intranet", "home", "lan", "corp", "private", "arpa")
# What a Jupyter behind a name of its own answers to: the desk may be a hub's.
_DESK = re.compile(
    r"/(?:formgrader|nbconvert|hub|lab)(?:[/?#]|$)|/user/[^/]+/(?:lab|tree|files|notebooks|view|edit|doc|api|terminals|proxy)",
    re.IGNORECASE,
)
_BARE = re.compile(r"(?:(?:https?|ftp)(?=://)|\bwww(?=\.)|(?<=[\w.+-])@(?=[\w-]+\.))", re.IGNORECASE)
_REST = re.compile(r"[^\s<\x00]{0,2000}")


def leads_elsewhere(address: str) -> bool:
    """Is it a page of another host for certain? Not where a port, a name without a dot, a number, or a path could be the desk's own."""
    match = re.match(r"https?://([^/?#]*)(.*)", address, re.IGNORECASE | re.DOTALL)
    return bool(
        match
        and _HOST.fullmatch(match[1])
        and match[1].lower().rsplit(".", 1)[1] not in _AT_HOME
        and not _DESK.search(match[2])
    )


def dead_addresses(text: str) -> str:
    """The text, in which no address is made a link but those that lead elsewhere. It reads the same."""

    def kept(match: re.Match) -> str:
        word = match[0]
        rest = ("://www" if word.lower() == "www" else "") + _REST.match(text, match.end())[0]
        rest = rest.removeprefix("://")
        host = re.match(r"[^/?#]*", rest)[0]
        whole = rest if len(host) < len(rest) else re.sub(r"[.,;:'\")\]]$", "", rest)  # a sentence goes on behind it
        alive = word.lower() in ("http", "https", "www") and leads_elsewhere(f"http://{whole}")
        return word if alive else f"{word}{NOTHING}"

    return _BARE.sub(kept, text)
