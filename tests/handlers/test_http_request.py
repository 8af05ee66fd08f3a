"""A request is read as it came in, and never more of it than the limit."""

from collections.abc import Iterable
from typing import Any

import pytest
from starlette.requests import ClientDisconnect, Request

from ion_mentoring.errors import InvalidJson, RequestTooLarge, UnsupportedMediaType
from ion_mentoring.handlers.web.http_request import BODY_LIMIT, LISTS, HttpRequest

JSON = [(b"content-type", b"application/json")]


def incoming(headers: Iterable[tuple[bytes, bytes]] = (), *chunks: bytes, ends: bool = True, **scope: Any) -> HttpRequest:
    """A request whose body comes in these chunks; one that does not end is left by its client."""
    messages = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
    messages.append({"type": "http.request"} if ends else {"type": "http.disconnect"})

    async def receive() -> Any:
        return messages.pop(0)

    usual = {"type": "http", "method": "POST", "path": "/", "headers": list(headers), "client": ("10.0.0.1", 5)}
    return HttpRequest(Request(usual | scope, receive))


@pytest.mark.parametrize(
    ("accept", "wants"),
    [
        ("text/event-stream", True),
        ("application/json, Text/Event-Stream;q=0.9", True),
        ("application/json", False),
        ("*/*", False),
        ("", False),
        ("text/event-stream;q=0", False),
        ("text/event-stream; Q=0.000", False),
        ("text/event-stream;q=0.", False),
        ("text/event-stream;charset=utf-8;q=0", False),
        ("text/event-stream;q=0.001", True),
        ("text/event-stream;q=1.000", True),
        ("text/event-stream;q=\xb2", True),
        ("text/event-stream;q=", True),
        ("text/event-stream;q=0, text/event-stream;q=0.2", True),
        (";;q=0,,", False),
    ],
)
def test_only_who_asks_for_a_stream_gets_one(accept: str, wants: bool) -> None:
    assert incoming([(b"accept", accept.encode("latin-1"))]).accepts("text/event-stream") is wants


def test_who_says_nothing_asks_for_no_stream() -> None:
    assert not incoming().accepts("text/event-stream")


@pytest.mark.parametrize("name", sorted(LISTS))
def test_lines_of_a_field_that_is_a_list_are_one_list(name: bytes) -> None:
    sent = incoming([(name, b"a"), (b"x-other", b"b"), (name, b"c, d"), (name, b"")])
    assert sent.header(name) == "a, c, d, "


def test_a_stream_may_be_asked_for_in_any_line() -> None:
    lines = [(b"accept", b"application/json"), (b"accept", b"text/event-stream")]
    assert incoming(lines).accepts("text/event-stream")
    assert incoming(lines[::-1]).accepts("text/event-stream")


def test_its_path_and_its_query_are_composed() -> None:
    sent = incoming(path="/personas/\u1105\u116e\u110b\u1161", query_string=b"pattern=e%CC%81&pattern=x")
    assert sent.path == "/personas/루아"
    assert sent.query("pattern") == "é"


def test_of_two_headers_with_a_name_the_first_counts() -> None:
    sent = incoming([(b"x-api-key", b"one"), (b"x-api-key", b"two"), (b"x-odd", b"\xff")])
    assert [sent.header(name) for name in (b"x-api-key", b"x-odd", b"x-none")] == ["one", "\xff", None]


@pytest.mark.parametrize(
    ("path", "root", "own"),
    [("/api/v2/process", "", "/api/v2/process"), ("/fn/lua/answer", "/fn/lua", "/answer"), ("/fn/lua", "/fn/lua", "/")],
)
def test_its_path_is_below_where_the_function_is_mounted(path: str, root: str, own: str) -> None:
    assert incoming(path=path, root_path=root).path == own


@pytest.mark.parametrize(
    ("forwarded", "hops", "address"),
    [
        ([], 0, "10.0.0.1"),
        ([], 2, "10.0.0.1"),
        ([b"1.1.1.1"], 0, "10.0.0.1"),
        ([b"1.1.1.1"], 2, "10.0.0.1"),
        ([b"9.9.9.9, 1.1.1.1 ,2.2.2.2"], 2, "1.1.1.1"),
        ([b"9.9.9.9", b"1.1.1.1"], 1, "1.1.1.1"),
        ([b"9.9.9.9, 8.8.8.8", b"1.1.1.1", b"2.2.2.2"], 2, "1.1.1.1"),
        ([b"", b"9.9.9.9,", b" ,1.1.1.1"], 1, "1.1.1.1"),
        ([b"9.9.9.9, 2001:db8:1:2::8"], 1, "2001:db8:1:2::"),
        ([b"9.9.9.9, ::ffff:1.1.1.1"], 1, "1.1.1.1"),
        ([b"9.9.9.9, unknown"], 1, "10.0.0.1"),
        ([b"9.9.9.9, _hidden, 2.2.2.2"], 2, "10.0.0.1"),
        ([b"\xff\xfe"], 1, "10.0.0.1"),
        ([b", , ,"], 1, "10.0.0.1"),
        ([b"9" * 30_000], 1, "10.0.0.1"),
    ],
)
def test_its_address_is_what_the_outermost_trusted_proxy_saw(forwarded: list[bytes], hops: int, address: str) -> None:
    headers = [(b"x-forwarded-for", line) for line in forwarded]
    assert incoming(headers).address(hops) == address


@pytest.mark.parametrize(
    ("client", "address"), [("2001:db8::1", "2001:db8::"), ("::ffff:10.0.0.1", "10.0.0.1"), ("a.sock", "unknown")]
)
def test_who_connects_is_counted_by_network_too(client: str, address: str) -> None:
    assert incoming(client=(client, 5)).address(0) == address


def test_a_client_without_an_address_is_unknown() -> None:
    assert incoming(client=None).address(0) == "unknown"


async def test_a_body_comes_whole_however_it_was_cut() -> None:
    assert await incoming(JSON, b'{"a":', b"", b"1}").json() == b'{"a":1}'
    assert await incoming(JSON, b"{}").json() == b"{}"


@pytest.mark.parametrize("chunks", [(), (b"",), (b" ", b"\n\t ")])
async def test_an_empty_body_is_no_json(chunks: tuple[bytes, ...]) -> None:
    with pytest.raises(InvalidJson):
        await incoming(JSON, *chunks).json()


@pytest.mark.parametrize("kind", [b"text/plain", b"", b"application/jsonp", b"text/json"])
async def test_what_is_not_sent_as_json_is_refused(kind: bytes) -> None:
    with pytest.raises(UnsupportedMediaType):
        await incoming([(b"content-type", kind)], b"{}").json()


@pytest.mark.parametrize("kind", [b"Application/JSON; charset=utf-8", b"application/cloudevents+json"])
async def test_all_kinds_of_json_are_taken(kind: bytes) -> None:
    assert await incoming([(b"content-type", kind)], b"{}").json() == b"{}"


async def test_too_much_is_refused_as_soon_as_it_is_known() -> None:
    with pytest.raises(RequestTooLarge):
        await incoming([*JSON, (b"content-length", b"%d" % (BODY_LIMIT + 1))]).json()
    with pytest.raises(RequestTooLarge):
        await incoming(JSON, *[b"x" * 65_536] * 17, ends=False).json()
    assert len(await incoming(JSON, b"x" * BODY_LIMIT).json()) == BODY_LIMIT


@pytest.mark.parametrize("declared", [b"\xb2", b"-1", b"x", b"", b"1_0", b"0" * 17 + b"2"])
async def test_a_length_that_is_none_is_not_believed(declared: bytes) -> None:
    assert await incoming([*JSON, (b"content-length", declared)], b"{}").json() == b"{}"


async def test_a_length_of_thousands_of_digits_is_too_large() -> None:
    with pytest.raises(RequestTooLarge):
        await incoming([*JSON, (b"content-length", b"9" * 5_000)], b"{}").json()


async def test_a_client_that_leaves_midway_is_noticed() -> None:
    with pytest.raises(ClientDisconnect):
        await incoming(JSON, b"{", ends=False).json()
