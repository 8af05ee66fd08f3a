"""Who is counted behind a proxy: the address at the trusted place, however it is written, and IPv6 by its net."""

import itertools
from collections.abc import Iterator

import pytest

from tests.attacks import sets, wire

pytestmark = pytest.mark.slow

LIMIT = 5
_nets = itertools.count(1)


@pytest.fixture(scope="module", params=[1, 2], ids=["one proxy", "two proxies"])
def behind(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[sets.Running, int]]:
    hops = int(request.param)
    settings = {**sets.STRICT, "FORWARDED_HOPS": str(hops), "RATE_LIMIT_PER_MINUTE": str(LIMIT), "V1_OPEN": "true"}
    with sets.running(tmp_path_factory.mktemp("behind"), settings) as found:
        yield found, hops


def _ask(port: int, lines: list[str]) -> int:
    headers = [("x-forwarded-for", line) for line in lines]
    return wire.call(port, "POST", "/chat", headers, {"message": "How do I ask for a raise?"}).status


def _v4() -> str:
    return f"203.0.{next(_nets)}."


def _lines(hops: int, client: str, *, before: str = "", apart: bool = True) -> list[str]:
    """What a client sends first, then what our proxies add: in lines of their own or in one."""
    added = [client, *(["10.0.0.1"] * (hops - 1))]
    parts = [*([before] if before else []), *added]
    return parts if apart else [", ".join(parts)]


@pytest.mark.parametrize("apart", [True, False], ids=["in a line of its own", "in the same line"])
def test_what_a_client_says_of_itself_changes_nothing(behind: tuple[sets.Running, int], apart: bool) -> None:
    found, hops = behind
    client = _v4() + "7"
    lies = ["9.9.9.1", "9.9.9.2, 8.8.8.8", "unknown", "x" * 3000, ",,,", "127.0.0.1", "2001:db8::9", "\xb2", ""]
    codes = [_ask(found.port, _lines(hops, client, before=lie, apart=apart)) for lie in lies]
    assert codes[LIMIT + 1 :] == [429] * (len(lies) - LIMIT - 1)


FORMS = {
    "one IPv4 address": "{0}9 {0}9:4711 ::ffff:{0}9 [::ffff:{0}9]:80 ::FFFF:{0}9 {0}9:1 0:0:0:0:0:ffff:{0}9 {0}9",
    "one IPv6 net": " ".join(f"2001:db8:{{1}}:2::{n}" for n in "1234abcd"),
    "one IPv6 address": "{2}::1 [{2}::1]:80 [{2}::1] {2}:0:0:0:1 {2}:0000::0001 {2}::1%eth0 [{2}::1]:4711 {2}::1",
}


@pytest.mark.parametrize("what", FORMS)
def test_an_address_is_counted_once_however_it_is_written(behind: tuple[sets.Running, int], what: str) -> None:
    found, hops = behind
    net = next(_nets)
    forms = FORMS[what].format(_v4(), f"{net:x}", f"2001:db8:{net:x}:3").split()
    codes = [_ask(found.port, _lines(hops, form)) for form in forms]
    assert 429 in codes[LIMIT : LIMIT + 2], codes
    assert codes[-1] == 429, codes


def test_two_nets_are_counted_apart(behind: tuple[sets.Running, int]) -> None:
    found, hops = behind
    net = f"2001:db8:{next(_nets):x}"
    assert [_ask(found.port, _lines(hops, f"{net}:{part}::1")) for part in range(8)] == [200] * 8


def test_what_is_no_address_is_counted_as_one_caller(behind: tuple[sets.Running, int]) -> None:
    found, hops = behind
    codes = [_ask(found.port, _lines(hops, f"nobody-{number}")) for number in range(LIMIT + 4)]
    assert codes[-1] == 429, codes


def test_without_a_proxy_the_field_is_not_read(tmp_path_factory: pytest.TempPathFactory) -> None:
    settings = {**sets.STRICT, "FORWARDED_HOPS": "0", "RATE_LIMIT_PER_MINUTE": str(LIMIT), "V1_OPEN": "true"}
    with sets.running(tmp_path_factory.mktemp("bare"), settings) as found:
        codes = [_ask(found.port, [f"9.9.9.{number}"]) for number in range(LIMIT + 4)]
        assert codes[-1] == 429, codes
