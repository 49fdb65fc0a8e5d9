"""Which cells of an author's notebook ask a question of the bank. A course may have a function of its own that is called `ask`."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Collection
from difflib import get_close_matches
from pathlib import Path

from courseware.questions import QuestionError, asked

_CALL = re.compile(r"^[^#\n'\"]*(?<![\w.])ask\s*\(", re.MULTILINE)
_OWN = re.compile(r"^\s*(?:def\s+ask\b|ask\s*=)", re.MULTILINE)
_MAGIC = ("%", "!", "?")


def calls_ask(path: Path) -> bool:
    """Does a code cell of the notebook call `ask`, and is that no function of its own?"""
    sources = _sources(path)
    return any(_CALL.search(source) for _, source in sources) and not any(_defines(source) for _, source in sources)


def asks(path: Path, root: str, bank: Collection[str]) -> list[tuple[str, str]]:
    """(question id, "FILE:LINE") of every question that a notebook asks.

    A question is `ask("id")` alone in its cell, with an id of the bank. What is no question is left alone, but for what is
    meant as one: it speaks of an id of the bank or of one that is nearly one, or the notebook has `ask` from courseware.
    Raises QuestionError for a call that stands with other code.
    """
    lines = path.read_text(encoding="utf8").splitlines()
    file = path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
    sources = _sources(path)
    ours = any(re.search(r"^\s*(?:from|import)\s+courseware\b", source, re.MULTILINE) for _, source in sources)
    found, start = [], 0
    for number, source in sources:
        if not _CALL.search(source):
            continue
        start = next((n for n in range(start, len(lines)) if re.search(r"\bask\s*\(", lines[n])), start)
        place, start = f"{file}:{start + 1}", start + 1
        id_, (alone, texts) = asked(source), _texts(source)
        meant = ours or any(text in bank for text in texts) or (alone and any(_nearly(text, bank) for text in texts))
        if meant and id_ is None:
            raise QuestionError(
                f"cell {number} calls ask(...) together with other code, or not with one id in quotes.",
                'A question is a cell of its own: ask("its-id").',
                file,
                start,
            )
        if meant and id_ is not None:
            found.append((id_, place))
    return found


def _sources(path: Path) -> list[tuple[int, str]]:
    """The number and text of each code cell."""
    cells = enumerate(json.loads(path.read_text(encoding="utf8"))["cells"], 1)
    return [
        (number, cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"]))
        for number, cell in cells
        if cell["cell_type"] == "code"
    ]


def _tree(source: str) -> ast.Module | None:
    try:
        return ast.parse("\n".join("" if line.lstrip().startswith(_MAGIC) else line for line in source.splitlines()))
    except (SyntaxError, ValueError):
        return None


def _defines(source: str) -> bool:
    """Does the cell make an `ask` of its own, or import one from elsewhere than courseware?"""
    tree = _tree(source)
    if tree is None:
        return bool(_OWN.search(source))
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and node.name == "ask":
            return True
        if isinstance(node, ast.Name) and node.id == "ask" and isinstance(node.ctx, ast.Store):
            return True
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            home = getattr(node, "module", None) or ""
            names = {alias.asname or alias.name for alias in node.names}
            if "ask" in names and home.partition(".")[0] != "courseware":
                return True
    return False


def _texts(source: str) -> tuple[bool, list[str]]:
    """(is the cell one call of `ask` with one text and nothing else, the texts that `ask` is called with)."""
    tree = _tree(source)
    if tree is None:
        return False, re.findall(r"""\bask\s*\(\s*["']([^"'\n]*)["']""", source)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "ask"]
    given = [[*call.args, *(keyword.value for keyword in call.keywords)] for call in calls]
    texts = [
        argument.value
        for arguments in given
        for argument in arguments[:1]
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    ]
    alone = len(tree.body) == 1 and getattr(tree.body[0], "value", None) in calls and len(given[0]) == 1
    return alone, texts


def _nearly(text: str, bank: Collection[str]) -> bool:
    return bool(get_close_matches(text.casefold().strip(), list(bank), n=1))
