"""YAML with its line numbers: values as PyYAML's safe loader reads them, and the line on which each stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from .model import QuestionError

Lines = dict[tuple, int]
DEEPEST = 50


def load(path: Path) -> tuple[Any, Lines, list[QuestionError]]:
    """The file's value, the line of every path in it, and the mistakes that YAML itself would let pass (repeated fields).

    Raises QuestionError when the file cannot be read as YAML at all.
    """
    try:
        text = Path(path).read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise QuestionError(
            f"the file cannot be read ({error.strerror}).", "Check its name and its place.", path
        ) from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise QuestionError("the file is not UTF-8.", "Save it as UTF-8.", path, line) from None
    try:
        loader, node = _composed(text)
        walk = _Walk(path, loader)
        value = walk.value(node, ()) if node else None
        return value, walk.lines, walk.errors
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise QuestionError(
            f"not YAML: {error.problem or error.context}.",
            "Check the indentation, and put a text with ': ', '#' or a leading bracket in double quotes.",
            path,
            mark.line + 1 if mark else 1,
        ) from None
    except yaml.reader.ReaderError as error:
        line, found = text[: error.position].count("\n") + 1, text[error.position]
        raise QuestionError(
            f"a character that YAML does not allow (U+{ord(found):04X}).", "Delete it.", path, line
        ) from None
    except RecursionError:
        raise QuestionError("nested too deeply.", "A question file is a flat list of questions.", path, 1) from None


def _composed(text: str) -> tuple[Any, yaml.Node | None]:
    """The loader and the root. libyaml reads several times as fast, but names mistakes in words of its own, and breaks down
    over what is nested too deeply: such a file is read in Python."""
    loader = yaml.CSafeLoader(text) if yaml.__with_libyaml__ and _is_flat(text) else yaml.SafeLoader(text)
    return loader, loader.get_single_node()


def _is_flat(text: str) -> bool:
    """Is it YAML without a mistake, and not deeply nested?"""
    depth = 0
    try:
        for event in yaml.parse(text, yaml.CSafeLoader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                return False
    except yaml.YAMLError:
        return False
    return True


class _Walk:
    def __init__(self, path, loader):
        self.path, self.loader, self.lines, self.errors, self.seen = path, loader, {}, [], set()

    def value(self, node: yaml.Node, at: tuple) -> Any:
        line = self.lines[at] = node.start_mark.line + 1
        if id(node) in self.seen:  # also the way out of a node that holds itself
            raise QuestionError(
                "a YAML anchor (&) that an alias (*) uses again.",
                "Write the value out in both places.",
                self.path,
                line,
            )
        self.seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            return [self.value(child, (*at, n)) for n, child in enumerate(node.value)]
        if not isinstance(node, yaml.MappingNode):
            try:
                return self.loader.construct_object(node)
            except (ValueError, OverflowError):  # 2024-13-99 looks like a date to YAML
                return node.value
        out = {}
        for key_node, child in node.value:
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
            where = key_node.start_mark.line + 1
            if key is None:
                raise QuestionError(
                    "a field's name must be a word.", "Check the brackets and the indentation.", self.path, where
                )
            if key in out:
                self.errors.append(QuestionError(f'the field "{key}" is given twice.', "Keep one.", self.path, where))
                continue
            out[key] = self.value(child, (*at, key))
            self.lines[(*at, key)] = where
        return out
