"""Tests that reach into the process of the code that they test."""

from __future__ import annotations

import ast


def statements(source: str) -> list[ast.stmt]:
    """Those of a cell, its magics left out; [] for one that is no Python."""
    try:
        return ast.parse(
            "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in source.split("\n"))
        ).body
    except (SyntaxError, ValueError, RecursionError):
        return []


def reaches(test: str) -> str:
    """Why a test only says something in the learner's own process, "" where it does not: it changes that process for their code
    (a patched function, a name taken away), or it runs a text that the learner wrote, which nobody outside should do."""
    modules: set[str] = set()
    for statement in statements(test):
        for node in ast.walk(statement):
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                names = [alias.asname or alias.name.partition(".")[0] for alias in node.names]
                modules |= set(names)
                if isinstance(node, ast.ImportFrom) and node.module == "unittest.mock" and "patch" in names:
                    return "it patches a function for the learner's code"
            if isinstance(node, ast.Attribute) and node.attr in (
                "patch",
                "monkeypatch",
                "run_line_magic",
                "run_cell_magic",
            ):
                return "it patches a function for the learner's code"
            targets = node.targets if isinstance(node, (ast.Assign, ast.Delete)) else []
            for target in targets:
                if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
                    root = target.value.id
                    if root in modules and target.attr not in ("stdout", "stderr"):
                        return f"it sets {root}.{target.attr} for the learner's code"
                if isinstance(node, ast.Delete) and isinstance(target, ast.Name):
                    return ""
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                of_a_text = node.args and isinstance(node.args[0], ast.Constant)
                if node.func.id in ("eval", "exec", "compile") and not of_a_text:
                    return "it runs a text of the learner's"
    return ""
