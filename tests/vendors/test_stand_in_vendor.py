"""Tests of the stand-in vendor itself: its books, its errors, and that it runs as a program."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from tests.vendors.plan import Billed, Plan, Request
from tests.vendors.server import Vendor

ROOT = Path(__file__).resolve().parents[2]
PATH = "/v1/chat/completions"
ASKED = {"model": "m", "messages": [{"role": "user", "content": "four words of mine"}]}
STREAMED = ASKED | {"stream": True}


@pytest.fixture
async def client() -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(trust_env=False, timeout=5) as made:
        yield made


async def test_it_bills_the_input_and_each_piece_that_it_wrote(client: httpx2.AsyncClient) -> None:
    plan = Plan(pieces=("a", "b", "c"), tokens_a_piece=4, thought_tokens=10, stop_after=700)
    async with Vendor(lambda request: plan) as vendor:
        with pytest.raises(httpx2.ReadError):
            await client.post(vendor.url + PATH, json=STREAMED)
        (bill,) = vendor.billed.values()
    assert bill == Billed(5, 10 + 2 * 4)
    assert sum(vendor.sent.values()) == 700


async def test_it_counts_no_piece_after_its_client_left(client: httpx2.AsyncClient) -> None:
    async with Vendor(lambda request: Plan(pieces=("a",) * 100, tokens_a_piece=1, delay_s=0.01)) as vendor:
        async with client.stream("POST", vendor.url + PATH, json=STREAMED) as response:
            await anext(response.aiter_bytes())
        await vendor.idle()
        at_leaving = vendor.total
        await asyncio.sleep(0.03)
    assert vendor.total == at_leaving
    assert 1 <= at_leaving.output_tokens < 50
    assert vendor.left == [vendor.requests[0].id]


async def test_what_it_refuses_is_free(client: httpx2.AsyncClient) -> None:
    async with Vendor(lambda request: Plan(status=429, error="rate_limit_exceeded", headers={"retry-after": "3"})) as vendor:
        response = await client.post(vendor.url + PATH, json=ASKED)
    assert (response.status_code, response.headers["retry-after"]) == (429, "3")
    assert response.json()["error"]["code"] == "rate_limit_exceeded"
    assert vendor.billed == {}


@pytest.mark.parametrize(
    "wrong",
    [
        {"model": None},
        {"messages": []},
        {"messages": [{"role": "model", "content": "x"}]},
        {"stream_options": {"include_usage": True}},
        {"max_tokens": 1, "max_completion_tokens": 1},
    ],
)
async def test_it_refuses_what_the_documentation_forbids(client: httpx2.AsyncClient, wrong: dict[str, object]) -> None:
    async with Vendor() as vendor:
        assert (await client.post(vendor.url + PATH, json=ASKED | wrong)).status_code == 400
        assert (await client.post(vendor.url + PATH, content=b"no json")).status_code == 400
        assert (await client.post(vendor.url + "/v1/embeddings", json=ASKED)).status_code == 404


async def test_an_error_in_its_script_is_raised_when_it_closes(client: httpx2.AsyncClient) -> None:
    def script(request: Request) -> Plan:
        raise LookupError("the script is over")

    async def asked_in_vain() -> None:
        async with Vendor(script) as vendor:
            with pytest.raises(httpx2.RemoteProtocolError):
                await client.post(vendor.url + PATH, json=ASKED)

    with pytest.raises(LookupError, match="the script is over"):
        await asked_in_vain()


async def test_it_hangs_as_long_as_its_client_waits(client: httpx2.AsyncClient) -> None:
    async with Vendor(lambda request: Plan(stop_after=20, then="hang")) as vendor:
        with pytest.raises(httpx2.ReadTimeout):
            await client.post(vendor.url + PATH, json=ASKED, timeout=0.05)
        await vendor.idle()
    assert len(vendor.left) == 1


@pytest.mark.slow
def test_it_runs_as_a_program() -> None:
    command = [sys.executable, "-m", "tests.vendors.server", "--pieces", "2"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as program:
        try:
            assert program.stdout
            url = program.stdout.readline().strip()
            answer = httpx2.post(url + PATH, content=json.dumps(ASKED), timeout=5, trust_env=False).json()
        finally:
            program.terminate()
    assert answer["usage"]["completion_tokens"] == 14
