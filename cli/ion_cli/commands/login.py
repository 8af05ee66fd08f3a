"""`ion login` and `ion logout`: the URL and the key in a file that only its owner reads."""

import getpass
import sys

import typer

from ion_cli.failure import misused
from ion_cli.run import Run, command
from ion_cli.server import Server
from ion_cli.settings import Settings, checked_key, config_path, forget, keep
from ion_cli.texts import text


def add_to(app: typer.Typer) -> None:
    """Add the commands."""

    @command(app, "login")
    def login(run: Run) -> None:
        url = run.server.settings.url
        new = Settings(url, checked_key(run.server.settings.key or _typed(), url))
        with Server(new) as server:
            server.get("/api/v2/status")  # a key that is none is refused here, and not kept
        path = keep(new)
        if run.screen.json:
            run.screen.value({"success": True, "url": url, "path": str(path)})
        else:
            run.screen.say(text("login.kept", url=url, path=path))

    @command(app, "logout")
    def logout(run: Run) -> None:
        gone = forget()
        if run.screen.json:
            run.screen.value({"success": True, "removed": gone})
        else:
            run.screen.say(text("logout.gone" if gone else "logout.nothing", path=config_path()))


def _typed() -> str:
    """The key, typed unseen or piped in."""
    key = getpass.getpass(text("login.key")) if sys.stdin.isatty() else sys.stdin.readline()
    if not key.strip():
        raise misused("bad.key")
    return key
