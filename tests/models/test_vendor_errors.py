"""Tests of what a vendor's status and its headers mean."""

from email.utils import formatdate

import pytest

from ion_mentoring.errors import ModelBusy, ModelMisused, ModelRefused, ModelUnavailable
from ion_mentoring.models.vendor_errors import BUSY_S, breaks_off, retry_after_s, status_error
from tests.fakes import Clock


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "3"}, 3.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after-ms": "250", "retry-after": "1"}, 0.25),
        ({"retry-after-ms": "soon", "retry-after": "1"}, 1.0),
        ({"retry-after": formatdate(1_000_030)}, 30.0),
        ({"retry-after": formatdate(1_000_030, usegmt=True)}, 30.0),
        ({"retry-after": "1e9"}, 3_600.0),
        ({"retry-after": formatdate(2_000_000)}, 3_600.0),
        ({"retry-after": formatdate(999_000)}, None),
        ({"retry-after": "0"}, None),
        ({"retry-after": "-7"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "in a while"}, None),
        ({"retry-after": "Mon Jan 12 13:47:10 1970"}, 30.0),
        ({"retry-after": "Mon, 32 Jan 2026 00:00:00 GMT"}, None),
        ({"retry-after": f"Mon, 01 Jan {10**20} 00:00:00 GMT"}, None),
        ({}, None),
    ],
)
def test_the_time_to_wait_is_read_in_every_form(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after_s(headers, Clock(1_000_000.0)) == seconds


@pytest.mark.parametrize(
    ("status", "wait_s", "kind", "retry_after"),
    [
        (429, None, ModelBusy, BUSY_S),
        (429, 9.0, ModelBusy, 9.0),
        (503, 9.0, ModelBusy, 9.0),
        (503, None, ModelUnavailable, None),
        (500, 9.0, ModelUnavailable, None),
        (529, None, ModelUnavailable, None),
        (408, None, ModelUnavailable, None),
        (204, None, ModelUnavailable, None),
        (402, None, ModelMisused, None),
        (302, None, ModelMisused, None),
        (413, None, ModelRefused, None),
    ],
)
def test_a_status_becomes_the_error_that_its_caller_can_act_on(
    status: int, wait_s: float | None, kind: type[ModelUnavailable], retry_after: float | None
) -> None:
    error = status_error("openai:m", status, wait_s=wait_s)
    assert type(error) is kind
    assert error.retry_after_s == retry_after
    assert str(error) == f"openai:m: {status}"


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        (b"", True),
        (b'{"choices": [{"message": {"content": "\xed\x95\x9c', True),
        (b'{"choices": [{"message": {"content": "\xed\x95', True),
        (b'{"choices": [{"fin', True),
        ('{"choices": [', True),
        (b'{"choices": []}', False),
        (b"<html>502</html>", False),
        (b"{[\xff\x00}]\n", False),
        (b"\xff\xfe\x00", False),
        (b"[" * 100_000, False),
    ],
)
def test_a_reply_that_is_cut_is_the_beginning_of_some_json(text: str | bytes, cut: bool) -> None:
    assert breaks_off(text) == cut
