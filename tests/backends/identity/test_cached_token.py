"""A token is kept, renewed in time, and serves on while there is no other."""

import asyncio

import pytest

from ion_mentoring.backends.identity.cached_token import PATIENCE_S, PAUSE_S, RENEW_BEFORE_S, CachedToken, Token
from ion_mentoring.errors import IdentityUnavailable
from tests.fakes import Clock

LASTS_S = 3600.0


class Issuer:
    """Gives tokens that are numbered, while it can."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.asked = 0
        self.lasts_s = LASTS_S
        self.down = False
        self.answers = asyncio.Event()
        self.answers.set()

    async def __call__(self) -> Token:
        self.asked += 1
        number = self.asked
        await self.answers.wait()
        if self.down:
            raise IdentityUnavailable("away")
        return Token(f"token-{number}", self.clock() + self.lasts_s)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def issuer(clock: Clock) -> Issuer:
    return Issuer(clock)


@pytest.fixture
def kept(issuer: Issuer, clock: Clock) -> CachedToken:
    return CachedToken(issuer, clock)


async def test_a_token_is_fetched_when_it_is_needed_and_kept_until_its_last_minutes(
    kept: CachedToken, issuer: Issuer, clock: Clock
) -> None:
    assert issuer.asked == 0
    assert await kept.text() == "token-1"
    clock.tick(LASTS_S - RENEW_BEFORE_S - 1)
    assert await kept.text() == "token-1"
    clock.tick(1)
    assert await kept.text() == "token-2"
    assert await kept.text() == "token-2"
    assert issuer.asked == 2


async def test_callers_at_the_same_time_share_a_fetch(kept: CachedToken, issuer: Issuer, clock: Clock) -> None:
    assert await asyncio.gather(*(kept.text() for _ in range(50))) == ["token-1"] * 50
    clock.tick(LASTS_S)
    assert await asyncio.gather(*(kept.text() for _ in range(50))) == ["token-2"] * 50
    assert issuer.asked == 2


async def test_the_old_token_serves_on_while_no_new_one_can_be_had(kept: CachedToken, issuer: Issuer, clock: Clock) -> None:
    await kept.text()
    issuer.down = True
    clock.tick(LASTS_S - RENEW_BEFORE_S)
    assert await kept.text() == "token-1"
    clock.tick(RENEW_BEFORE_S - 1)
    assert await kept.text() == "token-1"
    clock.tick(1)
    with pytest.raises(IdentityUnavailable, match="away"):
        await kept.text()
    issuer.down = False
    assert await kept.text() == "token-5"


async def test_a_renewal_that_failed_is_tried_again_after_a_pause(kept: CachedToken, issuer: Issuer, clock: Clock) -> None:
    await kept.text()
    issuer.down = True
    clock.tick(LASTS_S - RENEW_BEFORE_S)
    for _ in range(5):
        await kept.text()
    assert issuer.asked == 2
    clock.tick(PAUSE_S)
    issuer.down = False
    assert await kept.text() == "token-3"


async def test_nobody_waits_long_for_a_new_token_while_the_old_one_serves(
    kept: CachedToken, issuer: Issuer, clock: Clock
) -> None:
    await kept.text()
    issuer.answers.clear()
    clock.tick(LASTS_S - RENEW_BEFORE_S)
    async with asyncio.timeout(20 * PATIENCE_S):
        assert await asyncio.gather(*(kept.text() for _ in range(5))) == ["token-1"] * 5
    issuer.answers.set()
    clock.tick(PAUSE_S)
    assert await kept.text() == "token-2"
    assert issuer.asked == 2


async def test_whoever_leaves_during_the_first_fetch_leaves_the_token_to_the_next(kept: CachedToken, issuer: Issuer) -> None:
    issuer.answers.clear()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.001):
            await kept.text()
    issuer.answers.set()
    assert await kept.text() == "token-1"
    assert issuer.asked == 1


async def test_a_token_that_lasts_less_than_the_time_it_is_renewed_before_is_not_fetched_at_each_call(
    kept: CachedToken, issuer: Issuer, clock: Clock
) -> None:
    issuer.lasts_s = RENEW_BEFORE_S / 2
    for _ in range(5):
        assert await kept.text() == "token-1"
    clock.tick(PAUSE_S)
    assert await kept.text() == "token-2"


def test_a_token_does_not_show_in_a_log() -> None:
    assert "secret" not in repr(Token("secret", 1.0))
