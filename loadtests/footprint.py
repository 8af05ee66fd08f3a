"""The processor time and the memory of a process, as Linux counts them."""

import os
import re
from pathlib import Path


def cpu_s(pid: int | None) -> float | None:
    """Return the seconds so far; None where nobody counts them here."""
    if pid is None or not (stat := Path(f"/proc/{pid}/stat")).exists():
        return None
    fields = stat.read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_kib(pid: int | None) -> int | None:
    """Return the memory that it holds now, in KiB; None where nobody counts it here."""
    if pid is None or not (status := Path(f"/proc/{pid}/status")).exists():
        return None
    found = re.search(r"VmRSS:\s+([0-9]+)", status.read_text(encoding="ascii"))
    return int(found[1]) if found else None
