"""The output of a run: results on standard output, and words about them on standard error, where a person reads along."""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, TYPE_CHECKING, Any, Final

from ion_cli.failure import Failure
from ion_cli.printable import printable, printable_json, printable_line
from ion_cli.texts import text

if TYPE_CHECKING:
    from rich.console import Console

NAMED: Final = 20  # wrong lines of a file that are shown to a person


class Screen:
    """Standard output and standard error. Piped output has neither colours nor headings, and no words about it."""

    def __init__(self, *, json: bool = False, quiet: bool = False) -> None:
        self.json = json
        self.live = not json and _terminal(sys.stdout)  # a person reads standard output
        self.quiet = json or quiet
        self.talks = not self.quiet and _terminal(sys.stderr)  # a person reads standard error

    def value(self, value: Any) -> None:
        """Show a result as JSON, on one line where it is piped."""
        print(printable_json(value, indent=2 if _terminal(sys.stdout) else None), flush=True)

    def say(self, said: str = "", end: str = "\n") -> None:
        """Show text, whoever wrote it."""
        print(printable(said), end=end, flush=True)

    def head(self, said: str) -> None:
        """Show a heading to a person."""
        if self.live and not self.quiet:
            self.console().print(printable_line(said), style="bold cyan")

    def note(self, said: str) -> None:
        """Say something about the result that is no part of it, to a person."""
        if self.talks:
            self.console(error=True).print(printable(said), style="dim")

    def warn(self, said: str) -> None:
        """Say something that must not be missed, wherever standard error goes."""
        print(printable(said), file=sys.stderr, flush=True)

    def fail(self, failure: Failure) -> None:
        """Show a failure: for a program on standard output, for people on standard error."""
        if self.json:
            self.value(failure.form())
            return
        self.warn(f"ion: {failure.message}")
        for line in _details(failure.error.get("details")):
            self.warn(f"  {printable_line(line)}")
        if failure.error and failure.request_id:
            self.warn(f"  {text('failure.request')}: {printable_line(failure.request_id)}")

    def table(self, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Show rows: aligned under headings to a person, separated by tabs in a pipe."""
        if not self.live:
            for row in rows:
                print("\t".join(printable_line(cell) for cell in row))
            return
        from rich.table import Table
        from rich.text import Text

        shown = Table(box=None, pad_edge=False, header_style="bold")
        for head in heads:
            shown.add_column(head, overflow="fold")
        for row in rows:
            shown.add_row(*(Text(printable_line(cell)) for cell in row))
        self.console().print(shown)

    def console(self, *, error: bool = False) -> "Console":
        """A console that takes no text for markup; NO_COLOR is its own affair."""
        from rich.console import Console

        return Console(stderr=error, markup=False, emoji=False, highlight=False, soft_wrap=False)


def _details(details: Any) -> Iterator[str]:
    """The details of an error, a line each; of lines of a file that are wrong, the first ones."""
    for name, value in (details if isinstance(details, dict) else {}).items():
        if isinstance(value, list) and all(isinstance(one, dict) and "line" in one for one in value):
            for one in value[:NAMED]:
                yield text("failure.line", line=one["line"], field=one.get("field") or "-", reason=one.get("reason", ""))
            if len(value) > NAMED:
                yield text("failure.more", count=details.get("total", len(value)) - NAMED)
        else:
            yield f"{name}: {value if isinstance(value, str) else printable_json(value)}"


def _terminal(stream: IO[str]) -> bool:
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def tolerant() -> None:
    """Let a terminal that is not UTF-8 (CP949 on Windows) show what it can, instead of ending the run."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    if hasattr(sys.stdin, "reconfigure"):
        sys.stdin.reconfigure(errors="strict")
