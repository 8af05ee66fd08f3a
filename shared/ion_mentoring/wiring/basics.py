"""The parts of every function: its log, where it reports errors, and ids."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Final, TypeVar

from ion_mentoring import __version__
from ion_mentoring.errors import SettingsInvalid
from ion_mentoring.settings.deployment import Deployment
from ion_mentoring.settings.group import Settings
from ion_mentoring.telemetry.events import EventLog, Form, Outlet, json_form
from ion_mentoring.telemetry.ids import drawn
from ion_mentoring.telemetry.output import Output
from ion_mentoring.telemetry.reporting import Destination, SentryReports
from ion_mentoring.telemetry.unreported import Unreported
from ion_mentoring.wiring.ending import shutdown

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


def log(function: str, deployment: Deployment, *outlets: Outlet) -> EventLog:
    """A function's event log, and what else hears of the product's events."""
    project, level = deployment.google_cloud_project, deployment.log_level
    return EventLog(function, _output().write, project=project, level=level, outlets=outlets, form=_form(deployment))


def _form(deployment: Deployment) -> Form:
    """JSON, or lines for people where a person looks: in a terminal on a laptop, or as LOG_FORMAT says."""
    looked_at = deployment.environment == "local" and os.isatty(STDOUT)
    if not (deployment.log_format == "text" or (deployment.log_format is None and looked_at)):
        return json_form
    from ion_mentoring.telemetry.readable import Readable

    return Readable(coloured=looked_at and not os.environ.get("NO_COLOR"))


@lru_cache(maxsize=1)
def _output() -> Output:
    """One for all functions of this process, so that their lines stay whole."""
    return Output(STDOUT)


def told(function: str, deployment: Deployment) -> tuple[EventLog, SentryReports | Unreported]:
    """A function's event log, and where it reports errors: Sentry where SENTRY_DSN names it, which hears of events, too."""
    if deployment.sentry_dsn is None:
        return log(function, deployment), Unreported()
    dsn = deployment.sentry_dsn.get_secret_value()
    reports = SentryReports(Destination(dsn, deployment.environment, deployment.region, __version__), function)
    shutdown().hear(reports.ending)
    return log(function, deployment, reports), reports


def new_id() -> str:
    """A random id of 128 bits; no secret."""
    return drawn(128)
