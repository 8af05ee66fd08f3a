"""The count of tenants that ask the same: for all from the third on, over instances where there is an L2."""

import time
from collections.abc import AsyncIterator, Callable

import pytest

from ion_mentoring.backends.valkey.valkey_client import ValkeyConnection
from ion_mentoring.caching.guarded import GuardedServer
from ion_mentoring.caching.sharing import COUNTS_S, LocalSharing, Sharing, Standing
from ion_mentoring.caching.sharing_valkey import SharedSharing
from ion_mentoring.resilience.breaker import Breaker
from tests.fakes import Clock

Instance = Callable[[], Sharing]


def server(connection: ValkeyConnection) -> GuardedServer:
    return GuardedServer(connection, Breaker(failures=3, rest_s=2, now=time.monotonic))


@pytest.fixture(params=["alone", "over L2"])
async def instance(request: pytest.FixtureRequest) -> AsyncIterator[Instance]:
    clock = Clock()
    if request.param == "alone":
        alone = LocalSharing(clock)
        yield lambda: alone
        return
    connection = ValkeyConnection.to(f"redis://127.0.0.1:{request.getfixturevalue('valkey_port')}", timeout_s=2)
    yield lambda: SharedSharing(server(connection), clock)
    await connection.close()


async def test_a_question_is_for_all_from_the_third_tenant_on_and_every_tenant_comes_once_for_the_first_time(
    instance: Instance,
) -> None:
    question = f"q-{time.time_ns()}"
    one, other = instance(), instance()
    asked = [await one.asked(question, tenant) for tenant in ("a", "a", "b", "a")]
    assert asked == [Standing(False, False), Standing(False, True), Standing(False, False), Standing(False, True)]
    assert not one.knows(question, "a")
    assert await other.asked(question, "c") == Standing(True, False)
    assert await other.asked(question, "d") == Standing(True, False)
    assert await other.asked(question, "d") == Standing(True, True)
    assert await one.asked(question, "a") == Standing(True, True)
    assert (other.knows(question, "d"), one.knows(question, "a"), one.knows(question, "stranger")) == (True, True, False)
    assert await one.asked(f"{question}-other", "c") == Standing(False, False)


async def test_what_nobody_asks_any_more_is_forgotten() -> None:
    clock = Clock()
    sharing = LocalSharing(clock, most=2)
    for tenant in ("a", "b", "c"):
        await sharing.asked("q", tenant)
    clock.tick(COUNTS_S)
    assert not sharing.knows("q", "a")
    assert await sharing.asked("q", "a") == Standing(False, False)
    for question in ("r", "s"):
        await sharing.asked(question, "a")
    assert await sharing.asked("q", "a") == Standing(False, False)


async def test_without_l2_nothing_is_known_to_be_for_all() -> None:
    nowhere = ValkeyConnection.to("redis://127.0.0.1:1", timeout_s=0.2)
    sharing = SharedSharing(server(nowhere), Clock())
    assert [await sharing.asked("q", tenant) for tenant in ("a", "b", "c", "d")] == [Standing(False, False)] * 4
    assert not sharing.knows("q", "a")
    await nowhere.close()
