"""Where the URL and the key come from, and where a key never goes."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from ion_cli.failure import Failure
from ion_cli.settings import Settings, checked_url, keep, settings
from tests.cli.conftest import Ion, Ran
from tests.cli.stand_in import StandIn, refused, said

HERE, THERE = "https://ion.example", "https://other.example"


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "deep" / "config.toml"
    monkeypatch.setenv("ION_CONFIG", str(path))
    for name in ("ION_URL", "ION_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    return path


@pytest.mark.usefixtures("config")
def test_options_come_before_the_environment_and_that_before_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings(None, None) == Settings("http://localhost:8080", None)
    keep(Settings(f"{HERE}/ion", "of-the-file"))
    assert settings(None, None) == Settings(f"{HERE}/ion", "of-the-file")
    monkeypatch.setenv("ION_API_KEY", "of-the-environment")
    assert settings(None, None) == Settings(f"{HERE}/ion", "of-the-environment")
    monkeypatch.setenv("ION_URL", THERE)
    assert settings(None, "of-the-option") == Settings(THERE, "of-the-option")
    assert settings(f"{HERE}/", None) == Settings(HERE, "of-the-environment")


@pytest.mark.usefixtures("config")
def test_the_key_of_the_file_goes_to_its_own_url_only() -> None:
    keep(Settings(HERE, "secret"))
    assert settings(THERE, None).key is None
    assert settings("http://localhost:1", None).key is None
    assert settings("https://ion.example:443/x", None).key == "secret"


def test_a_key_goes_over_no_network_unencrypted() -> None:
    with pytest.raises(Failure, match=r"http://ion\.example.*https"):
        settings("http://ion.example", "secret")
    assert settings("http://127.0.0.1:8080", "secret").key == "secret"
    assert settings("http://ion.example", None).key is None


def test_a_file_that_others_can_read_is_refused_with_the_remedy(config: Path) -> None:
    keep(Settings(HERE, "secret"))
    assert stat.S_IMODE(config.stat().st_mode) == 0o600
    assert stat.S_IMODE(config.parent.stat().st_mode) == 0o700
    for mode in (0o640, 0o604, 0o644):
        config.chmod(mode)
        with pytest.raises(Failure, match=f"chmod 600 '{config}'") as refused_:
            settings(None, None)
        assert "secret" not in str(refused_.value)


@pytest.mark.parametrize("content", ["url = [", "url = 3", "key = ['a']", "\xff"])
def test_a_file_that_is_none_is_refused_by_name(config: Path, content: str) -> None:
    config.parent.mkdir()
    config.write_bytes(content.encode("latin-1"))
    config.chmod(0o600)
    with pytest.raises(Failure, match=r"config\.toml"):
        settings(None, None)


@pytest.mark.parametrize(
    "url",
    [
        "ion.example",
        "ftp://x",
        "https://",
        "https://u:p@x",
        "https://x?a=1",
        "https://x#a",
        "https://x:0",
        "https://[::1",
        "https://a b",
    ],
)
def test_a_url_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(Failure, match="https://"):
        checked_url(url)


@pytest.mark.parametrize("key", [" ", "a b", "열쇠", "a\nb"])
def test_a_key_that_is_none_is_refused_without_being_shown(key: str) -> None:
    with pytest.raises(Failure) as refused_:
        settings(HERE, key)
    assert key.strip() not in str(refused_.value) or not key.strip()


def test_logging_in_tries_the_key_keeps_it_for_its_owner_and_logging_out_removes_it(
    stand_in: StandIn, inside: Callable[..., Ran], tmp_path: Path
) -> None:
    path = tmp_path / ".config/ion/config.toml"
    stand_in.says = [refused(401, "UNAUTHENTICATED")]
    assert inside("login", stdin=b"wrong\n").code == 4
    assert not path.exists()
    stand_in.says = [said({})]
    old = os.umask(0)
    try:
        kept = inside("login", "--json", stdin=b"right\n")
    finally:
        os.umask(old)
    assert kept.json == {"success": True, "url": stand_in.url, "path": str(path)}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    stand_in.says = [said([])]
    assert inside("personas").code == 0
    assert [one.headers.get("x-api-key") for one in stand_in.asked] == ["wrong", "right", "right"]
    assert inside("logout", "--json").json["removed"] is True
    assert inside("logout", "--json").json["removed"] is False


def test_a_key_typed_at_a_terminal_is_not_shown(stand_in: StandIn, elsewhere: Ion) -> None:
    stand_in.says = [said({})]
    shown = elsewhere.at_a_terminal("login", typed=(("API key", "unseen\n"),))
    assert shown.code == 0
    assert "unseen" not in shown.out
    assert stand_in.asked[0].headers["x-api-key"] == "unseen"
