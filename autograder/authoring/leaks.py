"""Open every file that learners get and look for keys of graded questions, however they are wrapped.

Looked for: the reason (`why`) of an option or item, in any spelling of its characters; data that marks the correct option or
an item's category; a question's id together with its answer; a hash of "id:answer"; the bank's own YAML. Looked into: text,
JSON, YAML, notebooks with outputs and metadata, HTML with its scripts and widget state, zip, wheel, tar and gzip, one in another.
"""

from __future__ import annotations

import base64
import contextlib
import gzip
import hashlib
import html
import io
import json
import re
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from courseware.questions import KINDS, Secrets, load_bank

SHORTEST_REASON = 20  # letters: a shorter reason may stand anywhere by chance
DEEPEST = 6
LARGEST = 200_000_000
_SCRIPT = re.compile(r"<script[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)
_MARKUP = re.compile(r"<[^>]+>")
_ESCAPE = re.compile(r"\\+u([0-9a-fA-F]{4})")
_HEX = re.compile(
    r"(?<![0-9a-fA-F])(?:[0-9a-fA-F]{32}|[0-9a-fA-F]{40}|[0-9a-fA-F]{64}|[0-9a-fA-F]{128})(?![0-9a-fA-F])"
)
_BASE64 = re.compile(r"(?<![\w+/])[\w+/]{22,88}={0,2}")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Leak:
    """A key in a file; `file` names the archive and the member as outer!inner."""

    file: str
    question: str
    what: str

    def __str__(self) -> str:
        return f"{self.file}: {self.what} (question {self.question})"


@dataclass
class Found:
    opened: int = 0
    leaks: list[Leak] = field(default_factory=list)
    clean: set[bytes] = field(default_factory=set)  # contents that were looked at before and held nothing


@dataclass(frozen=True)
class Keys:
    """What must not be found, prepared once."""

    reasons: dict[str, str]  # squashed text of a reason -> question id
    answers: dict[str, tuple]  # question id -> the raw answers that earn full credit
    texts: dict[str, str]  # squashed text of an option or item -> question id
    fields: dict[str, tuple[str, ...]]  # question id -> names that only its key has
    hashes: dict[str, str]  # spelling of a digest -> question id
    near: dict[str, re.Pattern]  # question id -> its id beside its answer


def keys_of_bank(folder: Path) -> Keys:
    """Everything that gives away a graded question of the bank. Raises QuestionError."""
    keys = Keys({}, {}, {}, {}, {}, {})
    for question in load_bank(folder).values():
        if question.use != "graded":
            continue
        secrets = KINDS[question.kind].secrets(question)
        for squashed, texts in ((keys.reasons, secrets.texts), (keys.texts, secrets.shown)):
            squashed |= {squash(text): question.id for text in texts if len(squash(text)) >= SHORTEST_REASON}
        keys.answers[question.id], keys.fields[question.id] = secrets.right, secrets.fields
        keys.hashes.update((digest, question.id) for digest in _digests(question.id, secrets))
        if words := [re.escape(right) for right in secrets.right if isinstance(right, str)]:
            keys.near[question.id] = re.compile(
                rf"(?<![\w-]){re.escape(question.id)}[\"']?\s*(?::|=>?|,)\s*[\[{{(]?\s*[\"'](?:{'|'.join(words)})[\"']"
            )
    return keys


def search(paths: list[Path], keys: Keys) -> Found:
    """Open all files at and below `paths`."""
    found = Found()
    for top in paths:
        files = (
            [top]
            if top.is_file()
            else sorted(
                path
                for path in top.rglob("*")
                if path.is_file() and not path.is_symlink() and ".git" not in path.relative_to(top).parts
            )
        )
        for path in files:
            _open(str(path), path.read_bytes(), keys, found, 0)
    return found


def squash(text: str) -> str:
    """Only the letters and digits, in lower case: equal for all spellings that read the same."""
    return "".join(_WORD.findall(text.lower()))


def _digests(id_: str, secrets: Secrets) -> Iterator[str]:
    spelled = [*(right for right in secrets.right if isinstance(right, str)), *secrets.spelled]
    for right in secrets.right:
        if not isinstance(right, str):
            spelled += [json.dumps(right), json.dumps(right, sort_keys=True), json.dumps(right, separators=(",", ":"))]
    for text in [f"{id_}{sign}{answer}" for answer in spelled for sign in (":", "", "-", "/", "|", "=")] + [
        text for text in spelled if len(text) > 8
    ]:
        for name in ("md5", "sha1", "sha256", "sha512"):
            digest = hashlib.new(name, text.encode(), usedforsecurity=False)
            yield digest.hexdigest()
            yield base64.b64encode(digest.digest()).decode()


def _open(name: str, data: bytes, keys: Keys, found: Found, depth: int) -> None:
    found.opened += 1
    for inner, content in _members(name, data) if depth < DEEPEST else ():
        _open(f"{name}!{inner}", content, keys, found, depth + 1)
    content = hashlib.sha256(data).digest() + Path(name).suffix.encode()
    if content not in found.clean:
        leaks = list(dict.fromkeys(_leaks(name, data, keys)))
        found.leaks += leaks
        if not leaks:
            found.clean.add(content)


def _members(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    if data[:4] in (b"PK\3\4", b"PK\5\6") and zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for entry in archive.infolist():
                if not entry.is_dir() and entry.file_size <= LARGEST:
                    yield entry.filename, archive.read(entry)
    elif data[:2] == b"\x1f\x8b" or data[257:262] == b"ustar":
        try:
            with tarfile.open(fileobj=io.BytesIO(data)) as archive:
                for entry in archive:
                    if entry.isfile() and entry.size <= LARGEST:
                        yield entry.name, archive.extractfile(entry).read()
        except tarfile.ReadError:
            if data[:2] == b"\x1f\x8b":
                yield "content", gzip.decompress(data)


def _leaks(name: str, data: bytes, keys: Keys) -> Iterator[Leak]:
    if b"\0" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("latin-1")
    else:
        text = data.decode("utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8", "replace")
    plain = (
        _ESCAPE.sub(lambda match: chr(int(match[1], 16)), html.unescape(text)).replace("\\n", " ").replace("\\t", " ")
    )
    for spelled in {squash(plain), squash(_MARKUP.sub(" ", plain))}:
        yield from (
            Leak(name, id_, "the reason of an option or item")
            for reason, id_ in keys.reasons.items()
            if reason in spelled
        )
    for token in {*(match.lower() for match in _HEX.findall(text)), *_BASE64.findall(text)} & keys.hashes.keys():
        yield Leak(name, keys.hashes[token], "a hash of the answer")
    for id_, pattern in keys.near.items():
        if id_ in plain and pattern.search(plain):  # the pattern alone takes 75 times as long
            yield Leak(name, id_, "the id beside the answer")
    for value in _values(name, text):
        yield from _walk(name, value, keys, None)


def _values(name: str, text: str) -> Iterator[Any]:
    """The data in a file, as far as it can be parsed."""
    suffix = Path(name.rsplit("!", 1)[-1]).suffix.lower()
    chunks = []
    if suffix in (".html", ".htm", ".xml", ".svg") or "<script" in text:
        chunks += _SCRIPT.findall(text)
    if suffix in (".jsonl", ".ndjson"):
        chunks += text.splitlines()
    if text.lstrip("\ufeff \t\r\n")[:1] in ("{", "["):
        chunks.append(text.lstrip("\ufeff"))
    for chunk in chunks:
        if chunk.strip()[:1] in ("{", "[", '"'):
            with contextlib.suppress(ValueError, RecursionError):
                yield json.loads(chunk)
    if suffix in (".yml", ".yaml"):
        with contextlib.suppress(yaml.YAMLError):
            yield from yaml.safe_load_all(text)


def _walk(name: str, value: Any, keys: Keys, within: str | None) -> Iterator[Leak]:
    """`within`: the graded question that an enclosing object names by its id."""
    stack = [(value, within)]
    while stack:
        value, within = stack.pop()
        if isinstance(value, list):
            stack += [(entry, within) for entry in value]
        elif isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
            # JSON inside JSON: widget state, notebook outputs
            with contextlib.suppress(ValueError, RecursionError):
                stack.append((json.loads(value), within))
        elif isinstance(value, dict):
            named = value.get("id")
            inside = named if isinstance(named, str) and named in keys.answers else within
            text = value.get("text")
            known = keys.texts.get(squash(text)) if isinstance(text, str) else None
            for key in keys.fields.get(inside or known, ()):
                # nbgrader's flag for cells has the name "solution" too
                if key in value and not (key == "solution" and isinstance(value[key], bool)):
                    yield Leak(name, inside or known, f'a field "{key}"')
            for id_, answers in keys.answers.items():
                own = value.get(id_)
                if _is_one(own, answers) or (isinstance(own, dict) and _is_one(own.get("answer"), answers)):
                    yield Leak(name, id_, "the answer by the question's id")
                elif inside == id_ and any(
                    isinstance(right, (dict, list)) and right in value.values() for right in answers
                ):
                    yield Leak(name, id_, "the answer as data")
            stack += [(entry, inside) for entry in value.values()]


def _is_one(value: Any, answers: tuple) -> bool:
    """true is no 1 here: a table of flags by question is no key."""
    return value is not None and not isinstance(value, bool) and value in answers
