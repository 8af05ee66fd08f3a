"""Odd access is slowed, then refused for a while, and told once; nobody is shut out by what somebody else does."""

import json
from dataclasses import dataclass, field

import pytest

from ion_mentoring.access.caller import Caller, Role
from ion_mentoring.access.key_networks import KeyNetworks
from ion_mentoring.access.limits_local import LocalRateLimit
from ion_mentoring.access.network import neighbourhood
from ion_mentoring.access.odd_access import MOST_SHUT, RULES, SLOWED_S, Kind, OddAccess
from ion_mentoring.access.probing import Probing
from ion_mentoring.errors import RateLimited
from ion_mentoring.telemetry.events import EventLog
from tests.fakes import Clock

HERE, NEAR, THERE = "203.0.113.9", "203.0.113.77", "2001:db8:1:2::"
ACME = Caller("acme/key:Ab0", frozenset({Role.SERVICE}), tenant="acme")
STRANGER = Caller(f"address:{HERE}", known=False)


@dataclass
class Watched:
    """Odd access on a clock, with its events, and how long was waited."""

    clock: Clock = field(default_factory=Clock)
    lines: list[dict[str, object]] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        log = EventLog("router", lambda line: self.lines.append(json.loads(line)))
        counts = {seconds: LocalRateLimit(0, self.clock, window_s=seconds) for seconds in (60, 600)}
        self.odd = OddAccess(counts, lambda network: f"<{len(network)}>", log, self.clock, self._wait)

    async def _wait(self, seconds: float) -> None:
        self.waited.append(seconds)

    async def many(self, kind: Kind, count: int, caller: Caller = ACME, network: str = HERE) -> None:
        for _ in range(count):
            await self.odd.saw(kind, caller, network, "/path/{id}")

    def shut(self, kind: Kind, caller: Caller = ACME, network: str = HERE) -> float | None:
        try:
            self.odd.must_be_open(kind, caller, network)
        except RateLimited as error:
            return error.retry_after_s
        return None


@pytest.fixture
def watched() -> Watched:
    return Watched()


@pytest.mark.parametrize("kind", ["enumeration", "refused_administration", "cache_probing"])
async def test_too_many_are_refused_until_the_window_is_over_and_told_once(watched: Watched, kind: Kind) -> None:
    rule = RULES[kind]
    await watched.many(kind, rule.most - 1)
    assert (watched.shut(kind), watched.lines) == (None, [])
    await watched.many(kind, 5)
    assert watched.shut(kind) == rule.window_s
    assert [(one["message"], one["kind"], one["who"]) for one in watched.lines] == [("SecurityEvent", kind, ACME.id)]
    watched.clock.tick(rule.window_s)
    assert watched.shut(kind) is None
    await watched.many(kind, rule.most)
    assert len(watched.lines) == 2


async def test_from_half_of_them_on_each_is_slowed(watched: Watched) -> None:
    await watched.many("enumeration", RULES["enumeration"].most // 2)
    assert watched.waited == []
    await watched.many("enumeration", 3)
    assert watched.waited == [SLOWED_S] * 3


async def test_no_owner_is_shut_out_by_a_thief_from_elsewhere_and_no_stranger_by_a_caller(watched: Watched) -> None:
    await watched.many("enumeration", 60)
    assert watched.shut("enumeration", ACME, THERE) is None
    assert watched.shut("enumeration", STRANGER) is None
    assert watched.shut("enumeration", ACME, NEAR) == 60  # one network is one thief
    await watched.many("enumeration", 60, STRANGER)
    assert watched.shut("enumeration", STRANGER) == 60
    assert watched.lines[-1]["who"] == f"<{len(HERE)}>"


async def test_a_flood_of_networks_costs_bounded_memory(watched: Watched) -> None:
    for number in range(RULES["refused_administration"].most * 3):
        await watched.many("refused_administration", 1, STRANGER, f"198.51.{number}.1")
    for number in range(MOST_SHUT + 5):
        watched.odd._shut["enumeration", f"n{number}"] = watched.clock() + 60
    await watched.many("enumeration", 60)
    assert len(watched.odd._shut) <= MOST_SHUT + 5
    assert watched.shut("enumeration") == 60


async def test_a_key_in_very_many_networks_goes_on_where_it_was_and_nowhere_new(watched: Watched) -> None:
    networks, most = KeyNetworks(watched.odd, watched.clock), RULES["many_networks"].most
    for number in range(most):
        networks.saw(ACME, f"198.51.{number}.1", "/path")
        networks.saw(ACME, f"198.51.{number}.2", "/path")
    assert watched.lines == []
    for number in range(3):
        with pytest.raises(RateLimited) as refused:
            networks.saw(ACME, f"203.0.{number}.1", "/path")
    assert refused.value.retry_after_s == RULES["many_networks"].window_s
    assert [one["kind"] for one in watched.lines] == ["many_networks"]
    networks.saw(ACME, "198.51.7.250", "/path")
    networks.saw(Caller("key:other"), "203.0.1.1", "/path")
    watched.clock.tick(RULES["many_networks"].window_s)
    networks.saw(ACME, "203.0.1.1", "/path")


async def test_the_same_question_with_and_without_the_cache_in_turn_is_probing(watched: Watched) -> None:
    probing = Probing(watched.odd, watched.clock)
    for _ in range(30):
        for cached in (False, True):
            await probing.saw(ACME, HERE, "/path", "Is Kim ill?", cached=cached)
    await probing.saw(ACME, HERE, "/path", "Is Kim ill?", cached=False)
    with pytest.raises(RateLimited):
        await probing.saw(ACME, HERE, "/path", "Is Lee ill?", cached=False)
    await probing.saw(ACME, HERE, "/path", "Is Lee ill?", cached=True)  # a question goes on being answered
    assert [one["kind"] for one in watched.lines] == ["cache_probing"]
    assert "Kim" not in str(watched.lines)


async def test_asking_anew_now_and_then_or_always_without_the_cache_is_no_probing(watched: Watched) -> None:
    probing = Probing(watched.odd, watched.clock)
    assert not probing.watches(ACME)
    for number in range(300):
        await probing.saw(ACME, HERE, "/path", f"Question {number % 20}?", cached=False)
    for number in range(300):
        await probing.saw(ACME, HERE, "/path", f"Another {number}?", cached=True)
    assert watched.lines == []
    watched.clock.tick(60)
    assert not probing.watches(ACME)


@pytest.mark.parametrize(
    ("network", "near"),
    [("203.0.113.9", "203.0.113.0"), ("2001:db8:1:2::", "2001:db8:1:2::"), ("unknown", "unknown")],
)
def test_a_neighbourhood_is_a_24_or_a_64(network: str, near: str) -> None:
    assert neighbourhood(network) == near
