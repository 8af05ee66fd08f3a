"""An endpoint is looked for when it is first needed, once for all who need it, and again after a failure."""

import asyncio
import subprocess
import sys
import threading
import time

import pytest

from ion_mentoring.backends.valkey.address import ServerAddress
from ion_mentoring.backends.valkey.endpoint import BELIEVED_S, LONG_PAUSE_S, PAUSE_S, Discovered, Endpoint
from ion_mentoring.errors import CacheUnavailable, IdentityUnavailable, SettingsInvalid
from tests.fakes import Clock

FOUND = Endpoint(ServerAddress("10.0.0.2", encrypted=True, clustered=True), "pem", iam=True)


class Search:
    """Looks for an endpoint, in a thread; remembers with which tokens, and whether the loop stood still."""

    def __init__(self) -> None:
        self.tokens: list[str] = []
        self.threads: list[int] = []
        self.error: Exception | None = None
        self.goes_on = threading.Event()
        self.goes_on.set()

    def __call__(self, token: str) -> Endpoint:
        self.tokens.append(token)
        self.threads.append(threading.get_ident())
        self.goes_on.wait(5)
        if self.error:
            raise self.error
        return FOUND


class Told:
    """Hears of failures."""

    def __init__(self) -> None:
        self.reasons: list[str] = []

    def __call__(self, error: CacheUnavailable) -> None:
        self.reasons.append(str(error))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def search() -> Search:
    return Search()


@pytest.fixture
def told() -> Told:
    return Told()


async def token() -> str:
    return "a-token"


async def no_token() -> str:
    raise IdentityUnavailable("metadata server: 503")


@pytest.fixture
def discovered(search: Search, clock: Clock, told: Told) -> Discovered:
    return Discovered(search, token, clock, told)


async def test_nothing_is_looked_for_before_it_is_needed_and_then_once(discovered: Discovered, search: Search) -> None:
    assert search.tokens == []
    assert await asyncio.gather(*(discovered.endpoint() for _ in range(20))) == [FOUND] * 20
    assert await discovered.endpoint() is FOUND
    assert search.tokens == ["a-token"]


async def test_the_search_does_not_run_where_the_loop_runs(discovered: Discovered, search: Search) -> None:
    await discovered.endpoint()
    assert search.threads != [threading.get_ident()]


async def test_whoever_has_no_time_to_wait_leaves_the_search_going_on(discovered: Discovered, search: Search) -> None:
    search.goes_on.clear()
    for _ in range(3):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await discovered.endpoint()
    search.goes_on.set()
    assert await discovered.endpoint() is FOUND
    assert len(search.tokens) == 1


@pytest.mark.parametrize(
    ("error", "pause_s"), [(CacheUnavailable("it is CREATING"), PAUSE_S), (SettingsInvalid("it is not there"), LONG_PAUSE_S)]
)
async def test_a_search_that_failed_is_told_once_and_made_again_after_a_pause(
    discovered: Discovered, search: Search, clock: Clock, told: Told, error: Exception, pause_s: float
) -> None:
    search.error = error
    for _ in range(3):
        with pytest.raises(CacheUnavailable, match=f"L2 not found: {error}"):
            await discovered.endpoint()
    clock.tick(pause_s - 0.1)
    with pytest.raises(CacheUnavailable):
        await discovered.endpoint()
    assert (len(search.tokens), told.reasons) == (1, [f"L2 not found: {error}"])
    search.error = None
    clock.tick(0.1)
    assert await discovered.endpoint() is FOUND


async def test_without_a_token_nothing_is_asked(search: Search, clock: Clock, told: Told) -> None:
    with pytest.raises(CacheUnavailable, match="L2 not found: metadata server: 503"):
        await Discovered(search, no_token, clock, told).endpoint()
    assert search.tokens == []


async def test_a_search_that_does_not_end_is_given_up(search: Search, clock: Clock, told: Told) -> None:
    search.goes_on.clear()
    discovered = Discovered(search, token, clock, told, search_s=0.02)
    started = time.monotonic()
    with pytest.raises(CacheUnavailable, match="not found in time"):
        await discovered.endpoint()
    assert time.monotonic() - started < 2
    search.goes_on.set()
    clock.tick(PAUSE_S)
    assert await Discovered(search, token, clock, told).endpoint() is FOUND


async def test_what_cannot_be_reached_is_looked_for_again_but_not_all_the_time(
    discovered: Discovered, search: Search, clock: Clock
) -> None:
    await discovered.endpoint()
    discovered.forget()
    assert await discovered.endpoint() is FOUND
    clock.tick(BELIEVED_S)
    discovered.forget()
    assert await discovered.endpoint() is FOUND
    assert len(search.tokens) == 2


async def test_a_fault_of_our_own_is_not_taken_for_an_l2_that_is_away(discovered: Discovered, search: Search) -> None:
    search.error = RuntimeError("a fault")
    with pytest.raises(RuntimeError):
        await discovered.endpoint()


def test_the_certificates_do_not_show_in_a_log() -> None:
    assert "pem" not in repr(FOUND)


def test_what_is_not_needed_before_the_first_call_is_not_imported() -> None:
    modules = "backends.identity.access_tokens", "backends.valkey.credentials", "backends.valkey.endpoint"
    imports = "".join(f"import ion_mentoring.{module}\n" for module in modules)
    asks = "import sys\nprint(sorted(sys.modules.keys() & {'google.auth', 'grpc', 'requests', 'valkey'}))"
    said = subprocess.run([sys.executable, "-c", imports + asks], capture_output=True, text=True, check=True).stdout
    assert said == "[]\n"
