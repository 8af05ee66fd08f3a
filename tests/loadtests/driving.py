"""Visitors of a scenario without Locust: one request after the other, with the same checks and the same record."""

import random
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import httpx2

from loadtests.asking import Asked, Got
from loadtests.judging import Judge
from loadtests.questions import Popularity, questions
from loadtests.recording import Recorder
from loadtests.records import Record, read_record
from loadtests.scenario import Scenario
from loadtests.schema import Contract
from loadtests.visitor import Visitor

USERS = 4


def judge(client: httpx2.Client) -> Judge:
    cards = client.get("/api/v2/personas").json()
    return Judge(Contract(client.get("/openapi.json").json()), [card["name"]["en"] for card in cards])


def exchange(client: httpx2.Client, asked: Asked) -> Got:
    began, first, parts = time.perf_counter(), None, []
    try:
        with client.stream(asked.method, asked.path, content=asked.body, headers=dict(asked.headers)) as response:
            for part in response.iter_bytes():
                if asked.form == "stream" and first is None and b"event: delta" in part:
                    first = (time.perf_counter() - began) * 1000
                parts.append(part)
    except httpx2.TransportError as error:
        return Got(0, b"", (time.perf_counter() - began) * 1000, failure=type(error).__name__)
    took, request_id = (time.perf_counter() - began) * 1000, response.headers.get("x-request-id")
    return Got(response.status_code, b"".join(parts), took, first, request_id)


def driven(url: str, scenario: Scenario, keys: Mapping[str, Sequence[str]], requests: int, folder: Path) -> Record:
    """The record of so many requests, read back from its file."""
    popular, recorder = Popularity(questions(scenario.questions), scenario.zipf), Recorder()
    visitors = [Visitor(scenario, popular, keys, random.Random(seed)) for seed in range(USERS)]
    with httpx2.Client(base_url=url, trust_env=False, timeout=10) as client:
        checks = judge(client)
        for number in range(requests):
            asked = visitors[number % USERS].next()
            got = exchange(client, asked)
            recorder.add(number / USERS, USERS, asked, got, checks.verdict(asked, got))
    path = folder / "record.json"
    recorder.write(
        path, {"scenario": scenario.name, "seconds": scenario.seconds, "planned_s": scenario.seconds, "place": "test"}
    )
    return read_record(path)
