"""`python -m bench.misses`: a question that no cache knows, by the embedded model, whole way in process, and its dearest steps.

Each of the repository's questions is asked with a number behind it, so that nobody has asked it before, after all were asked
once. Beside wall time it prints the processor time of the thread, since that does not count what other programs take. A step's
time is without that of the steps in it; watching them costs some microseconds, so they are taken in a second run.
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Final

import uvloop

from bench.questions import questions
from bench.steps import Step
from bench.unheard import unheard
from ion_mentoring.handlers.api.answered import Answered
from ion_mentoring.handlers.api.parsed_requests import ParsedRequestCache
from ion_mentoring.handlers.contract import views
from ion_mentoring.mentoring.answering import answer_cache
from ion_mentoring.models.playbook.ranking import Ranking
from ion_mentoring.models.playbook.turn import TurnReply
from ion_mentoring.understanding.expected.reader import ExpectedTurns
from ion_mentoring.understanding.resonance.detector import Detector
from ion_mentoring.understanding.safety.course import SafetyCourse
from ion_mentoring.understanding.turns.reader import TurnReader

GOAL_US: Final = 1_000.0
DEAREST: Final = 5
REST: Final = "everything else: request, caches, ledger, tasks, response"
STEPS: Final[tuple[tuple[str, Any, str], ...]] = (
    ("danger, in the text and before it", SafetyCourse, "next"),
    ("the key: tone, pace, intent", Detector, "detect"),
    ("the situation, of 221", Ranking, "_ranked"),
    ("which of its stories", ExpectedTurns, "odds"),
    ("which of its stories", ExpectedTurns, "nearest"),
    ("what the turn wants", TurnReader, "_read"),
    ("whether it is personal", answer_cache, "privacy_of"),
    ("the reply's moves and words", TurnReply, "reply"),
    ("the route as the response tells it", views, "routing_view"),
    ("what the next one who asks the same needs", ParsedRequestCache, "learn"),
    ("the answer's event, and why it was given", Answered, "__call__"),
)


@dataclass(slots=True)
class Stopwatch:
    """Seconds of this thread's processor time by step, each without the steps that it has in it."""

    spent: dict[str, float] = field(default_factory=dict)
    _inner: list[float] = field(default_factory=lambda: [0.0])

    def watched(self, name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        """The same work, whose time is taken."""

        @wraps(work)
        def timed(*arguments: Any, **named: Any) -> Any:
            self._inner.append(0.0)
            began = time.thread_time()
            try:
                return work(*arguments, **named)
            finally:
                took = time.thread_time() - began
                self.spent[name] = self.spent.get(name, 0.0) + took - self._inner.pop()
                self._inner[-1] += took

        return timed


@dataclass(frozen=True, slots=True)
class Times:
    """Microseconds of each answer: of the wall, and of this thread's processor."""

    wall_us: list[float]
    cpu_us: list[float]

    def line(self) -> str:
        """Medians and 99th percentiles."""
        figures = (f"median {_at(times, 0.5):,.0f}, P99 {_at(times, 0.99):,.0f}" for times in (self.cpu_us, self.wall_us))
        return "processor {}; wall {}".format(*figures)


def main() -> int:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="bench.misses")
    parser.add_argument("--rounds", type=int, default=4, help="times that each question is asked")
    rounds = parser.parse_args().rounds
    with unheard():
        times, steps = uvloop.run(measured(rounds))
    print(f"a question that no cache knows, us: {times.line()} (goal {GOAL_US:,.0f}; {len(times.cpu_us):,} questions)")
    whole = sum(steps.values())
    for name, took in sorted(steps.items(), key=lambda step: -step[1]):
        print(f"  {name:<62} {took * 1e6:>7,.0f} us {100 * took / whole:>4.0f} %")
    return 0


async def measured(rounds: int, texts: list[str] | None = None) -> tuple[Times, dict[str, float]]:
    """The times of all answers, and the seconds that each step takes of one on average."""
    texts = questions(None) if texts is None else texts
    step = Step("miss")
    await step.warm_up()
    await _asked(step, texts, 0)
    times = Times([], [])
    for number in range(1, rounds + 1):
        more = await _asked(step, texts, number)
        times.wall_us.extend(more.wall_us)
        times.cpu_us.extend(more.cpu_us)
    watch, restore = Stopwatch(), list[tuple[Any, str, Any]]()
    for name, owner, attribute in STEPS:
        restore.append((owner, attribute, getattr(owner, attribute)))
        setattr(owner, attribute, watch.watched(name, getattr(owner, attribute)))
    try:
        watched = await _asked(step, texts, rounds + 1)
    finally:
        for owner, attribute, work in restore:
            setattr(owner, attribute, work)
    each = {name: took / len(texts) for name, took in watch.spent.items()}
    return times, each | {REST: sum(watched.cpu_us) / len(texts) / 1e6 - sum(each.values())}


async def _asked(step: Step, texts: list[str], number: int) -> Times:
    """Each text with this number behind it; ValueError where one comes from a cache."""
    times = Times([], [])
    for text in texts:
        began, began_cpu = time.perf_counter(), time.thread_time()
        layer = await step.ask(f"{text} {number}")
        times.cpu_us.append((time.thread_time() - began_cpu) * 1e6)
        times.wall_us.append((time.perf_counter() - began) * 1e6)
        if layer is not None:
            raise ValueError(f"an answer from {layer}, where misses are measured")
    return times


def _at(times: list[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(share * len(times)))]


if __name__ == "__main__":
    raise SystemExit(main())
