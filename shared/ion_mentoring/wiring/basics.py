"""The parts of every function: its log, where it reports errors, and ids."""

import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar
from urllib.parse import urlsplit

from pydantic import SecretStr

from ion_mentoring import __version__
from ion_mentoring.errors import SettingsInvalid
from ion_mentoring.sealing.pseudonyms import Pseudonyms
from ion_mentoring.settings.deployment import Deployment
from ion_mentoring.settings.group import Settings
from ion_mentoring.telemetry.events import EventLog, Form, Outlet, json_form
from ion_mentoring.telemetry.ids import drawn
from ion_mentoring.telemetry.output import Output
from ion_mentoring.telemetry.reporting import Destination, SentryReports
from ion_mentoring.telemetry.unreported import Unreported
from ion_mentoring.wiring.clients import access_tokens
from ion_mentoring.wiring.ending import shutdown

if TYPE_CHECKING:  # who keeps no traces does not pay for importing them
    from ion_mentoring.telemetry.traces import Traces

STDOUT: Final = 1
GOOGLE: Final = "telemetry.googleapis.com"
_OWN_SECRET: Final = secrets.token_bytes(32)

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


def log(function: str, deployment: Deployment, *outlets: Outlet, coarse: tuple[Outlet, ...] = ()) -> EventLog:
    """A function's event log, and what else hears of the product's events."""
    project, level = deployment.google_cloud_project, deployment.log_level
    heard = {"outlets": outlets, "coarse": coarse}
    name = pseudonyms(deployment.cache_key_secret)
    return EventLog(function, _output().write, project=project, level=level, form=_form(deployment), name=name, **heard)


def pseudonyms(secret: SecretStr | None) -> Pseudonyms:
    """What people are called in logs, traces and Sentry; without a secret these end with the process."""
    return Pseudonyms(secret.get_secret_value().encode() if secret else _OWN_SECRET, time.time)


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


class Told(NamedTuple):
    """The outlets of a function: its event log, where it reports errors, and its traces where they are kept."""

    log: EventLog
    reports: SentryReports | Unreported
    traces: "Traces | None"


def told(function: str, deployment: Deployment, *coarse: Outlet, trusted: bool = False) -> Told:
    """A function's outlets: Sentry where SENTRY_DSN names it, traces where OTEL_EXPORTER_OTLP_ENDPOINT names who takes them.

    `coarse` ones hear of answers and of what went wrong. `trusted` where only functions of ours call.
    """
    reports = _reports(function, deployment)
    traces = _traces(function, deployment, trusted=trusted)
    hearing: tuple[Outlet, ...] = (reports,) if isinstance(reports, SentryReports) else ()
    heard = log(function, deployment, *hearing, *((traces,) if traces else ()), coarse=coarse)
    return Told(heard, reports, traces)


def _reports(function: str, deployment: Deployment) -> SentryReports | Unreported:
    if deployment.sentry_dsn is None:
        return Unreported()
    dsn = deployment.sentry_dsn.get_secret_value()
    reports = SentryReports(Destination(dsn, deployment.environment, deployment.region, __version__), function)
    shutdown().hear(reports.ending)
    return reports


def _traces(function: str, deployment: Deployment, *, trusted: bool) -> "Traces | None":
    endpoint = deployment.otel_exporter_otlp_endpoint
    if endpoint is None:
        return None
    from ion_mentoring.telemetry.otlp import Exporter
    from ion_mentoring.telemetry.traces import Traces

    resource = {
        "service.name": f"ion-{function}",
        "service.version": __version__,
        "cloud.region": deployment.region,
        "deployment.environment.name": deployment.environment,
    }
    if deployment.google_cloud_project:
        resource["gcp.project_id"] = deployment.google_cloud_project
    token = access_tokens().token if urlsplit(endpoint).hostname == GOOGLE else None
    return Traces(deployment.trace_rate, Exporter(endpoint, resource, []), trusted=trusted, token=token)


def new_id() -> str:
    """A random id of 128 bits; no secret."""
    return drawn(128)
