"""What any course needs, no subject in it."""

from .ask import answer, ask, progress
from .overview import progress_page, review

__all__ = ["answer", "ask", "progress", "progress_page", "review"]
