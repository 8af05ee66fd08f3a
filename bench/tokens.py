"""`python -m bench.tokens`: our estimate of tokens beside o200k_base's count of the same texts, and what the estimate costs.

The tokenizer comes with its vocabulary in `bpe-openai` (bench/requirements.txt): `make .venv-bench/ready`, then
`.venv-bench/bin/python -m bench.tokens`; `--write` counts the stored texts anew.
"""

import argparse
import json
import timeit
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

from ion_mentoring.usage.tokens import estimated_tokens

TEXTS: Final = Path(__file__).with_name("token_texts.json")
ENCODING: Final = "o200k_base"
ROUNDS: Final = 200

Row = dict[str, Any]


def stored() -> list[Row]:
    """Texts by kind (`kind`, `text`), each with the count of the tokenizer (`tokens`)."""
    rows: list[Row] = json.loads(TEXTS.read_text(encoding="utf-8"))
    return rows


def counted(rows: list[Row]) -> list[Row]:
    """The same texts, counted now."""
    from bpe_openai import get_encoding

    encoding = get_encoding(ENCODING)
    return [row | {"tokens": len(encoding.encode(row["text"], disallowed_special=()))} for row in rows]


def table(rows: list[Row]) -> str:
    """A line for each kind: characters, tokens, our estimate, how far a text is off at least and at most, and the time."""
    lines = [f"{'kind':<20}{'chars':>7}{'tokens':>8}{'ours':>7}{'off by, %':>14}{'us per 100 chars':>18}"]
    return "\n".join(lines + [_line(kind, list(texts)) for kind, texts in groupby(rows, itemgetter("kind"))])


def _line(kind: str, rows: list[Row]) -> str:
    texts = [row["text"] for row in rows]
    ours = list(map(estimated_tokens, texts))
    off = [100 * (our / row["tokens"] - 1) for our, row in zip(ours, rows, strict=True)]
    characters = sum(map(len, texts))
    us = timeit.timeit(lambda: list(map(estimated_tokens, texts)), number=ROUNDS) / ROUNDS / characters * 1e8
    span = f"{min(off):+.0f} to {max(off):+.0f}"
    return f"{kind:<20}{characters:>7}{sum(row['tokens'] for row in rows):>8}{sum(ours):>7}{span:>14}{us:>18.1f}"


def _written(rows: list[Row]) -> str:
    lines = (json.dumps(row, ensure_ascii="decomposed" in row["kind"]) for row in rows)
    return "[\n" + ",\n".join(f"  {line}" for line in lines) + "\n]\n"


def main() -> None:
    """Prints the table, or stores the counts."""
    parser = argparse.ArgumentParser(description="Our estimate of tokens beside a real tokenizer")
    parser.add_argument("--write", action="store_true", help="count the stored texts anew, and store that")
    rows = counted(stored())
    if parser.parse_args().write:
        TEXTS.write_text(_written(rows), encoding="utf-8")
    print(table(rows))


if __name__ == "__main__":
    main()
