"""A client is counted by its network, in whatever form a proxy writes its address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ion_mentoring.access.network import network_of


@pytest.mark.parametrize(
    "sent",
    [
        "203.0.113.9",
        " 203.0.113.9\t",
        "203.0.113.9:4711",
        "::ffff:203.0.113.9",
        "::FFFF:cb00:7109",
        "[::ffff:203.0.113.9]:80",
        '"203.0.113.9"',
    ],
)
def test_all_forms_of_an_ipv4_address_are_one(sent: str) -> None:
    assert network_of(sent) == "203.0.113.9"


@pytest.mark.parametrize(
    "sent",
    [
        *(f"2001:db8:1:2::{n}" for n in range(1, 9)),
        "2001:DB8:1:2:ffff::1",
        "[2001:db8:1:2::1]",
        "[2001:db8:1:2::1]:80",
        '"[2001:db8:1:2::1]:80"',
        "2001:db8:1:2::1%eth0",
        "[2001:db8:1:2::1%25eth0]:443",
        "2001:0db8:0001:0002:0000:0000:0000:0001",
    ],
)
def test_all_addresses_of_a_64_are_one(sent: str) -> None:
    assert network_of(sent) == "2001:db8:1:2::"


def test_another_64_is_another_one() -> None:
    assert network_of("2001:db8:1:3::1") == "2001:db8:1:3::"
    assert network_of("::1") == "::"


@pytest.mark.parametrize(
    "sent",
    [
        "",
        " ",
        "unknown",
        "_hidden",
        "203.0.113",
        "203.0.113.999",
        "0203.0.113.9",
        "203.0.113.9:",
        "203.0.113.9:x",
        "203.0.113.9:1:2",
        "2001:db8:::1",
        "[2001:db8::1",
        "2001:db8::1]",
        "[2001:db8::1]x",
        "[2001:db8::1]:",
        "[203.0.113.9",
        "1" * 65,
        "٢٠٣.0.113.9",
        "203.0.113.9:٤",
        "203.0.113.9/24",
        "2001:db8::/32",
        "\x00",
        "�",
    ],
)
def test_what_is_no_address_is_none(sent: str) -> None:
    assert network_of(sent) is None


@given(st.text(max_size=80))
def test_nothing_that_is_sent_breaks_it(sent: str) -> None:
    network = network_of(sent)
    assert network is None or network_of(network) == network


@given(st.ip_addresses())
def test_every_address_has_a_network(address: object) -> None:
    assert network_of(str(address)) is not None
