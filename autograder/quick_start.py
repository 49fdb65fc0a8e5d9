"""Importing nbformat brings in jsonschema, and that compiles the grammar of international web addresses: over a second of each start.

Here the grammar is compiled when an address is first checked, which grading never does. What is checked stays the same.
"""

import importlib.util
import sys
from types import ModuleType

NAME = "rfc3987_syntax"


def put_off() -> None:
    """Do nothing if the grammar is there already, or is not installed."""
    if NAME in sys.modules or importlib.util.find_spec(NAME) is None:
        return

    def is_valid_syntax(term: str, value: str) -> bool:
        if sys.modules.get(NAME) is stand_in:
            del sys.modules[NAME]
        return importlib.import_module(NAME).is_valid_syntax(term, value)

    stand_in = ModuleType(NAME)
    stand_in.is_valid_syntax = is_valid_syntax
    stand_in.__spec__ = importlib.util.find_spec(NAME)
    sys.modules[NAME] = stand_in
