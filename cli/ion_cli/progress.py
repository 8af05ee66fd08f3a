"""The progress of a batch as a person watches it, on standard error."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ion_cli.screen import Screen
from ion_cli.texts import text

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


class Bar:
    """A bar that is moved by what a batch says of itself; none where nobody watches."""

    def __init__(self, progress: "Progress | None", task: "TaskID | None") -> None:
        self._progress = progress
        self._task = task

    def show(self, batch: dict[str, Any]) -> None:
        """Move the bar."""
        if self._progress is not None and self._task is not None:
            done = batch["total"] - batch["counts"]["pending"]
            self._progress.update(self._task, completed=done, total=batch["total"], left=told(batch))

    def lost(self) -> None:
        """Say that the network is gone, and that nothing is lost by it."""
        if self._progress is not None and self._task is not None:
            self._progress.update(self._task, left=text("batch.lost"))


def told(batch: dict[str, Any]) -> str:
    """The state of a batch in a few words."""
    counts, left_s = batch["counts"], batch.get("left_s")
    words = [text("batch.failed", count=counts["failed"])] if counts["failed"] else []
    if batch["state"] == "running" and left_s is not None:
        words.append(text("batch.left", time=duration(left_s)))
    return ", ".join(words)


def duration(seconds: float) -> str:
    """A time as people say it, rounded up."""
    minutes = -(-int(seconds) // 60)
    if seconds < 90:
        return text("time.seconds", seconds=max(1, round(seconds)))
    if minutes < 120:
        return text("time.minutes", minutes=minutes)
    return text("time.hours", hours=-(-minutes // 60))


@contextmanager
def watched(screen: Screen) -> Iterator[Bar]:
    """The bar while it is watched."""
    if not screen.talks:
        yield Bar(None, None)
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (BarColumn(bar_width=None), MofNCompleteColumn(), TextColumn("{task.fields[left]}", markup=False))
    with Progress(*columns, console=screen.console(error=True)) as progress:
        yield Bar(progress, progress.add_task("", left=""))
