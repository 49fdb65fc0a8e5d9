"""Which language an instructor's notebook is in. Only Python is run here; what is in another one is a person's."""

from __future__ import annotations

import re

from .names import shown

# Kernels that are no Python, by their names: for a notebook that names its kernel and no language.
_OTHERS = re.compile(
    r"^(ir|r|.*\bbash|.*_bash|zsh|powershell|julia|octave|i?matlab|scala|spylon|almond|apache_toree|java|ijava|kotlin"
    r"|javascript|node|deno|jslab|tslab|typescript|xcpp|xeus-(?!python).*|cling|c\+\+|c|fortran|lfortran|i?ruby|i?perl|php"
    r"|go|gophernotes|gonb|rust|evcxr|i?haskell|ocaml.*|clojure|i?elixir|prolog.*|i?lua|x?sql.*|sos|sas|stata|pystata"
    r"|sagemath|wolfram.*|mathematica|maxima|scilab|gnuplot|\.net.*|csharp|fsharp)([-_. ]?[\d.]+)*$",
    re.IGNORECASE,
)


def other_language(base: dict) -> str:
    """The name of the notebook's kernel where that is no Python, else ""."""
    metadata = base.get("metadata") or {}
    spec, info = (metadata.get(part) or {} for part in ("kernelspec", "language_info"))
    said = str(spec.get("language") or info.get("name") or "")
    named = [str(spec[field]) for field in ("display_name", "name") if spec.get(field)]
    python = said.casefold().startswith(("python", "ipython")) if said else not any(map(_OTHERS.match, named))
    return "" if python else shown((named or [said])[0])


def for_a_person(language: str) -> str:
    """Why a cell of such a notebook is a person's, as the end of a sentence."""
    return f"the notebook's kernel is {language}, and only Python is run here"
