"""The plan of a batch: whatever its items are, each is in one place, and those of a session are in one lane in their order."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ion_mentoring.mentoring.batching.lanes import CHUNK, CHUNK_BYTES, planned
from ion_mentoring.records.batches.submissions import SubmittedItem

NOON = datetime(2026, 1, 1, tzinfo=UTC)
WHO = st.tuples(st.sampled_from([None, "u1", "u2"]), st.sampled_from([None, "s1", "s2", "s3"]))


def items(who: list[tuple[str | None, str | None]], text: str = "hello") -> list[SubmittedItem]:
    return [
        SubmittedItem(place, str(place), {"user_input": text, "context": {"user_id": user, "session_id": session}})
        for place, (user, session) in enumerate(who, 1)
    ]


def session(item: SubmittedItem) -> Any:
    context = item.request["context"]
    return context["session_id"] and (context["user_id"], context["session_id"])


@given(st.lists(WHO, min_size=1, max_size=200), st.integers(1, 16))
def test_every_item_is_once_in_the_plan_and_sessions_keep_their_order(who: list[Any], at_most: int) -> None:
    chunks, lanes = planned(items(who), NOON, at_most=at_most)
    assert sorted(item.place for chunk in chunks for item in chunk.items) == list(range(1, len(who) + 1))
    assert {(chunk.lane, chunk.number) for chunk in chunks} == {(lane.id, n) for lane in lanes for n in range(lane.chunks)}
    assert len(lanes) <= at_most
    of_session: dict[Any, set[str]] = {}
    for lane in lanes:
        order = [item.place for chunk in chunks if chunk.lane == lane.id for item in chunk.items]
        assert order == sorted(order)
    for chunk in chunks:
        assert 1 <= len(chunk.items) <= CHUNK
        for item in chunk.items:
            of_session.setdefault(session(item), set()).add(chunk.lane)
    assert all(len(own) == 1 for key, own in of_session.items() if key)


def test_lanes_without_sessions_are_as_long_as_each_other() -> None:
    chunks, lanes = planned(items([(None, None)] * 1_000), NOON, at_most=16)
    lengths = [sum(len(chunk.items) for chunk in chunks if chunk.lane == lane.id) for lane in lanes]
    assert len(lanes) == 16
    assert max(lengths) - min(lengths) <= 1


def test_a_chunk_of_long_items_fits_into_a_document() -> None:
    chunks, _ = planned(items([(None, "s")] * 100, text="가" * 20_000), NOON, at_most=16)
    for chunk in chunks:
        assert sum(3 * len(item.request["user_input"]) for item in chunk.items) <= CHUNK_BYTES


def test_few_items_make_few_lanes() -> None:
    assert [len(planned(items([(None, None)] * count), NOON, at_most=16)[1]) for count in (1, 7, 8, 100)] == [1, 1, 2, 16]
