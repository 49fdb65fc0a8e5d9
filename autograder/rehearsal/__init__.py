"""An invented class, graded from end to end."""
