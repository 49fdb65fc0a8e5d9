"""Code on the pages of formgrader and feedback: coloured, where that takes a moment and no longer."""

from __future__ import annotations

import re
from html import escape

from jinja2 import pass_context
from nbconvert.filters import Highlight2HTML

MOST_COLOURED = 60_000  # characters of a page's code
MOST_OF_OTHERS = 5_000  # characters of a cell that another language's lexer reads
LONGEST_LINE, MOST_STEPS = 2_000, 300_000
_LOOKED_THROUGH = re.compile(r"\s*%{0,2}[\w.*]*")  # what the lexer of IPython reads again from each of its places
_OTHERS = re.compile(r"^[ \t]*(?:%%|!|%s[xc])", re.MULTILINE)


@pass_context
def highlight(context, source: str, metadata=None) -> str:
    """nbconvert's filter `highlight_code`. Long code, and code that its lexers would take minutes for, is shown in one colour."""
    resources, info = context["resources"], context["nb"].metadata.get("language_info", {})
    language = info.get("pygments_lexer", info.get("name")) or "ipython3"
    left = resources.get("coloured", MOST_COLOURED)
    if len(source) > left or not is_quick(source, language):
        return f'<div class="highlight"><pre>{escape(source)}</pre></div>'
    resources["coloured"] = left - len(source)
    return Highlight2HTML(pygments_lexer=language)(source, metadata=metadata)


def is_quick(source: str, language: str = "ipython3") -> bool:
    others = "python" not in language or _OTHERS.search(source)
    if (others and len(source) > MOST_OF_OTHERS) or max(map(len, source.splitlines()), default=0) > LONGEST_LINE:
        return False
    return sum((match.end() - match.start()) ** 2 for match in _LOOKED_THROUGH.finditer(source)) <= MOST_STEPS
