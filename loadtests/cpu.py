"""The processor time that a process has used, as Linux counts it."""

import os
from pathlib import Path


def cpu_s(pid: int | None) -> float | None:
    """Return the seconds so far; None where nobody counts them here."""
    if pid is None or not (stat := Path(f"/proc/{pid}/stat")).exists():
        return None
    fields = stat.read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
