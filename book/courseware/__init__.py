"""What any course needs, no subject in it."""

from .ask import ask, progress

__all__ = ["ask", "progress"]
