"""What the modules of the encoding share."""

from __future__ import annotations

DEEPEST, MOST_ITEMS = 60, 500_000  # of one value; a long list of plain numbers counts an eighth of its length
BIGGEST_INT = 1 << 20  # bits
SIGN = "$"  # marks an encoded value that is more than JSON's own


class NotData(TypeError):
    """A value that cannot be carried, or bytes that are no value."""
