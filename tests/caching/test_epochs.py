"""What was invalidated is void for whatever was made before, whoever made it and however long an instance slept."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ion_mentoring.backends.valkey.valkey_client import ValkeyConnection
from ion_mentoring.caching.entry import Epoch
from ion_mentoring.caching.epochs import BEGIN, INVALIDATE, MOST_RULES, Epochs
from tests.fakes import Clock

DAY_S = 86_400
LUA, ELRO = "lua:ko:calm-medium-learning", "elro:en:calm-medium-learning"


@pytest.fixture
def clock() -> Clock:
    return Clock()


def document(number: int, *rules: tuple[int, str], era: int = 7) -> bytes:
    return json.dumps({"era": era, "number": number, "rules": [[*rule, 0] for rule in rules]}).encode()


def test_nothing_is_verified_before_it_was_learned_nor_after_the_declared_time(clock: Clock) -> None:
    epochs = Epochs(5, clock)
    assert not epochs.verified
    assert epochs.learn(document(0), clock())
    clock.tick(5)
    assert epochs.verified
    clock.tick(0.1)
    assert not epochs.verified
    assert epochs.learn(document(0), clock())
    clock.tick(-1)  # the clock was set back
    assert not epochs.verified


def test_what_matches_is_void_if_it_was_made_before(clock: Clock) -> None:
    epochs = Epochs(5, clock)
    epochs.learn(document(2, (1, "lua:*"), (2, "*:en:*")), clock())
    assert [epochs.holds(Epoch(7, made), LUA) for made in (0, 1, 2)] == [False, True, True]
    assert [epochs.holds(Epoch(7, made), ELRO) for made in (0, 1, 2)] == [False, False, True]
    assert epochs.holds(Epoch(7, 0), "riri:ko:calm-medium-learning")


def test_what_was_made_in_another_era_or_in_the_future_is_void(clock: Clock) -> None:
    epochs = Epochs(5, clock)
    epochs.learn(document(2), clock())
    assert not epochs.holds(Epoch(8, 2), LUA)
    assert not epochs.holds(Epoch(7, 3), LUA)


@pytest.mark.parametrize(
    "stored",
    [None, b"", b"[]", b"{}", b'{"era":1,"number":0}', b'{"era":1,"number":0,"rules":[1]}', b"\xff", b"null"],
)
def test_what_is_no_document_is_not_learned(clock: Clock, stored: bytes | None) -> None:
    epochs = Epochs(5, clock)
    assert not epochs.learn(stored, clock())
    assert not epochs.verified


def test_an_answer_that_was_overtaken_changes_nothing(clock: Clock) -> None:
    epochs = Epochs(5, clock)
    epochs.learn(document(2), clock())
    assert epochs.learn(document(1), clock() - 1)
    assert epochs.current == Epoch(7, 2)


def test_a_server_that_fell_back_is_believed(clock: Clock) -> None:
    epochs = Epochs(5, clock)
    epochs.learn(document(2), clock())
    epochs.learn(document(1), clock())
    assert epochs.current == Epoch(7, 1)


def test_without_l2_the_rules_are_the_instances_own_and_bounded(clock: Clock) -> None:
    epochs = Epochs(5, clock)
    made = epochs.current
    epochs.add("lua:*")
    assert not epochs.holds(made, LUA)
    assert epochs.holds(made, ELRO)
    for number in range(MOST_RULES):
        epochs.add(f"nobody-{number}:*")
    assert not epochs.holds(made, ELRO)
    assert len(epochs._rules) <= MOST_RULES


async def stored_epochs(connection: ValkeyConnection) -> Any:
    return json.loads(await connection.get("epochs") or b"null")


async def test_the_server_counts_and_keeps_rules_for_as_long_as_entries_may_live(connection: ValkeyConnection) -> None:
    await connection.evaluate(BEGIN, "epochs", 2**40 - 1)
    assert await connection.evaluate(INVALIDATE, "epochs", "lua:*", DAY_S, 5) == [1]
    assert await connection.evaluate(INVALIDATE, "epochs", "한:\"'*", DAY_S, 5) == [2]
    known = await stored_epochs(connection)
    assert (known["era"], known["number"]) == (2**40 - 1, 2)
    assert [rule[:2] for rule in known["rules"]] == [[1, "lua:*"], [2, "한:\"'*"]]
    await connection.evaluate(INVALIDATE, "epochs", "elro:*", -1, 5)
    assert [rule[1] for rule in (await stored_epochs(connection))["rules"]] == ["elro:*"]


async def test_clearing_needs_no_other_rule_and_too_many_rules_are_a_clearing(connection: ValkeyConnection) -> None:
    for number in range(MOST_RULES):
        await connection.evaluate(INVALIDATE, "epochs", f"{number}:*", DAY_S, 5)
    assert len((await stored_epochs(connection))["rules"]) == MOST_RULES
    await connection.evaluate(INVALIDATE, "epochs", "one:*", DAY_S, 5)
    known = await stored_epochs(connection)
    assert [rule[:2] for rule in known["rules"]] == [[MOST_RULES + 1, "*"]]
    await connection.evaluate(INVALIDATE, "epochs", "two:*", DAY_S, 5)
    await connection.evaluate(INVALIDATE, "epochs", "*", DAY_S, 5)
    assert [rule[1] for rule in (await stored_epochs(connection))["rules"]] == ["*"]


@pytest.mark.parametrize("found", [b"", b"junk", b"[]", b"7", b'{"era":1}'])
async def test_an_era_begins_once_and_in_place_of_junk(connection: ValkeyConnection, clock: Clock, found: bytes) -> None:
    if found:
        await connection.set("epochs", found, ttl_ms=60_000)
    for era in (11, 12):
        await connection.evaluate(BEGIN, "epochs", era)
    epochs = Epochs(5, clock)
    assert epochs.learn(await connection.get("epochs"), clock())
    assert epochs.current == Epoch(11, 0)


async def test_an_invalidation_in_place_of_junk_begins_an_era_too(connection: ValkeyConnection, clock: Clock) -> None:
    await connection.set("epochs", b"junk", ttl_ms=60_000)
    await connection.evaluate(INVALIDATE, "epochs", "lua:*", DAY_S, 13)
    epochs = Epochs(5, clock)
    assert epochs.learn(await connection.get("epochs"), clock())
    assert epochs.current == Epoch(13, 1)


@given(st.lists(st.sampled_from(["lua:*", "elro:*", "*:ko:*", "*"]), max_size=12), st.integers(0, 12))
def test_local_rules_are_exactly_what_was_invalidated_after_the_making(patterns: list[str], made_after: int) -> None:
    epochs = Epochs(5, Clock())
    made = epochs.current
    for number, pattern in enumerate(patterns, 1):
        epochs.add(pattern)
        if number == made_after:
            made = epochs.current
    after = patterns if made_after == 0 or made_after > len(patterns) else patterns[made_after:]
    assert epochs.holds(made, LUA) == (not any(pattern in ("lua:*", "*:ko:*", "*") for pattern in after))
