"""Names the critical path of traces and its worst spans: `make trace file=spans.jsonl` or `url=... service=...` (Jaeger)."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

if __name__ == "__main__":  # a program's own folder comes first by default, and there is no `infra` in it
    sys.path[0] = str(Path(__file__).resolve().parents[2])

import httpx2

from infra.tracing.critical import path, worst
from infra.tracing.picture import svg
from infra.tracing.spans import Span, read, trees
from infra.user_error import UserError

TIMEOUT_S: Final = 30.0
MOST_ROWS: Final = 15


def report(roots: list[Span]) -> Iterator[str]:
    """The critical path of the slowest trace, and the worst spans of all."""
    slowest = max(roots, key=lambda root: root.seconds)
    yield f"{len(roots)} traces; the slowest, {slowest.trace_id}, took {slowest.seconds * 1000:,.1f} ms:"
    for step in path(slowest):
        yield f"  {step.seconds * 1000:>10,.1f} ms  {step.span.title}"
    yield "\n  on the critical path of  median ms   of all time   the median would gain (ms, at most)"
    for one in worst(roots)[:MOST_ROWS]:
        yield f"  {one.traces:>23} {one.median_s * 1000:>10,.1f} {one.share:>12.1%} {one.gain_s * 1000:>12,.1f}   {one.title}"


def _text(asked: argparse.Namespace) -> str:
    if asked.file:
        try:
            return str(Path(asked.file).read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise UserError(f"{asked.file}: cannot be read ({type(error).__name__})") from error
    if not (asked.url and asked.service):
        raise UserError("say file=spans.jsonl, or url=http://localhost:16686 and service=ion-router")
    options = {"service": asked.service, "limit": str(asked.limit)}
    try:
        response = httpx2.get(f"{asked.url.rstrip('/')}/api/traces", params=options, timeout=TIMEOUT_S, trust_env=False)
        response.raise_for_status()
    except httpx2.HTTPError as error:
        raise UserError(f"{asked.url}: gives no traces ({type(error).__name__})") from error
    return response.text


def main() -> int:
    """0, or 1 with a sentence about what is wrong."""
    parser = argparse.ArgumentParser(prog="trace", description="Where the time of traces goes.")
    parser.add_argument("--file", help="OTLP or Jaeger's JSON, one document or one a line")
    parser.add_argument("--url", help="Jaeger's query service")
    parser.add_argument("--service", help="the service whose traces are read")
    parser.add_argument("--endpoint", help="only traces whose root has this name")
    parser.add_argument("--limit", type=int, default=200)
    parser.add_argument("--picture", type=Path, help="an SVG of the slowest trace")
    asked = parser.parse_args()
    try:
        roots = [root for root in trees(read(_text(asked))) if asked.endpoint in (None, root.name)]
        if not roots:
            raise UserError("there are no such traces")
        print("\n".join(report(roots)))
        if asked.picture:
            asked.picture.write_text(svg(max(roots, key=lambda root: root.seconds)), encoding="utf-8")
    except UserError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
