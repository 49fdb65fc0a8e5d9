"""What the last value of a test that ran through means for its points.

nbgrader takes a printed number for the points and everything else for full marks: also a sum of points that came out as a
`np.float64`, and a lone comparison that is False. Here these count as what they say, unless other checks stand in the test,
all of which have passed, and its last line only compares or shows something.
"""

from __future__ import annotations

import ast
import builtins
import re
import symtable
from collections.abc import Callable
from functools import lru_cache

from .transplant import grade_info, is_locked

_CHECK = re.compile("assert|check|verify|raises|fail|expect", re.IGNORECASE)  # in the name of a call
_COMPARES = (ast.Compare, ast.BoolOp)


def credit(value: float | str, text: str, ours: Callable[[], set[str]]) -> float | str | None:
    """The number of points that `value` says, None where it says nothing (full marks), or what it is when it is neither.

    `value` is a float where nbgrader would read a number, otherwise "False", a number in words ("0.5", "nan"), or the name
    of a type. `text` is the test's, `ours` gives the names that the instructor's cells define.
    """
    if isinstance(value, float) and value >= 0:
        return value
    plain = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith(("%", "!")))
    try:
        body = ast.parse(plain).body
    except (SyntaxError, ValueError, RecursionError):
        body = []
    last = body[-1].value if body and isinstance(body[-1], ast.Expr) and _checks(body) else None
    if last and ((value == "False" and isinstance(last, _COMPARES)) or _shows(last, body, ours)):
        return None
    try:
        return 0.0 if value == "False" else float(value)
    except ValueError:
        return value


def shows(text: str, ours: Callable[[], set[str]]) -> bool:
    """Does the last line of the test, after its checks, only show a value of the learner's?"""
    return credit("a value", text, ours) is None


@lru_cache(maxsize=2048)
def defined(source: str, imports: bool = False) -> frozenset[str]:
    """The names that a cell's text gives a value to at its top level, with its imports or without."""
    try:
        symbols = symtable.symtable(source, "cell", "exec").get_symbols()
    except (SyntaxError, ValueError):
        return frozenset()
    return frozenset(
        symbol.get_name() for symbol in symbols if (imports if symbol.is_imported() else symbol.is_assigned())
    )


def instructors_names(base: dict) -> set[str]:
    """What the locked cells that are no tests define."""
    locked = [cell for cell in base["cells"] if is_locked(cell) and not grade_info(cell).get("grade")]
    return set().union(*(defined(cell["source"], imports=True) for cell in locked))


def _checks(body: list[ast.stmt]) -> bool:
    """Is there something before the last line that a wrong answer fails?"""
    for node in (node for statement in body[:-1] for node in ast.walk(statement)):
        if isinstance(node, (ast.Assert, ast.Raise)):
            return True
        if isinstance(node, ast.Call) and _CHECK.search(getattr(node.func, "attr", getattr(node.func, "id", ""))):
            return True
    return False


def _shows(node: ast.expr, body: list[ast.stmt], ours: Callable[[], set[str]]) -> bool:
    """Is it a value of the learner's, or one that was made of it at once? Not where it is counted together."""
    name = _root(node)
    given = [inner for statement in body for inner in ast.walk(statement) if name in _bound(inner)]
    if not given:
        return name is not None and not hasattr(builtins, name) and name not in ours()
    only = given[0]
    if (
        len(given) > 1
        or only not in body
        or not isinstance(only, ast.Assign)
        or not isinstance(only.targets[0], ast.Name)
    ):
        return False
    return _shows(only.value, [statement for statement in body if statement is not only], ours)


def _root(node: ast.expr) -> str | None:
    """`df` of `df["a"].mean()`, None where the expression is no such chain."""
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call, ast.Await)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else None


def _bound(node: ast.AST) -> set[str]:
    """The names that a statement gives a value to."""
    if isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.For, ast.NamedExpr)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return {name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)}
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return {node.name}
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return {alias.asname or alias.name.partition(".")[0] for alias in node.names}
    return set()
