"""`make bench`: the goals P1, P2 and P4 as ratios to the empty function, as a table and as bench/results.json."""

import argparse
import json
import shutil
import statistics
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from bench.serving import Asked, first_answer_s, requests_a_second, served
from ion_mentoring.access.api_keys import new_key
from ion_mentoring.access.caller import Role
from ion_mentoring.local.parts import PartMissing, valkey_server

ROOT: Final = Path(__file__).resolve().parent.parent
EMPTY: Final = ROOT / "bench" / "empty" / "main.py"
ROUTER: Final = ROOT / "functions" / "router" / "main.py"
RESULTS: Final = ROOT / "bench" / "results.json"
QUESTION: Final = {"user_input": "How do I prepare for a job interview?", "resonance_key": "anxious-medium-planning"}


@dataclass(frozen=True, slots=True)
class Row:
    """One goal: the median of what was measured, its ratio to the empty function, and whether that is good enough."""

    goal: str
    what: str
    unit: str
    empty: float
    ours: float
    ratio: float
    wanted: str
    met: bool
    spread: tuple[float, float]


def main() -> int:
    """Measures, prints and writes; 0 whether goals are met or not, since a figure is not a test."""
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("--seconds", type=int, default=4, help="of load in each round")
    parser.add_argument("--rounds", type=int, default=5, help="of each, in turn with the empty function")
    asked = parser.parse_args()
    missing = [program for program in ("wrk", "taskset") if shutil.which(program) is None]
    if missing:
        print(f"The benchmark needs {' and '.join(missing)}: apt-get install wrk util-linux", file=sys.stderr)
        return 1
    rows = [*throughput(asked.seconds, asked.rounds), cold_start(asked.rounds)]
    print(table(rows))
    RESULTS.write_text(json.dumps([asdict(row) for row in rows], indent=2) + "\n", encoding="utf-8")
    print(f"written to {RESULTS.relative_to(ROOT)}")
    return 0


def throughput(seconds: int, rounds: int) -> list[Row]:
    """P1 and P2: a cached answer with API key, role, rate limit and event log on."""
    key = new_key("bench", Role.SERVICE)
    question = Asked("/api/v2/process", QUESTION, {"x-api-key": key.secret})
    on = {
        "ENVIRONMENT": "prod",
        "MODEL": "playbook",
        "STORE": "sqlite:///:memory:",
        "API_KEYS": key.line,
        "RATE_LIMIT_PER_MINUTE": "100000000",
    }
    with ExitStack() as stack:
        empty = stack.enter_context(served(EMPTY, {}))
        kinds = {"P1": ("cached answer from L1", 0.6, stack.enter_context(served(ROUTER, on)))}
        try:
            valkey = valkey_server()
        except PartMissing as lacking:
            print(f"P2 is LEFT OUT: {lacking}", file=sys.stderr)
        else:
            stack.callback(valkey.stop)
            far = {"CACHE_URL": f"redis://127.0.0.1:{valkey.port}", "CACHE_KEY_SECRET": "bench", "CACHE_LOCAL_BYTES": "0"}
            kinds["P2"] = ("cached answer from L2", 0.4, stack.enter_context(served(ROUTER, on | far)))
        for name, (_, _, client) in kinds.items():
            question.send(client)
            layer = question.send(client).json()["performance"]["cache_layer"]
            if layer != {"P1": "L1", "P2": "L2"}[name]:
                raise SystemExit(f"{name} would measure something else: the answer came from {layer}")
        figures: dict[str, list[tuple[float, float]]] = {name: [] for name in kinds}
        for _ in range(rounds):
            for name, (_, _, client) in kinds.items():
                plain = requests_a_second(empty, Asked("/"), seconds)
                figures[name].append((plain, requests_a_second(client, question, seconds)))
    return [row(name, kinds[name][0], "requests/s", pairs, kinds[name][1], at_least=True) for name, pairs in figures.items()]


def cold_start(rounds: int) -> Row:
    """P4: from the start of the process to the first answer, router with the embedded default."""
    question = Asked("/api/v2/process", QUESTION)
    environ = {"STORE": "sqlite:///:memory:"}
    first_answer_s(ROUTER, environ, question)  # writes the byte code, as the platform's build does
    pairs = [
        (1000 * first_answer_s(EMPTY, {}, Asked("/")), 1000 * first_answer_s(ROUTER, environ, question))
        for _ in range(2 * rounds)
    ]
    return row("P4", "start to first answer", "ms", pairs, 1.6, at_least=False)


def row(goal: str, what: str, unit: str, pairs: Sequence[tuple[float, float]], wanted: float, *, at_least: bool) -> Row:
    """A row from pairs measured one after the other; the ratio is the median of the pairs' ratios."""
    ratios = sorted(ours / empty for empty, ours in pairs)
    ratio = statistics.median(ratios)
    return Row(
        goal=goal,
        what=what,
        unit=unit,
        empty=round(statistics.median(empty for empty, _ in pairs), 1),
        ours=round(statistics.median(ours for _, ours in pairs), 1),
        ratio=round(ratio, 3),
        wanted=f"{'>=' if at_least else '<='} {wanted}",
        met=ratio >= wanted if at_least else ratio <= wanted,
        spread=(round(ratios[0], 3), round(ratios[-1], 3)),
    )


def table(rows: Sequence[Row]) -> str:
    """The rows for people."""
    head: Mapping[str, str] = {"goal": "goal", "what": "what"}
    lines = [f"{head['goal']:<5} {head['what']:<24} {'empty':>9} {'ours':>9}  unit        ratio  (min, max)       wanted   met"]
    lines += [
        f"{one.goal:<5} {one.what:<24} {one.empty:>9} {one.ours:>9}  {one.unit:<10} {one.ratio:>6}  "
        f"({one.spread[0]}, {one.spread[1]})  {one.wanted:<8} {'yes' if one.met else 'NO'}"
        for one in rows
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
