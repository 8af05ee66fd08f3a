"""The URL of the set and the key for it: options, the environment, or a file that only its owner reads."""

import json
import os
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from ion_cli.failure import misused

DEFAULT: Final = "http://localhost:8080"
HERE: Final = frozenset({"localhost", "127.0.0.1", "::1"})
PRIVATE: Final = 0o600


@dataclass(frozen=True, slots=True)
class Settings:
    """A set's URL without a slash at its end, and the key that is sent to it."""

    url: str
    key: str | None

    @property
    def local(self) -> bool:
        """True where the set runs on this machine."""
        return urlsplit(self.url).hostname in HERE


def settings(url: str | None, key: str | None) -> Settings:
    """The settings: what the options say, else ION_URL and ION_API_KEY, else the file.

    The key of the file goes to the URL of the file alone, and no key goes over the network unencrypted.
    """
    url = url or os.environ.get("ION_URL")
    key = key or os.environ.get("ION_API_KEY")
    kept = {} if url and key else kept_settings()
    home = kept.get("url")
    chosen = checked_url(url or home or DEFAULT)
    if key is None and home and _origin(home) == _origin(chosen):
        key = kept.get("key")
    return Settings(chosen, checked_key(key, chosen) if key else None)


def checked_url(url: str) -> str:
    """The URL of a set, without a slash at its end."""
    try:
        parts = urlsplit(url)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    if not sound or parts.username or parts.query or parts.fragment or not url.isprintable() or " " in url:
        raise misused("bad.url")
    return url.rstrip("/")


def checked_key(key: str, url: str) -> str:
    """The key, if it may be sent to that URL."""
    key = key.strip()
    if not key or not key.isascii() or not key.isprintable() or " " in key:
        raise misused("bad.key")
    if urlsplit(url).scheme != "https" and urlsplit(url).hostname not in HERE:
        raise misused("bad.plain", url=url)
    return key


def config_path() -> Path:
    """The file's place: ION_CONFIG, or where the platform keeps settings."""
    if chosen := os.environ.get("ION_CONFIG"):
        return Path(chosen)
    home = os.environ.get("APPDATA" if os.name == "nt" else "XDG_CONFIG_HOME")
    return (Path(home) if home else Path.home() / ".config") / "ion" / "config.toml"


def kept_settings() -> dict[str, str]:
    """`url` and `key` as the file has them; refused if others may read the file."""
    path = config_path()
    try:
        with path.open("rb") as file:
            if os.name != "nt" and os.fstat(file.fileno()).st_mode & 0o077:
                raise misused("bad.config.mode", path=path)
            kept = tomllib.load(file)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise misused("bad.config", path=path) from error
    if any(not isinstance(kept.get(name, ""), str) for name in ("url", "key")):
        raise misused("bad.config", path=path)
    return {name: kept[name] for name in ("url", "key") if kept.get(name)}


def keep(new: Settings) -> Path:
    """Write the file anew, for its owner only; a reader sees the old one or the new one."""
    path = config_path()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    lines = [f"url = {json.dumps(new.url)}", *([f"key = {json.dumps(new.key)}"] if new.key else [])]
    descriptor, written = tempfile.mkstemp(dir=path.parent, prefix=".config-")  # mkstemp makes it with mode 600
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    os.replace(written, path)
    return path


def forget() -> bool:
    """Remove the file; False if there was none."""
    try:
        config_path().unlink()
    except FileNotFoundError:
        return False
    return True


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)
