"""Pure: bytes in, result out. What was handed in, put into the instructor's own notebook, and the verdicts on it."""
