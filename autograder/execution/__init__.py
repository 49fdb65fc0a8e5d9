"""Runs code: learners' in a box, the instructor's tests outside it. Knows nothing of classes, files of a course or grades."""
