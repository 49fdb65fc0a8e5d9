"""nbgrader's way in: what a course's nbgrader_config.py turns on."""
