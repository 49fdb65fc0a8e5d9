"""What learners' code may use, as data. The parent keeps the deadlines and the byte budget; the kernel keeps the rest."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Limits:
    """Limits of one submission. Each is written into the receipt."""

    cell_seconds: float = 30.0  # wall time of a cell, or of a test cell with all its calls (nbgrader's own default)
    call_seconds: float = 10.0  # wall time of one call of a code question
    total_seconds: float = 120.0  # wall time of a whole notebook
    cpu_seconds: int = 100
    # beyond what the warm interpreter has: address space of each process, and memory of all together
    memory_mb: int = 1536
    processes: int = 32
    open_files: int = 128
    file_mb: int = 16  # the longest file
    tmp_mb: int = 64  # all files together
    output_bytes: int = 8_000_000  # what one cell or call may send out

    def as_dict(self) -> dict:
        return asdict(self)
