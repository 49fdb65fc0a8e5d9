"""What any course needs, no subject in it."""

from .ask import ask, progress
from .overview import progress_page, review

__all__ = ["ask", "progress", "progress_page", "review"]
