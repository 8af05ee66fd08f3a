"""A set under drill writes its log as JSON lines from the first one on."""

import json
from pathlib import Path

import httpx2

from infra.drills.running_set import RunningSet
from ion_mentoring.local.parts import free_port


async def test_a_log_has_nothing_but_events(tmp_path: Path) -> None:
    settings = {"ENVIRONMENT": "local", "STORE": f"sqlite:///{tmp_path}/ion.sqlite3"}
    running = RunningSet(settings, free_port(), tmp_path / "set.log")
    await running.start()
    try:
        async with httpx2.AsyncClient(base_url=running.url, trust_env=False, timeout=30) as client:
            asked = await client.post("/api/v2/process", json={"user_input": "How do I prepare for a job interview?"})
    finally:
        await running.stop()
    assert asked.status_code == 200
    events = [json.loads(line) for line in running.log.read_text(encoding="utf-8").splitlines()]
    assert "PersonaProcessEvent" in {event["message"] for event in events}
    assert running.errors.read_text(encoding="utf-8") == ""
