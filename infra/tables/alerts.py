"""The tables of docs/on-call.md and docs/on-call.ko.md: alerts with who is told and what to do, and what may still fail.

`python infra/tables/alerts.py` prints them, `--write` puts them there. The alerts are data: infra/terraform/alerts.json.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

if __name__ == "__main__":  # a program's own folder comes first by default, and there is no `infra` in it
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from infra.alerting.rules import table, threshold
from infra.tables.pages import PAGES, put

LANGUAGES: Final = {"en": "on-call.md", "ko": "on-call.ko.md"}
HEADS: Final = {
    "en": ("alert", "rings when", "told", "what to do"),
    "ko": ("알림", "조건", "받는 곳", "할 일"),
}
BUDGET: Final = {
    "en": ("promise", "in 28 days may fail", "an hour of full outage takes", "paged at", "told at"),
    "ko": ("약속", "28일 동안 실패해도 되는 양", "한 시간 완전 장애가 쓰는 몫", "호출 기준", "알림 기준"),
}
NAMES: Final = {
    "en": {
        "availability": "{goal} of the answers are no server error",
        "latency": "{goal} of the answers take less than {s} s",
    },
    "ko": {"availability": "답변의 {goal}는 서버 오류가 아님", "latency": "답변의 {goal}는 {s}초 안에 나감"},
}
PLATFORM: Final = {"en": "the platform's metric", "ko": "플랫폼 지표"}
FAST, SLOW = 13.44, 5.6  # times the budget: infra/terraform/modules/monitoring/slo.tf
MINUTES_A_DAY: Final = 24 * 60


def tables(language: str) -> str:
    """Both tables in one language."""
    return "\n".join((*_budgets(language), "", *_alerts(language)))


def _budgets(language: str) -> Iterator[str]:
    yield from _head(BUDGET[language])
    promises = table()["promises"]
    for name, text in NAMES[language].items():
        promise = promises[name]
        left, minutes = 1 - promise["goal"], promise["days"] * MINUTES_A_DAY
        said = text.format(goal=f"{promise['goal']:.1%}".replace(".0%", "%"), s=promise.get("ms", 0) // 1000)
        hour = 60 / (left * minutes)
        fast = f"{FAST * left:.1%} / 1 h" if FAST * left < 0.5 else "–"  # more than half of all answers is no page of its own
        yield f"| {said} | {left:.1%} ({left * minutes:,.0f} min) | {hour:.0%} | {fast} | {SLOW * left:.1%} / 6 h |"


def _alerts(language: str) -> Iterator[str]:
    yield from _head(HEADS[language])
    written = table()
    for rule in written["rules"].values():
        yield _row(language, rule, _condition(rule, written["promises"]))
    for alert in written["platform"].values():
        yield _row(language, alert, PLATFORM[language])


def _row(language: str, alert: Mapping[str, Any], condition: str) -> str:
    page = f"[{alert['runbook']}](runbooks/{alert['runbook']}.md)"
    return f"| {alert[language]} | {condition} | {alert['tell']} | {page} |"


def _condition(rule: Mapping[str, Any], promises: Mapping[str, Any]) -> str:
    """The condition in signs that both languages share."""
    limit = threshold(rule.get("above", rule.get("below")), promises)
    sign = "<" if "below" in rule else ">"
    window = f"{rule['window_s'] // 60} min" if rule["window_s"] < 3600 else f"{rule['window_s'] // 3600} h"
    match rule["kind"]:
        case "percentile":
            return f"P95 {sign} {limit:,.0f} ms, n ≥ {rule['least']}, {window}"
        case "share" | "ratio":
            return f"{sign} {limit:.0%}, n ≥ {rule['least']}, {window}"
        case "count":
            return f"{sign} {limit:.0f}, {window}"
    return f"0, n ≥ {rule['least']:,}, {window}"


def _head(cells: tuple[str, ...]) -> tuple[str, str]:
    return f"| {' | '.join(cells)} |", f"| {' | '.join('---' for _ in cells)} |"


def main() -> int:
    """Prints or writes."""
    parser = argparse.ArgumentParser(prog="infra/tables/alerts.py")
    parser.add_argument("--write", action="store_true", help="put them into docs/")
    write = parser.parse_args().write
    for language, page in LANGUAGES.items():
        if write:
            put(PAGES / page, tables(language))
        else:
            print(tables(language))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
