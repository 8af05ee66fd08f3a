"""Bulk calls and greedy callers: what many questions cost, and what they leave to others."""

import contextlib
import json
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.attacks import sets, slow_model, wire, worst_texts

pytestmark = pytest.mark.proof

QUARTER = 80 // 4


def _bulk(port: int, count: int, key: str = sets.SERVICE) -> wire.Answer:
    body = {"requests": [{"user_input": "How do I ask for a raise?"}] * count}
    return wire.call(port, "POST", "/api/v2/bulk-process", [("x-api-key", key)], body, timeout=60)


def test_a_bulk_call_counts_as_often_as_it_asks(tmp_path: Path) -> None:
    with sets.running(tmp_path, {**sets.STRICT, "RATE_LIMIT_PER_MINUTE": "60"}) as found:
        left = int(_bulk(found.port, 1).header("ratelimit-remaining") or -1)
        after = int(_bulk(found.port, 40).header("ratelimit-remaining") or -1)
        assert 35 <= left - after <= 40
        assert _bulk(found.port, 30).status == 429
        assert _bulk(found.port, 100, sets.OTHER).status in {413, 429}
        assert _bulk(found.port, 5, sets.OTHER).status == 200


def _single(number: int) -> tuple[str, list[tuple[str, str]], object]:
    ask = {"user_input": f"{slow_model.SLOWLY} {number}", "use_cache": False}
    return "/api/v2/process", [("x-api-key", sets.SERVICE)], ask


def _streamed(number: int) -> tuple[str, list[tuple[str, str]], object]:
    path, headers, body = _single(number)
    return path, [*headers, ("accept", "text/event-stream")], body


def _in_bulk(number: int) -> tuple[str, list[tuple[str, str]], object]:
    asks = [{"user_input": f"{slow_model.SLOWLY} {number}-{place}", "use_cache": False} for place in range(10)]
    return "/api/v2/bulk-process", [("x-api-key", sets.SERVICE)], {"requests": asks, "parallel": True}


def _without_a_name(number: int) -> tuple[str, list[tuple[str, str]], object]:
    here = ("x-forwarded-for", f"2001:db8:5::{number:x}")
    return "/chat", [here], {"message": f"{slow_model.SLOWLY} {number}"}


GREEDY = {
    "calls": (_single, 240),
    "streams": (_streamed, 240),
    "bulk calls": (_in_bulk, 26),
    "v1 calls of one net": (_without_a_name, 240),
}


@contextlib.contextmanager
def _all_under_way(port: int, what: str) -> Iterator[None]:
    make, count = GREEDY[what]
    with contextlib.ExitStack() as links:
        for number in range(count):
            path, headers, body = make(number)
            data = json.dumps(body).encode()
            fields = [*headers, ("content-type", "application/json"), ("content-length", str(len(data)))]
            link: socket.socket = links.enter_context(wire.connect(port))
            link.sendall(wire.head("POST", path, fields) + data)
        yield


@pytest.mark.parametrize("what", GREEDY)
def test_who_asks_for_much_leaves_three_quarters_of_the_turns_to_others(tmp_path: Path, what: str) -> None:
    with slow_model.listening() as model, sets.running(tmp_path, {**sets.STRICT, **model.settings, "V1_OPEN": "true"}) as found:
        other = [("x-api-key", sets.OTHER)]
        ask = {"user_input": "How do I ask for a raise?", "use_cache": False}
        assert wire.call(found.port, "POST", "/api/v2/process", other, ask).status == 200
        with _all_under_way(found.port, what):
            time.sleep(3)
            began = time.monotonic()
            answers = [wire.call(found.port, "POST", "/api/v2/process", other, ask) for _ in range(3)]
            took = (time.monotonic() - began) / len(answers)
            assert [answer.status for answer in answers] == [200, 200, 200], answers[0].body
            assert took < 1
            assert model.most <= QUARTER
            model.let_go.set()


def _health_while(port: int, ask: threading.Thread) -> list[float]:
    seconds = []
    ask.start()
    while ask.is_alive():
        began = time.monotonic()
        assert wire.call(port, "GET", "/health").status == 200
        seconds.append(time.monotonic() - began)
        time.sleep(0.02)
    return seconds


DEAR = ["combining marks on one letter", "marks in the wrong order", "letters that become eighteen", "Hangul in jamo", "quotes"]


@pytest.mark.parametrize("what", DEAR)
def test_a_bulk_call_of_the_worst_texts_leaves_the_loop_to_others(strict: sets.Running, what: str) -> None:
    length = min(4000, 1_000_000 // 100 // len(worst_texts.WORST[what][-1].encode()))
    asks = [{"user_input": f"{number} " + worst_texts.WORST[what][: length - 4], "use_cache": False} for number in range(100)]
    data = json.dumps({"requests": asks}, ensure_ascii=False).encode()
    found: list[wire.Answer] = []

    def ask() -> None:
        found.append(wire.call(strict.port, "POST", "/api/v2/bulk-process", [("x-api-key", sets.SERVICE)], data, timeout=120))

    calm = wire.worst_of_99_percent(_health_while(strict.port, threading.Thread(target=time.sleep, args=(1,))))
    busy = _health_while(strict.port, threading.Thread(target=ask))
    assert [answer.status for answer in found] == [200]
    assert wire.worst_of_99_percent(busy) < 0.3 + calm
