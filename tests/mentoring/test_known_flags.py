"""Flags as an instance knows them: at once, never waiting, and going on with what was known."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from ion_mentoring.caching.epochs import Epochs
from ion_mentoring.caching.reliance import Reliance
from ion_mentoring.errors import CacheUnavailable, NotFound, StoreUnavailable, ValidationFailed
from ion_mentoring.flags.declared import CONSOLE_WORKER, EXPLORATION
from ion_mentoring.mentoring.flagging.known_flags import CHANGED, KnownFlags
from ion_mentoring.mentoring.flagging.turn_flags import TurnFlags
from ion_mentoring.records.flags.protocol import FlagChoice
from ion_mentoring.telemetry.events import EventLog
from tests.fakes import Clock

LASTS_S = 5.0
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


class Choices:
    """A store that a test takes away."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str | None], FlagChoice] = {}
        self.reads = 0
        self.down = False

    async def put(self, choice: FlagChoice) -> None:
        self.kept[choice.flag, choice.tenant] = choice

    async def remove(self, flag: str, tenant: str | None) -> None:
        self.kept.pop((flag, tenant), None)

    async def all(self) -> tuple[FlagChoice, ...]:
        self.reads += 1
        await asyncio.sleep(0)
        if self.down:
            raise StoreUnavailable("down")
        return tuple(self.kept.values())


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def choices() -> Choices:
    return Choices()


@pytest.fixture
def epochs(clock: Clock) -> Epochs:
    return Epochs(LASTS_S, clock)


@pytest.fixture
def known(choices: Choices, epochs: Epochs, clock: Clock) -> KnownFlags:
    return KnownFlags(choices, Reliance(epochs, None, CHANGED, LASTS_S, clock), EventLog("test", len))


async def read(known: KnownFlags) -> None:
    """Lets what goes on behind an evaluation end."""
    known.value(EXPLORATION, "default")
    await asyncio.sleep(0.01)


def chosen(variant: str, tenant: str | None = None, flag: str = "exploration") -> FlagChoice:
    return FlagChoice(flag, tenant, variant, NOON)


async def test_the_default_holds_until_the_first_reading_and_says_so(known: KnownFlags, choices: Choices) -> None:
    await choices.put(chosen("often"))
    first = known.evaluation(EXPLORATION, "default")
    assert (first.value, first.reason, first.error_code) == (0.0, "ERROR", "PROVIDER_NOT_READY")
    assert known.value(EXPLORATION, "default") == 0.0
    await read(known)
    assert known.value(EXPLORATION, "default") == 0.2
    assert known.evaluation(EXPLORATION, "default").reason == "STATIC"
    assert await known.current(CONSOLE_WORKER, "default") is True
    assert choices.reads == 1, "one reading for all of them"


async def test_a_tenant_has_its_own_and_what_is_no_variant_any_more_is_the_default(known: KnownFlags, choices: Choices) -> None:
    for one in (chosen("seldom"), chosen("often", "acme"), chosen("gone", "globex"), chosen("on", None, "gone_flag")):
        await choices.put(one)
    await read(known)
    assert [known.value(EXPLORATION, tenant) for tenant in ("default", "acme", "globex")] == [0.02, 0.2, 0.0]
    assert known.evaluation(EXPLORATION, "globex").error_code == "GENERAL"
    choices.kept = {("exploration", None): chosen("gone"), ("console_worker", "acme"): chosen("off", "acme", "console_worker")}
    await known.read_anew()
    assert known.value(EXPLORATION, "default") == 0.0
    assert [known.value(CONSOLE_WORKER, tenant) for tenant in ("default", "acme")] == [True, False]


async def test_it_is_read_again_behind_an_evaluation_when_it_is_old(known: KnownFlags, choices: Choices, clock: Clock) -> None:
    await read(known)
    await choices.put(chosen("often"))
    await read(known)
    assert known.value(EXPLORATION, "default") == 0.0, "the reading still counts"
    clock.tick(LASTS_S * 0.6)
    await read(known)
    assert known.value(EXPLORATION, "default") == 0.2, "read ahead of its end"


async def test_what_is_told_to_have_changed_is_read_again(known: KnownFlags, choices: Choices, epochs: Epochs) -> None:
    await read(known)
    await choices.put(chosen("often"))
    epochs.add(CHANGED)
    await read(known)
    assert known.value(EXPLORATION, "default") == 0.2


async def test_what_was_known_goes_on_without_a_store(known: KnownFlags, choices: Choices, clock: Clock) -> None:
    await choices.put(chosen("often"))
    await read(known)
    choices.down = True
    clock.tick(LASTS_S * 10)
    assert await known.current(EXPLORATION, "default") == 0.2
    assert known.evaluation(EXPLORATION, "default").reason == "STALE"
    before = choices.reads
    await read(known)
    assert choices.reads == before, "it is not asked again and again"
    choices.down = False
    clock.tick(LASTS_S * 2)
    await known.renewed()
    assert known.evaluation(EXPLORATION, "default").reason == "STATIC"


def turning(known: KnownFlags, choices: Choices, invalidate: Callable[[str], None]) -> TurnFlags:
    async def told(tag: str) -> None:
        invalidate(tag)

    return TurnFlags(choices, known, told, EventLog("test", len), lambda: NOON)


async def test_a_turn_is_kept_told_and_known_here_at_once(known: KnownFlags, choices: Choices, epochs: Epochs) -> None:
    turn = turning(known, choices, epochs.add)
    known.value(EXPLORATION, "default")  # a reading is under way, which knows nothing of it
    await turn.turn(turn.flag("exploration"), "often", "acme")
    assert choices.kept == {("exploration", "acme"): chosen("often", "acme")}
    assert known.value(EXPLORATION, "acme") == 0.2
    await turn.reset(turn.flag("exploration"), "acme")
    assert known.value(EXPLORATION, "acme") == 0.0


async def test_a_turn_that_the_others_cannot_be_told_of_holds_here(known: KnownFlags, choices: Choices) -> None:
    def away(_tag: str) -> None:
        raise CacheUnavailable("away")

    await turning(known, choices, away).turn(EXPLORATION, "often", None)
    assert known.value(EXPLORATION, "default") == 0.2


async def test_what_is_no_flag_and_no_variant_is_refused(known: KnownFlags, choices: Choices, epochs: Epochs) -> None:
    turn = turning(known, choices, epochs.add)
    with pytest.raises(NotFound):
        turn.flag("another")
    with pytest.raises(ValidationFailed) as refused:
        await turn.turn(EXPLORATION, "always", None)
    assert refused.value.details == {"allowed": ["off", "seldom", "usual", "often"]}
    assert not choices.kept
