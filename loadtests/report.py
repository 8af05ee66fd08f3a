"""The report of a run as one HTML file, which needs neither a network nor a script.

`python -m loadtests.report RECORD --out FILE` makes it again from a record.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from typing import Final

from loadtests.gate import NOTHING_TO_SAY, told
from loadtests.plots import bars, lines
from loadtests.records import Measured, Record, Slice, read_record
from loadtests.scenario import Scenario, read
from loadtests.trouble import NothingToSay

STYLE: Final = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a }
h1 { font-size: 1.6rem } table { border-collapse: collapse } th, td { padding: .2rem .6rem; border-bottom: 1px solid #ddd }
th { text-align: left } .number { text-align: right; font-variant-numeric: tabular-nums } .scroll { overflow-x: auto }
figure { margin: 1.5rem 0 } figcaption { font-weight: 600 } svg text { font-size: 11px; fill: #444 } .bar { width: 300px }
.no { color: #a40000; font-weight: 600 } .yes { color: #1d6b22; font-weight: 600 }
"""
HEADS: Final = ("endpoint", "requests", "good", "errors", "429", "degraded", "P50", "P95", "P99", "first text P95", "hit rate")


def page(scenario: Scenario, record: Record, said: Sequence[str]) -> str:
    """The whole report; `said` is what the gate said."""
    no = any(line.startswith("BROKEN") for line in said)
    verdict = '<p class="no">The gate says no.</p>' if no else '<p class="yes">The gate says yes: every promise held.</p>'
    items = "".join(f"<li>{escape(line)}</li>" for line in said)
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Load test: {escape(scenario.name)}</title>'
        f"<style>{STYLE}</style><h1>Load test: {escape(scenario.name)}</h1>"
        f"<p>{escape(scenario.about)} {record.seconds:.0f} s on {escape(record.place)}.</p>{verdict}<ul>{items}</ul>"
        f"{_table(record)}{''.join(_plots(record))}</html>\n"
    )


def _table(record: Record) -> str:
    heads = "".join(f'<th scope="col">{head}</th>' for head in HEADS)
    rows = [_row(name, measured) for name, measured in record.endpoints.items()]
    rows.append(_row("all requests", record.whole))
    return f'<div class="scroll"><table><thead><tr>{heads}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>'


def _row(name: str, of: Measured) -> str:
    rate = "" if of.hit_rate is None else f"{of.hit_rate:.0%}"
    cells = (of.count, of.good, of.failed, of.refused, of.degraded, *map(of.p, (0.5, 0.95, 0.99)), of.first_p95, rate)
    shown = "".join(f'<td class="number">{"" if cell is None else cell}</td>' for cell in cells)
    return f'<tr><th scope="row">{escape(name)}</th>{shown}</tr>'


def _plots(record: Record) -> Iterable[str]:
    over = record.slices
    quantiles = {"P50": [(one.at_s, one.p50) for one in over], "P95": [(one.at_s, one.p95) for one in over]}
    yield lines("Time of good answers, ms", {**quantiles, "P99": [(one.at_s, one.p99) for one in over]})
    yield lines("Users", {"users": [(one.at_s, one.users) for one in over]})
    width = over[1].at_s - over[0].at_s if len(over) > 1 else 1.0
    counts = {"requests": [(one.at_s, one.count / width) for one in over]}
    yield lines("Requests a second", {**counts, "errors and 429": [(one.at_s, _bad(one) / width) for one in over]})
    yield lines("Answers that a cache gave, %", {"hit rate": [(one.at_s, _hit_percent(one)) for one in over]})
    if record.memory_mib:
        yield lines("Memory of the set, MiB", {"memory": record.memory_mib})
    yield lines("Percentiles of the whole run, ms", _curves(record), "%")
    yield bars("Personas", record.personas)
    yield bars("Errors by kind", sum((Counter(one.errors) for one in record.endpoints.values()), Counter()))


def _curves(record: Record) -> dict[str, list[tuple[float, float | None]]]:
    """The percentiles of the four endpoints that are asked most; their place on the axis is the percentile."""
    most = sorted(record.endpoints, key=lambda name: -record.endpoints[name].good)[:4]
    return {name: [(share, record.endpoints[name].p(share / 100)) for share in (1, *range(5, 100, 5), 99)] for name in most}


def _bad(one: Slice) -> int:
    return one.errors + one.refused


def _hit_percent(one: Slice) -> float | None:
    return 100 * one.hits / one.looked_up if one.looked_up else None


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the report of one record."""
    parser = argparse.ArgumentParser(prog="report", description=__doc__)
    parser.add_argument("record", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args(arguments)
    try:
        record = read_record(asked.record)
        scenario = read(record.scenario)
        asked.out.write_text(page(scenario, record, told(scenario, record, None)[1]), encoding="utf-8")
    except NothingToSay as error:
        print(f"report: {error}", file=sys.stderr)
        return NOTHING_TO_SAY
    return 0


if __name__ == "__main__":
    sys.exit(main())
