"""The same request and the same message twice, through real processes that die in the middle."""

import asyncio
import base64
import json
from pathlib import Path

import httpx2
import pytest

from ion_mentoring.records.conversations.protocol import ConversationId
from ion_mentoring.wiring.stores import Stores, stores
from tests.functions.conftest import Start, kill
from tests.vendors.plan import Plan
from tests.vendors.server import Vendor

QUESTION = {"user_input": "How do I prepare for an interview?", "context": {"session_id": "s"}}
KEY = {"idempotency-key": "8e03978e-40d5-43e8-bc93-6894a57f9324"}


@pytest.fixture
def kept(tmp_path: Path) -> Stores:
    return stores(f"sqlite:///{tmp_path}/ion.sqlite3")


async def said(kept: Stores, caller: str) -> list[str]:
    return [turn.content for turn in await kept.conversations.recent(ConversationId(f"{caller}/", "s"), 99)]


@pytest.mark.proof  # waits until the claim of who was killed is over
async def test_a_request_whose_process_was_killed_is_answered_by_the_next_one_and_in_its_session_once(
    start: Start, kept: Stores
) -> None:
    async with (
        Vendor(lambda request: Plan(pieces=("word ",) * 20, delay_s=0.1)) as vendor,
        httpx2.AsyncClient(timeout=30) as client,
    ):
        model = {"MODEL": "openai:stand-in", "MODEL_URL": f"{vendor.url}/v1"}
        process, here = await asyncio.to_thread(start, "router", **model)
        _, there = await asyncio.to_thread(start, "router", **model)
        first = asyncio.create_task(client.post(f"{here}/api/v2/process", json=QUESTION, headers=KEY))
        await vendor.busy()
        kill(process)
        await asyncio.wait((first,))
        assert isinstance(first.exception(), httpx2.HTTPError)
        vendor.script = lambda request: Plan()
        response = await client.post(f"{there}/api/v2/process", json=QUESTION, headers=KEY)
        for _ in range(10):
            if response.status_code != 409:
                break
            await asyncio.sleep(int(response.headers["retry-after"]))
            response = await client.post(f"{there}/api/v2/process", json=QUESTION, headers=KEY)
        again = await client.post(f"{there}/api/v2/process", json=QUESTION, headers=KEY)
    assert response.status_code == 200
    assert again.content == response.content
    assert await said(kept, "local") == [QUESTION["user_input"], response.json()["content"]]


@pytest.mark.slow
async def test_a_message_that_is_delivered_several_times_has_one_result_and_is_in_its_session_once(
    start: Start, kept: Stores
) -> None:
    item = json.dumps({"batch_id": "b", "item_id": "1", "request": QUESTION}).encode()
    push = {"message": {"data": base64.b64encode(item).decode(), "messageId": "1"}, "subscription": "s"}
    async with httpx2.AsyncClient(timeout=30) as client:
        workers = [await asyncio.to_thread(start, "batch") for _ in range(2)]
        urls = [f"{url}/" for _, url in workers]
        deliveries = await asyncio.gather(*(client.post(urls[number % 2], json=push) for number in range(4)))
        later = await client.post(urls[0], json=push)
    assert [response.status_code for response in (*deliveries, later)] == [200] * 5
    (result,) = await kept.batches.of("b")
    assert result.answer is not None
    assert await said(kept, "batch") == [QUESTION["user_input"], result.answer["content"]]
