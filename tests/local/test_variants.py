"""An experiment over models in a running set, whose personas are asked over HTTP: two texts, two prices, two sums."""

import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.local.conftest import started_set
from tests.vendors.plan import Plan, Request
from tests.vendors.server import Vendor

PEOPLE = tuple(f"user-{number}" for number in range(60))
TEXT = "I am so frustrated with meetings"
USUAL, OTHER = "slow says so.", "quick says so."
EXPERIMENT = "/api/v2/experiments"

Ask = Callable[..., Any]


def written(request: Request) -> Plan:
    return Plan(pieces=(request.body["model"], " says", " so."), input_tokens=100)


@pytest.fixture
async def vendor() -> AsyncIterator[Vendor]:
    async with Vendor(script=written) as vendor:
        yield vendor


@pytest.fixture
async def running(vendor: Vendor, tmp_path: Path) -> AsyncIterator[httpx2.AsyncClient]:
    settings = {"MODEL": "openai:slow", "MODEL_URL": f"{vendor.url}/v1", "MODEL_VARIANTS": "fast=openai:quick"}
    prices = {"MODEL_PRICES": "openai:slow=1/1 openai:quick=10/10", "CACHE_MAX_UNVERIFIED_S": "1"}
    started = started_set(tmp_path, **settings, **prices)
    async with httpx2.AsyncClient(base_url=started.client.base_url, timeout=30) as client:
        yield client
    started.stop()


async def ask(running: httpx2.AsyncClient, user: str, **more: Any) -> Any:
    sent = {"user_input": TEXT, "persona": "lua", "context": {"user_id": user}, **more}
    found = await running.post("/api/v2/process", json=sent)
    assert found.status_code == 200, found.text
    return found.json()


async def streamed(running: httpx2.AsyncClient, user: str) -> Any:
    sent = {"user_input": TEXT, "persona": "lua", "context": {"user_id": user}, "use_cache": False}
    found = await running.post("/api/v2/process", json=sent, headers={"accept": "text/event-stream"})
    data = [json.loads(line.removeprefix("data: ")) for line in found.text.splitlines() if line.startswith("data: ")]
    assert "".join(one["text"] for one in data if set(one) == {"text"}) == data[-1]["content"]
    return data[-1]


async def told(running: httpx2.AsyncClient, path: str, body: Any = None) -> Any:
    found = await running.post(f"{EXPERIMENT}{path}", json=body or {})
    assert found.status_code == 200, found.text
    return found.json()


@pytest.mark.slow
async def test_an_experiment_over_models_in_a_running_set(running: httpx2.AsyncClient, vendor: Vendor) -> None:
    arms = [{"id": "usual"}, {"id": "other", "model": "fast"}]
    assert (await ask(running, PEOPLE[0]))["content"] == USUAL
    await told(running, "", {"id": "it", "varies": "model", "arms": arms, "guardrails": ["errors"]})
    await told(running, "/it/start")

    made = {user: await ask(running, user, use_cache=False) for user in PEOPLE}
    arm = {user: one["content"] for user, one in made.items()}
    assert set(arm.values()) == {USUAL, OTHER}
    for one in made.values():
        about = one["metadata"]
        assert about["model"] == ("openai:quick" if one["content"] == OTHER else "openai:slow")
        tokens = about["usage"]["input_tokens"] + about["usage"]["output_tokens"]
        assert about["cost"]["usd"] == pytest.approx(tokens * (10 if one["content"] == OTHER else 1) / 1e6)

    before = len(vendor.requests)
    for _ in range(3):
        cached = {user: await ask(running, user) for user in PEOPLE}
        assert {user: one["content"] for user, one in cached.items()} == arm, "no arm is served the other's text"
    assert len(vendor.requests) == before + 1, "the usual text was known before; the other one was made once"
    assert {one["performance"]["cache_layer"] for one in cached.values()} == {"L1"}
    for user in PEOPLE[:6]:
        assert (await streamed(running, user))["content"] == arm[user]

    report = (await running.get(f"{EXPERIMENT}/it/report")).json()
    each = {"usual": list(arm.values()).count(USUAL), "other": list(arm.values()).count(OTHER)}
    assert report["people"] == each
    answers = {name: sum(layers.values()) for name, layers in report["answers"].items()}
    assert answers == {name: 4 * people + _of(arm, name, 6) for name, people in each.items()}
    cost = next(one for one in report["arms"][0]["metrics"] if one["metric"] == "cost_usd")
    assert cost["value"] > 5 * cost["usual"] > 0

    other = next(user for user, text in arm.items() if text == OTHER)
    vendor.script = lambda request: Plan(status=500) if request.body["model"] == "quick" else written(request)
    failed = await ask(running, other, user_input="My team members keep fighting. What should I do?")
    assert (failed["content"], failed["metadata"]["degraded"]) == (USUAL, ["variant"])
    assert (await running.get(f"{EXPERIMENT}/it/report")).json()["people"] == each
    vendor.script = written

    await told(running, "/it/rollback")
    after = {user: await ask(running, user) for user in PEOPLE}
    assert {one["content"] for one in after.values()} == {USUAL}
    assert {(await streamed(running, user))["content"] for user in (other, PEOPLE[0])} == {USUAL}


def _of(arm: dict[str, str], name: str, first: int) -> int:
    """The people of an arm among the first ones."""
    return [arm[user] for user in PEOPLE[:first]].count(OTHER if name == "other" else USUAL)
