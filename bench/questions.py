"""Questions to measure with: those of the repository, in both languages, or the first column of a gzipped TSV."""

import csv
import gzip
import io
from pathlib import Path

from ion_mentoring.mentoring.warming.warm_caches import load_questions
from training.evaluate_situations import seen


def questions(data: Path | None) -> list[str]:
    """All of them, each once, in their order."""
    if data is None:
        editorial = [text for question in load_questions() for text in (question.ko, question.en)]
        return list(dict.fromkeys([*editorial, *(question.text for question in seen())]))
    with gzip.open(data) as packed:
        lines = csv.reader(io.TextIOWrapper(packed, encoding="utf-8", newline=""), delimiter="\t")
        next(lines)
        return list(dict.fromkeys(line[0] for line in lines if line and line[0].strip()))
