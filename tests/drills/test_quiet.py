"""A board is quiet once nothing was wrong for a while on end; the wait for it has an end, and says what was wrong."""

from collections.abc import Callable

import httpx2
import pytest

from infra.drills.quiet import quiet, troubles


class Clock:
    """A clock that goes on while somebody sleeps."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def now(self) -> float:
        return self.now_s

    async def sleep(self, seconds: float) -> None:
        self.now_s += seconds


async def waited(wrong: Callable[[float], bool]) -> tuple[list[str], float]:
    """The trouble that was left after a wait for 30 s of quiet within 360 s, and how long it took."""
    clock = Clock()

    async def look() -> list[str]:
        return ["degraded"] if wrong(clock.now()) else []

    return await quiet(look, for_s=30, within_s=360, now=clock.now, sleep=clock.sleep), clock.now()


async def test_a_board_that_is_well_is_quiet_after_its_time() -> None:
    assert await waited(lambda _now: False) == ([], 30)


async def test_a_trouble_begins_the_time_anew() -> None:
    assert await waited(lambda now: now == 20) == ([], 50)


async def test_a_machine_that_is_never_quiet_is_not_waited_for_without_end() -> None:
    assert await waited(lambda now: now % 20 == 0) == (["degraded"], 360)


BOARDS: dict[str, tuple[list[str], dict[str, object], dict[str, object]]] = {
    "well": ([], {"status": "healthy"}, {"alerts": []}),
    "no operator": ([], {"status": "healthy"}, {}),
    "degraded": (["degraded"], {"status": "degraded"}, {"alerts": []}),
    "ringing": (["alert errors"], {"status": "healthy"}, {"alerts": [{"name": "errors"}]}),
}


@pytest.mark.parametrize("board", BOARDS)
async def test_trouble_is_a_health_that_is_not_well_and_what_rings(board: str) -> None:
    found, health, status = BOARDS[board]
    says = {"/api/v2/health": health, "/api/v2/status": status}
    transport = httpx2.MockTransport(lambda request: httpx2.Response(200, json=says[request.url.path]))
    async with httpx2.AsyncClient(base_url="http://set", transport=transport) as client:
        assert await troubles(client) == found


async def test_a_set_that_does_not_answer_is_trouble() -> None:
    async with httpx2.AsyncClient(base_url="http://127.0.0.1:1", trust_env=False) as client:
        assert await troubles(client) == ["no answer"]
