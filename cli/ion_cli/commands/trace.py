"""`ion trace`: where the time of traces goes, from a file or from Jaeger."""

import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, Final

import httpx2
import typer

from ion_cli.failure import misused, unreachable
from ion_cli.run import Run, argument, command, option
from ion_cli.texts import text
from ion_cli.traces.critical import Step, path, worst
from ion_cli.traces.picture import svg
from ion_cli.traces.spans import Span, read, trees

TIMEOUT_S: Final = 30.0
MOST_ROWS: Final = 15
SEEN: Final = 0.01  # of a trace: shorter steps are shown as one


def add_to(app: typer.Typer) -> None:
    """Add the command."""

    @command(app, "trace")
    def trace(
        run: Run,
        spans: Annotated[str | None, argument("spans")] = None,
        jaeger: Annotated[str | None, option("jaeger", metavar="URL")] = None,
        service: Annotated[str, option("service", metavar="NAME")] = "ion-router",
        endpoint: Annotated[str | None, option("endpoint", metavar="NAME")] = None,
        since: Annotated[float | None, option("since", metavar="MINUTES", min=0)] = None,
        most: Annotated[int, option("most", metavar="TRACES", min=1)] = 200,
        picture: Annotated[Path | None, option("picture", metavar="FILE")] = None,
    ) -> None:
        began = None if since is None else time.time() - since * 60
        found = _from_jaeger(jaeger, service, most, began) if jaeger else _from_file(spans)
        roots = [root for root in trees(read(found)) if endpoint in (None, root.name) and root.began >= (began or 0)]
        if not roots:
            raise misused("bad.no_such_trace")
        _tell(run, roots)
        if picture:
            _draw(picture, roots)


def report(roots: Sequence[Span]) -> dict[str, Any]:
    """The critical path of the slowest trace, its short steps as one, and the worst spans of all; times in milliseconds."""
    slowest = max(roots, key=_seconds)
    steps = path(slowest)
    long = [step for step in steps if step.seconds >= SEEN * slowest.seconds]
    return {
        "traces": len(roots),
        "slowest": {
            "trace_id": slowest.trace_id,
            "ms": _ms(slowest.seconds),
            "path": [{"ms": _ms(step.seconds), "span": step.span.title} for step in long],
            "shorter": {"steps": len(steps) - len(long), "ms": _ms(_sum(steps) - _sum(long))},
        },
        "worst": [
            {
                "span": one.title,
                "traces": one.traces,
                "median_ms": _ms(one.median_s),
                "share": round(one.share, 4),
                "gain_ms": _ms(one.gain_s),
            }
            for one in worst(roots)[:MOST_ROWS]
        ],
    }


def _tell(run: Run, roots: Sequence[Span]) -> None:
    found = report(roots)
    if run.screen.json:
        run.screen.value(found)
        return
    slowest = found["slowest"]
    run.screen.say(text("trace.slowest", count=found["traces"], id=slowest["trace_id"], ms=f"{slowest['ms']:,.1f}"))
    heads = [text(f"trace.{head}") for head in ("ms", "span")]
    run.screen.table(heads, _steps(slowest))
    run.screen.say()
    heads = [text(f"trace.{head}") for head in ("gain", "median", "share", "on", "span")]
    run.screen.table(heads, map(_row, found["worst"]))


def _steps(slowest: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for step in slowest["path"]:
        yield f"{step['ms']:,.1f}", step["span"]
    if slowest["shorter"]["steps"]:
        yield f"{slowest['shorter']['ms']:,.1f}", text("trace.shorter", count=slowest["shorter"]["steps"])


def _row(one: dict[str, Any]) -> tuple[object, ...]:
    return f"{one['gain_ms']:,.1f}", f"{one['median_ms']:,.1f}", f"{one['share']:.1%}", one["traces"], one["span"]


def _from_file(spans: str | None) -> str:
    if spans is None:
        raise misused("bad.no_spans")
    try:
        return sys.stdin.read() if spans == "-" else Path(spans).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise misused("bad.file", file=spans, reason=type(error).__name__) from error


def _from_jaeger(url: str, service: str, most: int, began: float | None) -> str:
    asked = {"service": service, "limit": str(most)} | ({} if began is None else {"start": f"{began * 1e6:.0f}"})
    try:
        response = httpx2.get(f"{url.rstrip('/')}/api/traces", params=asked, timeout=TIMEOUT_S, trust_env=False)
        response.raise_for_status()
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise unreachable("UNREACHABLE", "unreachable.traces", url=url, reason=type(error).__name__) from error
    return response.text


def _draw(picture: Path, roots: Sequence[Span]) -> None:
    try:
        picture.write_text(svg(max(roots, key=_seconds)), encoding="utf-8")
    except OSError as error:
        raise misused("bad.folder", file=picture) from error


def _seconds(root: Span) -> float:
    return root.seconds


def _sum(steps: Sequence[Step]) -> float:
    return sum(step.seconds for step in steps)


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 3)
