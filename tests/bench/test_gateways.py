"""How gateways are compared: by what they add to the vendor's own time, and by answers of the model alone."""

import itertools

import pytest

from bench import gateways
from bench.gateways import COMPLETIONS, Gateway, completion, measured
from tests.vendors.plan import Plan
from tests.vendors.server import Vendor, spoken


async def test_what_is_added_is_the_time_beyond_the_vendors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateways, "AFTER_S", {3: 0.0})
    monkeypatch.setattr(gateways, "ASKED", {3: 9})
    async with Vendor(spoken(1, 0.0, 0.0)) as vendor, Vendor(spoken(1, 0.1, 0.0)) as slower:
        both = [Gateway(name, one.url + COMPLETIONS, completion) for name, one in (("own", vendor), ("slow", slower))]
        await measured(both, 3, 2)
        asked = [request.body["messages"][0]["content"] for request in (*vendor.requests, *slower.requests)]
    assert len(set(asked)) == len(asked), "no question is asked twice"
    assert all(18 <= len(one.took_ms) <= 24 for one in both)
    added, _ = map(float, both[1].line(sorted(both[0].took_ms)[9]).removeprefix("  slow").split())
    assert 50 < added < 1_000


async def test_an_answer_that_is_none_of_the_model_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateways, "AFTER_S", {1: 0.0})
    monkeypatch.setattr(gateways, "ASKED", {1: 3})
    async with Vendor(lambda request: Plan(pieces=("something else",))) as vendor:
        with pytest.raises(ValueError, match="did not ask the model"):
            await gateways._round(Gateway("own", vendor.url + COMPLETIONS, completion), itertools.count(), 1, 3)
