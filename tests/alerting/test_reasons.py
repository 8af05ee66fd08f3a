"""The reasons in a log are counted by time, so that what began last and stays can be seen."""

import json
from pathlib import Path

import pytest

from infra.alerting.reasons import main

AT = "2026-11-29T14:05:{second:02}.500+00:00"


def line(second: int, message: str, function: str, reason: str | None) -> str:
    facts = {"message": message, "function": function, "time": AT.format(second=second)}
    return json.dumps(facts | ({"reason": reason} if reason else {}))


def test_they_are_counted_by_ten_seconds_message_function_and_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "a.log"
    log.write_text(
        "\n".join(
            [
                line(41, "l2_failed", "router", "L2: TimeoutError"),
                line(45, "l2_failed", "router", "L2: ConnectionError"),
                line(47, "l2_failed", "router", "L2: ConnectionError"),
                line(48, "model_replaced", "lua", "m is left alone (open)"),
                line(49, "PersonaProcessEvent", "router", None),
                "no JSON",
                line(51, "l2_failed", "router", "L2: ConnectionError"),
                line(52, "l2_failed", "lua", "L2: ConnectionError"),
            ]
        ),
        encoding="utf-8",
    )
    assert main([str(log)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "time (UTC)  count  message  function  reason, of ten seconds each",
        "14:05:40        2  l2_failed  router  L2: ConnectionError",
        "14:05:40        1  l2_failed  router  L2: TimeoutError",
        "14:05:50        1  l2_failed  lua  L2: ConnectionError",
        "14:05:50        1  l2_failed  router  L2: ConnectionError",
    ]
