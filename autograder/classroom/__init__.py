"""A class: the instructor's paper, the submissions of an assignment, workers, the one writer, the graded files."""
