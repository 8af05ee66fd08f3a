"""Whose call it was is told as a pseudonym, whatever the caller is called."""

import asyncio
import json

import pytest

from tests.fakes import client
from tests.handlers.signed_in import headers_of, open_to


async def test_whose_call_it_was_is_told_as_a_pseudonym_by_every_door(
    cloud_settings: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    who = "haneul.kim@example.com"
    async with client(open_to({}, {**cloud_settings, "LOG_LEVEL": "DEBUG"})) as asked:
        for _ in range(2):
            answer = await asked.post("/api/v2/process", json={"user_input": "hello"}, headers=headers_of({}, who))
            assert answer.status_code == 200
        assert (await asked.get("/api/v2/cache-stats", headers=headers_of({}, who))).status_code == 403
        network = {"x-forwarded-for": "203.0.113.77, 198.51.100.1"}
        assert (await asked.post("/api/persona/process", json={"user_input": "hi"}, headers=network)).status_code == 200
    await asyncio.sleep(0)
    said = capfd.readouterr().out
    lines = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    callers = {line.get("caller") or line.get("who") for line in lines if line.get("caller") or line.get("who")}
    assert {caller.partition("~")[0] for caller in callers} == {"sub:", "address:"}
    assert len(callers) == 2, "one name all day"
    assert (who in said, "haneul" in said, "203.0.113" in said) == (False, False, False)
