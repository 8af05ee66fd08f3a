"""The parts of every function: its log, where it reports errors, and ids."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Final, TypeVar

from ion_mentoring.errors import SettingsInvalid
from ion_mentoring.handlers.web.app import Reports
from ion_mentoring.settings.deployment import Deployment
from ion_mentoring.settings.group import Settings
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.telemetry.ids import drawn
from ion_mentoring.telemetry.output import Output
from ion_mentoring.telemetry.unreported import Unreported

STDOUT: Final = 1

Read = TypeVar("Read", bound=Settings)


@contextmanager
def starting() -> Iterator[None]:
    """A start: what the environment says wrong ends the process with one line about it, and no trace of the program."""
    try:
        yield
    except SettingsInvalid as error:
        raise SystemExit(str(error)) from None


def settings(kind: type[Read]) -> Read:
    """A function's settings from this process's environment."""
    return kind.read(os.environ)


def log(function: str, deployment: Deployment) -> EventLog:
    """A function's event log."""
    return EventLog(function, _output().write, project=deployment.google_cloud_project, level=deployment.log_level)


@lru_cache(maxsize=1)
def _output() -> Output:
    """One for all functions of this process, so that their lines stay whole."""
    return Output(STDOUT)


def reports(function: str, deployment: Deployment) -> Reports:
    """Sentry where SENTRY_DSN names it, else nowhere beyond the log."""
    if deployment.sentry_dsn is None:
        return Unreported()
    from ion_mentoring import __version__
    from ion_mentoring.telemetry.sentry import SentryReports

    return SentryReports(
        deployment.sentry_dsn.get_secret_value(),
        function=function,
        environment=deployment.environment,
        region=deployment.region,
        release=__version__,
    )


def new_id() -> str:
    """A random id of 128 bits; no secret."""
    return drawn(128)
