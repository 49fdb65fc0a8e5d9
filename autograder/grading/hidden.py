"""Which lines of a test are hidden, and what they do to names that the learner knows."""

from __future__ import annotations

import ast
from difflib import SequenceMatcher

from .reaching import statements


def given_lines(test: str, shown: str) -> set[int]:
    """The lines of the test, from 0, that were given out."""
    blocks = SequenceMatcher(None, test.splitlines(), shown.splitlines(), autojunk=False).get_matching_blocks()
    return {n for block in blocks for n in range(block.a, block.a + block.size)}


def given_anew(test: str, shown: str) -> set[str]:
    """The names that a hidden line sets, puts something into or calls a method of."""
    given, found = given_lines(test, shown), set()
    for node in (node for statement in statements(test) for node in ast.walk(statement)):
        if not isinstance(node, ast.expr) or given.issuperset(range(node.lineno - 1, node.end_lineno or node.lineno)):
            continue
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            found.add(_root(node.func))
        elif not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
            found.add(_root(node))
    return found


def _root(node: ast.expr) -> str:
    """`found` of `found["a"].b`, "" where there is no name."""
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""
