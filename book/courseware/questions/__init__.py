"""Questions: written once in YAML, shown as self-check and as exercise, scored here. No notebook and no browser."""

from .bank import check_folder, find_samples, load_bank, load_questions
from .kinds import KINDS
from .model import OPEN, VERDICTS, NotAnAnswer, Part, Question, QuestionError, Sample, Score, Secrets
from .release import RELEASE_FILE, Release, asked, dump_release, load_release
from .sample import sample_errors, sample_id, sample_minutes
from .scoring import score

__all__ = [
    "KINDS",
    "OPEN",
    "RELEASE_FILE",
    "VERDICTS",
    "NotAnAnswer",
    "Part",
    "Question",
    "QuestionError",
    "Release",
    "Sample",
    "Score",
    "Secrets",
    "asked",
    "check_folder",
    "dump_release",
    "find_samples",
    "load_bank",
    "load_questions",
    "load_release",
    "sample_errors",
    "sample_id",
    "sample_minutes",
    "score",
]
