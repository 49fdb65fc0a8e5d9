"""Widgets of any course: the base class, the figure and the question."""
