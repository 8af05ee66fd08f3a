"""The drills of an instance that ends: told to while it answers, and killed in the middle of a batch."""

import asyncio
import signal
from collections.abc import AsyncIterator, Sequence
from typing import Any, Final

import httpx2

from infra.drills.asking import Got, Timeline
from infra.drills.batches import Batches
from infra.drills.drill import Pace
from infra.drills.judging import Check, Outcome
from infra.drills.running_set import RunningSet
from infra.drills.world import World

TOLD, KILLED = "instance-told-to-end", "instance-killed"
INSTANCE: Final = (TOLD, KILLED)
ASKED: Final = 10
ITEMS: Final = 40
THINKS_S: Final = 0.5
PATIENCE_S: Final = 30.0


async def instance_drills(world: World, pace: Pace, chosen: Sequence[str]) -> AsyncIterator[Outcome]:
    """The chosen ones, one after the other."""
    before, world.model.takes_s = world.model.takes_s, THINKS_S
    for name, work in ((TOLD, _told_to_end), (KILLED, _killed)):
        if name in chosen:
            running = world.set_of(name)
            await running.start()
            try:
                yield await work(running, pace)
            finally:
                await running.stop()
    world.model.takes_s = before


async def _told_to_end(running: RunningSet, _pace: Pace) -> Outcome:
    timeline = Timeline()
    async with httpx2.AsyncClient(base_url=running.url, trust_env=False, timeout=PATIENCE_S) as client:
        asking = [asyncio.create_task(_asked(client, number, timeline)) for number in range(ASKED)]
        await asyncio.sleep(THINKS_S / 2)
        timeline.say("BROKEN: SIGTERM")
        broken_s = timeline.now()
        running.tell(signal.SIGTERM)
        got = await asyncio.gather(*asking)
    await running.ended()
    ended_s = timeline.now() - broken_s
    timeline.say("the process has ended")
    await running.start()
    timeline.say("another one answers")
    lost = [one.error for one in got if one.error not in (None, "SHUTTING_DOWN")]
    answered = sum(one.error is None for one in got)
    checks = [
        Check(
            "every request is answered, or told to go elsewhere",
            not lost,
            f"{answered} of {len(got)} answered; {lost or 'none lost'}",
        ),
        Check("it ends within the platform's 10 s", ended_s <= 10, f"{ended_s:.1f} s"),
    ]
    return Outcome(TOLD, checks, timeline.lines, got, broken_s, timeline.now())


async def _asked(client: httpx2.AsyncClient, number: int, timeline: Timeline) -> Got:
    began, body = timeline.now(), {"user_input": f"How do I plan the last question {number} before the end?"}
    try:
        answer: dict[str, Any] = (await client.post("/api/v2/process", json=body)).json()
        error = None if answer.get("success") else str(answer["error"]["code"])
    except httpx2.HTTPError as failure:
        error = type(failure).__name__
    return Got("new", began, (timeline.now() - began) * 1_000, error)


async def _killed(running: RunningSet, pace: Pace) -> Outcome:
    timeline = Timeline()
    async with httpx2.AsyncClient(base_url=running.url, trust_env=False, timeout=PATIENCE_S) as client:
        batches = Batches(client, KILLED, timeline)
        await batches.one("the batch", ITEMS)
        await asyncio.sleep(2 * THINKS_S)
        timeline.say("BROKEN: SIGKILL in the middle of a batch")
        broken_s = timeline.now()
        running.tell(signal.SIGKILL)
        await running.ended()
        await running.start()
        timeline.say("MENDED: another one is there")
        mended_s = timeline.now()
        wrong = await batches.settled(pace.batches_s)
    done = bool(batches.accepted) and not wrong
    figure = f"after {timeline.now() - mended_s:.0f} s" if done else "; ".join(wrong) or "it was not accepted"
    return Outcome(
        KILLED, [Check("the batch is complete, each item once", done, figure)], timeline.lines, (), broken_s, mended_s
    )
