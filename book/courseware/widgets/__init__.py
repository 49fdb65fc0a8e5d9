"""Widgets of any course: the base class, the figure and the question."""

from courseware.widgets.figure import Figure

__all__ = ["Figure"]
