"""The drill of a lost database: exported, emptied, imported again, and a conversation goes on.

The emulator has its own calls for this; Google's export into a bucket and its schedules of backups are another thing, which
docs/runbooks/restoring-firestore.md is about.
Source: https://firebase.google.com/docs/emulator-suite/connect_firestore and https://cloud.google.com/firestore/docs/emulator
"""

import shutil
from pathlib import Path
from typing import Final

import httpx2

from infra.drills.asking import Timeline
from infra.drills.judging import Check, Outcome
from infra.drills.world import World
from ion_mentoring.local.real import PROJECT

RESTORE: Final = "store-lost"
DATABASE: Final = f"projects/{PROJECT}/databases/(default)"
SESSION: Final = "restored"
PATIENCE_S: Final = 60.0


async def restore_drill(world: World) -> Outcome:
    """Keeps a conversation, loses the database, restores it, and reads the conversation."""
    timeline, running = Timeline(), world.set_of(RESTORE)
    emulator = f"http://127.0.0.1:{world.parts['store'].port}"
    exported = (world.folder / "export").resolve()
    shutil.rmtree(exported, ignore_errors=True)
    exported.mkdir()
    await running.start()
    try:
        async with httpx2.AsyncClient(base_url=running.url, trust_env=False, timeout=PATIENCE_S) as client:
            context = {"user_id": "drill", "session_id": SESSION}
            await client.post("/api/v2/process", json={"user_input": "How do I plan a restore?", "context": context})
            before = await _turns(client)
            body = {"database": DATABASE, "export_directory": str(exported)}
            told = await client.post(f"{emulator}/emulator/v1/projects/{PROJECT}:export", json=body)
            timeline.say(f"exported: {told.status_code}")
            await client.delete(f"{emulator}/emulator/v1/{DATABASE}/documents")
            broken_s, lost = timeline.now(), await _turns(client)
            timeline.say("BROKEN: the database is empty")
            again = {"database": DATABASE, "export_directory": str(_metadata(exported))}
            restored = await client.post(f"{emulator}/emulator/v1/projects/{PROJECT}:import", json=again)
            timeline.say(f"MENDED: imported: {restored.status_code}")
            after = await _turns(client)
    finally:
        await running.stop()
    figure = f"{before} turns, {lost} once it was lost, {after} in the end"
    held = before > 0 and lost == 0 and after == before
    return Outcome(
        RESTORE, [Check("a conversation is there again", held, figure)], timeline.lines, (), broken_s, timeline.now()
    )


async def _turns(client: httpx2.AsyncClient) -> int:
    response = await client.get(f"/api/v2/sessions/{SESSION}", params={"user_id": "drill"})
    return len(response.json().get("turns", ())) if response.status_code == httpx2.codes.OK else 0


def _metadata(exported: Path) -> Path:
    """The file that an import begins with."""
    return next(iter(sorted(exported.rglob("*.overall_export_metadata"))), exported)
