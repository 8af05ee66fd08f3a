"""Each item of a batch message has an id of its own, so that no answer takes another one's place."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ion_mentoring.errors import InvalidInput
from ion_mentoring.handlers.workers.batch import BATCH, BatchMessage, items_of

A, B = {"user_input": "a"}, {"user_input": "b"}
IDS = st.sampled_from([None, "1", "2", 1, 2, "7-1", "7-2", "7-0", "", [], True])


def read(message_id: str = "7", **message: Any) -> list[tuple[str, str | None, str | None]]:
    """Ids, what is asked, why not."""
    items = items_of(BatchMessage.model_validate({"batch_id": "b", **message}), message_id)
    assert {item.batch_id for item in items} <= {"b"}
    assert {item.request.caller for item in items if item.request} <= {BATCH}
    return [(item.item_id, item.request.text if item.request else None, item.refused) for item in items]


@pytest.mark.parametrize(
    ("message", "items"),
    [
        ({"item_id": "17", "request": A}, [("17", "a", None)]),
        ({"item_id": 17, "request": A}, [("17", "a", None)]),
        ({"request": A}, [("7-0", "a", None)]),
        ({"requests": [{"item_id": "1", **A}, {"item_id": 2, **B}]}, [("1", "a", None), ("2", "b", None)]),
        ({"requests": [A, B]}, [("7-1", "a", None), ("7-2", "b", None)]),
        ({"requests": [A, {"item_id": "1", **B}]}, [("7-1", "a", None), ("1", "b", None)]),
        ({"requests": [{"item_id": "2", **B}, A]}, [("2", "b", None), ("7-2", "a", None)]),
        ({"requests": [A, {"item_id": "7-1", **B}]}, [("7-1-", "a", None), ("7-1", "b", None)]),
        ({"requests": [{"item_id": None, **A}]}, [("7-1", "a", None)]),
        ({"item_id": "1", "request": A, "requests": [B]}, [("1", "a", None), ("7-1", "b", None)]),
        ({"request": A, "requests": [{"item_id": "0", **B}]}, [("7-0", "a", None), ("0", "b", None)]),
        ({"requests": []}, []),
    ],
)
def test_items_with_and_without_ids_are_all_there(message: dict[str, Any], items: list[Any]) -> None:
    assert read(**message) == items


def test_what_cannot_be_asked_is_refused_under_an_id_that_no_other_has() -> None:
    sent = [{"user_input": ""}, {"item_id": "3"}, *({"item_id": wrong, **A} for wrong in ([], "x" * 129, True)), None]
    assert read(requests=sent) == [
        ("7-1", None, "INVALID_INPUT: user_input"),
        ("3", None, "VALIDATION_ERROR: user_input"),
        ("7-3", None, "VALIDATION_ERROR: item_id"),
        ("7-4", None, "VALIDATION_ERROR: item_id"),
        ("7-5", None, "VALIDATION_ERROR: item_id"),
        ("7-6", None, "INVALID_INPUT"),
    ]


def test_of_different_items_with_one_id_the_first_is_asked_and_the_others_are_named_as_errors() -> None:
    assert read(requests=[{"item_id": "1", **A}, {"item_id": 1, **B}]) == [
        ("1", "a", None),
        ("7-2", None, "DUPLICATE_ITEM: item_id"),
    ]
    assert read(item_id="1", request=A, requests=[{"item_id": "1", **B}]) == [
        ("1", "a", None),
        ("7-1", None, "DUPLICATE_ITEM: item_id"),
    ]


def test_an_item_that_comes_twice_just_as_it_is_comes_once() -> None:
    assert read(requests=[{"item_id": "1", **A}, {**A, "item_id": "1"}]) == [("1", "a", None)]
    assert read(item_id="1", request=A, requests=[{"item_id": "1", **A}]) == [("1", "a", None)]


def test_two_messages_of_one_batch_take_no_ids_from_each_other() -> None:
    ids = [item_id for message_id in ("7", "8") for item_id, _, _ in read(message_id, requests=[A, B])]
    assert len(set(ids)) == 4
    assert read("7", requests=[A, B]) == read("7", requests=[A, B])


@given(st.lists(IDS, max_size=6), st.none() | IDS)
def test_nothing_is_lost_whatever_the_ids_are(ids: list[Any], single: Any) -> None:
    listed = [{"item_id": item_id, "user_input": f"text {place}"} for place, item_id in enumerate(ids, 1)]
    read_items = read(item_id=single, request={"user_input": "text 0"}, requests=listed)
    assert len(read_items) == len(ids) + 1 == len({item_id for item_id, _, _ in read_items})
    assert all((text is None) == (refused is not None) for _, text, refused in read_items)


@pytest.mark.parametrize("message", [{}, {"item_id": "1"}, {"requests": None}])
def test_a_message_without_any_item_is_refused(message: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        read(**message)
