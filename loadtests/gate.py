"""The gate: whether the promises of a scenario held, and one plain sentence for each that broke.

`python -m loadtests.gate RECORD [--baseline FILE]` ends with 0 if all held, 1 if one broke, 2 where nothing can be said.
"""

import argparse
import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from loadtests.baseline import compared, read_baseline
from loadtests.recording import percentile
from loadtests.records import Measured, Record, read_record
from loadtests.scenario import Promises, Scenario, read
from loadtests.trouble import NothingToSay

HELD: Final = 0
BROKEN: Final = 1
NOTHING_TO_SAY: Final = 2
VERDICTS: Final = ("The gate says yes: every promise held.", "The gate says no.", "Nothing can be said.")  # by exit code
ALL: Final = "all requests"
PLENTY: Final = 100


def broken(scenario: Scenario, record: Record) -> Iterator[str]:
    """One sentence for each promise that broke; NothingToSay of a run without requests."""
    if not record.whole.count:
        raise NothingToSay("not one request was answered or refused, so nothing can be said")
    if record.scenario != scenario.name:
        raise NothingToSay(f"the record is of the scenario {record.scenario}, and not of {scenario.name}")
    if record.seconds < 0.9 * record.planned_s:
        yield f"{ALL}: the run ended after {record.seconds:.0f} of {record.planned_s:.0f} s, so it shows too little."
    if record.whole.count <= scenario.promises.more_than:
        yield f"{ALL}: {record.whole.count} requests are too few; more than {scenario.promises.more_than} were promised."
    yield from _endpoint(ALL, scenario.promises, record.whole)
    for name, measured in record.endpoints.items():
        promised = scenario.promised(name)
        if measured.count > promised.more_than or measured.failed:
            yield from _endpoint(name, promised, measured)


def too_few(scenario: Scenario, record: Record) -> Iterator[str]:
    """The endpoints that had too few requests to be judged for their times, or to be sure of them."""
    for name, measured in record.endpoints.items():
        if measured.count <= (least := scenario.promised(name).more_than):
            yield f"{name}: {measured.count} requests; its times are judged from {least + 1} on."
            continue
        promised, p95 = scenario.promised(name).p95_ms, measured.p(0.95)
        if promised and p95 and p95 >= promised and by_chance(name, measured.times, promised):
            yield f"{name}: P95 was {p95} ms, of {measured.good} answers alone; that may be chance."


def _endpoint(name: str, promised: Promises, measured: Measured) -> Iterator[str]:
    if measured.count > promised.more_than:
        yield from _over(name, "P95", measured.times, promised.p95_ms)
        yield from _over(name, "P95 of the time to first text", measured.first, promised.first_text_p95_ms)
    if name == ALL or measured.count > promised.more_than:
        yield from _share(name, "were wrong or failed", measured.failed, measured.count, promised.errors, _worst(measured))
        yield from _share(name, "were refused with 429", measured.refused, measured.count, promised.refused)
        yield from _share(name, "were degraded", measured.degraded, measured.count, promised.degraded)
    rate = measured.hit_rate
    if name == ALL and promised.hit_rate is not None and rate is not None and rate < promised.hit_rate:
        yield f"{name}: a cache answered {rate:.0%}; at least {promised.hit_rate:.0%} were promised."


def _over(name: str, what: str, times: Mapping[int, int], promised: float | None) -> Iterator[str]:
    p95 = percentile(times, 0.95)
    if promised is not None and p95 is not None and p95 >= promised and not by_chance(name, times, promised):
        yield f"{name}: {what} was {p95} ms; less than {promised:.0f} ms was promised."


def by_chance(name: str, times: Mapping[int, int], promised: float) -> bool:
    """Return true if so many slow answers of so few of one endpoint come about in 1 of 20 runs whose P95 is as promised.

    From a hundred answers on, and for all requests together, the P95 is taken at its word.
    """
    count = sum(times.values())
    if name == ALL or count >= PLENTY:
        return False
    slow = sum(number for ms, number in times.items() if ms >= promised)
    return sum(math.comb(count, one) * 0.05**one * 0.95 ** (count - one) for one in range(slow, count + 1)) > 0.05


def _share(name: str, what: str, count: int, of: int, promised: float | None, more: str = "") -> Iterator[str]:
    if promised is not None and count and count / of >= promised:
        most = f"less than {promised:.1%} was" if promised else "none was"
        yield f"{name}: {count} of {of} requests ({count / of:.1%}) {what}{more}; {most} promised."


def _worst(measured: Measured) -> str:
    if not measured.errors:
        return ""
    kind = max(measured.errors, key=lambda one: measured.errors[one])
    return f", most often: {kind}"


def told(scenario: Scenario, record: Record, baseline: Path | None) -> tuple[int, list[str]]:
    """The exit code, and the lines that say how it came about."""
    lines = list(broken(scenario, record))
    code = BROKEN if lines else HELD
    lines = [f"BROKEN  {line}" for line in lines]
    lines += [f"note    {line}" for line in too_few(scenario, record)]
    if baseline is not None:
        for comparison in compared(read_baseline(baseline), record):
            code = BROKEN if comparison.broken else code
            lines.append(f"{'BROKEN' if comparison.broken else 'note  '}  {comparison.sentence}")
    return code, lines


def main(arguments: Sequence[str] | None = None) -> int:
    """Judge one record."""
    parser = argparse.ArgumentParser(prog="gate", description=__doc__)
    parser.add_argument("record", type=Path)
    parser.add_argument("--scenario", help="what it has to be a record of (default: what it says)")
    parser.add_argument("--baseline", type=Path, help="earlier runs to compare with")
    asked = parser.parse_args(arguments)
    try:
        record = read_record(asked.record)
        code, lines = told(read(asked.scenario or record.scenario), record, asked.baseline)
    except NothingToSay as error:
        print(f"gate: {error}", file=sys.stderr)
        return NOTHING_TO_SAY
    print("\n".join([*lines, VERDICTS[code]]))
    return code


if __name__ == "__main__":
    sys.exit(main())
