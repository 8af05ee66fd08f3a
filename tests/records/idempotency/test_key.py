"""An idempotency key is its caller's alone, and what is on record tells neither it nor the request."""

from hypothesis import given
from hypothesis import strategies as st

from ion_mentoring.records.idempotency.key import IdempotencyKey


@given(st.tuples(st.text(), st.text(), st.binary()), st.tuples(st.text(), st.text(), st.binary()))
def test_no_two_callers_or_keys_share_a_name_and_no_two_bodies_a_mark(
    one: tuple[str, str, bytes], other: tuple[str, str, bytes]
) -> None:
    first, second = IdempotencyKey.of(*one), IdempotencyKey.of(*other)
    assert (first.name == second.name) == (one[:2] == other[:2])
    assert (first.fingerprint == second.fingerprint) == (one == other)
    assert (first.secret == second.secret) == (one == other)


def test_where_a_caller_ends_and_its_key_begins_is_told_apart() -> None:
    assert IdempotencyKey.of("ab", "c", b"").name != IdempotencyKey.of("a", "bc", b"").name


def test_the_three_marks_of_a_request_are_three() -> None:
    key = IdempotencyKey.of("me", "k", b"body")
    assert len({key.name, key.fingerprint, key.secret.hex()}) == 3
