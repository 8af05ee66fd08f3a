"""L1 keeps what was used last, within its bounds and each value's time, whoever asks at once."""

import threading
import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ion_mentoring.caching.local import ENTRY_OVERHEAD, LocalCache, LocalFigures
from tests.fakes import Clock


def cache(clock: Clock, *, max_bytes: int = 1_000_000, max_entries: int = 100) -> LocalCache[object]:
    return LocalCache(max_bytes=max_bytes, max_entries=max_entries, now=clock)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def put(kept: LocalCache[object], clock: Clock, key: str, value: object = "v", *, size: int = 1, ttl_s: float = 60) -> None:
    kept.put(key, value, size=size, expires_at=clock() + ttl_s)


@pytest.mark.parametrize("value", ["text", "", 0, False, (), b"", None])
def test_any_value_is_a_hit_a_falsy_one_too(clock: Clock, value: object) -> None:
    near = cache(clock)
    put(near, clock, "k", value)
    found = near.get("k")
    assert found is not None
    assert found.value == value
    assert (near.figures().hits, near.figures().misses) == (1, 0)


@pytest.mark.parametrize("value", ["text", "", None])
def test_a_value_ends_at_its_time_and_makes_room(clock: Clock, value: object) -> None:
    near = cache(clock)
    put(near, clock, "k", value, ttl_s=10)
    clock.tick(9.999)
    assert near.get("k") is not None
    clock.tick(0.001)
    assert near.get("k") is None
    assert near.figures() == LocalFigures(hits=1, misses=1, evictions=0, entries=0, size=0)


def test_a_thawed_instance_gives_nothing_that_ended_while_it_was_frozen(clock: Clock) -> None:
    near = cache(clock)
    put(near, clock, "k", ttl_s=60)
    clock.tick(86_400)
    assert near.get("k") is None


def test_the_value_used_longest_ago_goes_first(clock: Clock) -> None:
    near = cache(clock, max_entries=2)
    for key in ("a", "b"):
        put(near, clock, key)
    near.get("a")
    put(near, clock, "c")
    assert [key for key in "abc" if near.get(key)] == ["a", "c"]
    assert near.figures().evictions == 1


def test_bytes_are_a_bound_of_their_own(clock: Clock) -> None:
    near = cache(clock, max_bytes=3 * (ENTRY_OVERHEAD + 100))
    for key in "abcd":
        put(near, clock, key, size=100)
    assert [key for key in "abcd" if near.get(key)] == ["b", "c", "d"]
    assert near.figures().size == 3 * (ENTRY_OVERHEAD + 100)


def test_a_value_larger_than_the_cache_is_not_kept_and_pushes_nothing_out(clock: Clock) -> None:
    near = cache(clock, max_bytes=ENTRY_OVERHEAD + 100)
    put(near, clock, "small", size=100)
    put(near, clock, "large", size=101)
    assert near.get("large") is None
    assert near.get("small") is not None
    assert near.figures().evictions == 0


def test_a_value_too_large_leaves_no_older_one_at_its_key(clock: Clock) -> None:
    near = cache(clock, max_bytes=ENTRY_OVERHEAD + 100)
    put(near, clock, "k", "old", size=1)
    put(near, clock, "k", "new", size=101)
    assert near.get("k") is None


def test_a_cache_of_no_entries_keeps_nothing(clock: Clock) -> None:
    near = cache(clock, max_entries=0)
    put(near, clock, "k")
    assert near.get("k") is None


def test_what_is_new_is_kept_even_if_what_is_protected_leaves_it_no_room(clock: Clock) -> None:
    near = cache(clock, max_bytes=ENTRY_OVERHEAD * 5 // 4)
    put(near, clock, "old", size=0)
    near.get("old")
    put(near, clock, "new", size=0)
    assert near.get("new") is not None
    assert near.get("old") is None


def test_a_later_value_takes_the_place_and_the_charge_of_an_earlier_one(clock: Clock) -> None:
    near = cache(clock)
    put(near, clock, "k", "old", size=900)
    put(near, clock, "k", "new", size=1)
    found = near.get("k")
    assert found is not None
    assert found.value == "new"
    assert near.figures().size == found.size == ENTRY_OVERHEAD + 1


def test_clearing_forgets_the_values_and_keeps_the_figures(clock: Clock) -> None:
    near = cache(clock)
    put(near, clock, "k")
    near.get("k")
    near.clear()
    assert near.figures() == LocalFigures(hits=1, misses=0, evictions=0, entries=0, size=0)


KEYS = st.sampled_from("abcdef")
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), KEYS, st.integers(0, 900), st.integers(1, 5)),
        st.tuples(st.just("get"), KEYS),
        st.tuples(st.just("tick"), st.integers(1, 3)),
    ),
    max_size=60,
)


@given(steps=STEPS, max_bytes=st.integers(0, 4 * ENTRY_OVERHEAD), max_entries=st.integers(0, 4))
def test_it_gives_the_latest_value_or_none_and_never_passes_its_bounds(
    steps: list[tuple], max_bytes: int, max_entries: int
) -> None:
    clock = Clock()
    near = cache(clock, max_bytes=max_bytes, max_entries=max_entries)
    latest: dict[str, tuple[int, float]] = {}
    for number, (step, *arguments) in enumerate(steps):
        if step == "tick":
            clock.tick(arguments[0])
        elif step == "get":
            (key,) = arguments
            kept = near.get(key)
            assert kept is None or (kept.value == latest[key][0] and latest[key][1] > clock())
        else:
            key, size, ttl_s = arguments
            put(near, clock, key, number, size=size, ttl_s=ttl_s)
            latest[key] = (number, clock() + ttl_s)
            assert (near.get(key) is not None) == (size + ENTRY_OVERHEAD <= max_bytes and max_entries > 0)
        figures = near.figures()
        assert figures.entries <= max_entries
        assert figures.size <= max_bytes
        assert (figures.size == 0) == (figures.entries == 0)


def test_a_pass_of_keys_that_nobody_asks_for_again_leaves_the_popular_ones_alone(clock: Clock) -> None:
    near = cache(clock, max_entries=100)
    for number in range(50):
        put(near, clock, f"popular-{number}")
        near.get(f"popular-{number}")
    for number in range(10_000):
        put(near, clock, f"once-{number}")
    assert all(near.get(f"popular-{number}") for number in range(50))


def test_what_is_protected_gives_way_to_what_is_asked_for_later(clock: Clock) -> None:
    near = cache(clock, max_entries=10)
    for name in ("old", "new"):
        for number in range(8):
            put(near, clock, f"{name}-{number}")
            near.get(f"{name}-{number}")
    assert all(near.get(f"new-{number}") for number in range(8))
    assert sum(f"old-{number}" in near for number in range(8)) == 2


def test_a_new_value_of_a_protected_key_is_protected(clock: Clock) -> None:
    near = cache(clock, max_entries=10)
    put(near, clock, "popular", 1)
    near.get("popular")
    put(near, clock, "popular", 2)
    for number in range(100):
        put(near, clock, f"once-{number}")
    kept = near.get("popular")
    assert kept is not None
    assert kept.value == 2


def test_a_key_that_is_dropped_is_gone_and_dropping_it_again_is_nothing(clock: Clock) -> None:
    near = cache(clock)
    for again in (False, True):
        put(near, clock, "k")
        if again:
            near.get("k")
        near.drop("k")
        near.drop("k")
        assert "k" not in near
    assert near.figures().size == 0


def test_eight_threads_at_once_raise_nothing_and_lose_no_count(clock: Clock) -> None:
    near = cache(clock, max_entries=50)
    together = threading.Barrier(8)

    def work(number: int) -> None:
        together.wait()
        for turn in range(2_000):
            key = str((turn * (number + 1)) % 120)
            near.put(key, turn, size=turn % 300, expires_at=clock() + turn % 3 - 1)
            near.get(str(turn % 120))

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(work, range(8))) == [None] * 8
    figures = near.figures()
    assert figures.hits + figures.misses == 8 * 2_000
    assert figures.entries <= 50


def test_an_entry_costs_no_more_memory_than_it_is_charged(clock: Clock) -> None:
    entries = 5_000
    near = cache(clock, max_bytes=1 << 30, max_entries=entries)
    value = "shared by all, so that it is not measured"
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    try:
        for number in range(entries):
            put(near, clock, f"{number:024}", value, size=number)
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (held - before) / entries <= ENTRY_OVERHEAD
