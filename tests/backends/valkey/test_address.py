"""A URL says where a server is, or what is wrong with it, and never shows a password."""

import pytest

from ion_mentoring.backends.valkey.address import ServerAddress
from ion_mentoring.errors import SettingsInvalid


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("redis://cache", ServerAddress("cache")),
        ("valkey://10.0.0.3:6380/2", ServerAddress("10.0.0.3", 6380, database=2)),
        ("rediss://cache", ServerAddress("cache", encrypted=True)),
        ("valkeys://[fd00::1]:7000/", ServerAddress("fd00::1", 7000, encrypted=True)),
        ("redis://:p%40ss@cache", ServerAddress("cache", password="p@ss")),
        ("redis://ion:p%3Aw@cache", ServerAddress("cache", username="ion", password="p:w")),
        ("redis://cache?cluster=true", ServerAddress("cache", clustered=True)),
        ("redis://cache/0?cluster=TRUE", ServerAddress("cache", clustered=True)),
        ("redis://cache/3?cluster=false", ServerAddress("cache", database=3)),
    ],
)
def test_a_url_says_where_and_how(url: str, address: ServerAddress) -> None:
    assert ServerAddress.parse(url) == address


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://hidden-word@cache", "redis://"),
        ("redis://", "host"),
        ("hidden-word", "redis://"),
        ("", "redis://"),
        ("redis://:hidden-word@cache:port", "port"),
        ("redis://:hidden-word@cache:99999", "port"),
        ("redis://[hidden-word", "no URL"),
        ("redis://:hidden-word@cache?clustr=true", "not known"),
        ("redis://:hidden-word@cache?cluster=yes", "neither true nor false"),
        ("redis://:hidden-word@cache?cluster=", "neither true nor false"),
        ("redis://cache/hidden-word", "number of a database"),
        ("redis://cache/²", "number of a database"),
        ("redis://cache/-1", "number of a database"),
        ("redis://:hidden-word@cache/1?cluster=true", "only 0"),
    ],
)
def test_a_wrong_url_is_refused_with_the_reason_and_without_its_text(url: str, why: str) -> None:
    with pytest.raises(SettingsInvalid, match=why) as raised:
        ServerAddress.parse(url)
    assert raised.value.field == "CACHE_URL"
    assert str(raised.value).startswith("CACHE_URL: ")
    assert "hidden-word" not in str(raised.value)


def test_a_password_does_not_show() -> None:
    assert "hidden-word" not in repr(ServerAddress.parse("redis://:hidden-word@cache"))
