"""Makes Sentry's detectors and workflows from the rules, changes what differs, and leaves alone what others made.

`make sentry-alerts` shows what would happen; `make sentry-alerts write=1` does it. SENTRY_AUTH_TOKEN (scopes alerts:write and
org:read), SENTRY_ORG, SENTRY_PROJECT; SENTRY_URL for another than https://sentry.io; SENTRY_SLACK and SENTRY_PAGERDUTY as
INTEGRATION:ID:NAME of a channel or a service.
"""

import argparse
import os
import sys
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

if __name__ == "__main__":  # a program's own folder comes first by default, and there is no `infra` in it
    sys.path[0] = str(Path(__file__).resolve().parents[2])

import httpx2

from infra.alerting.rules import rules
from infra.alerting.sentry_rules import PREFIX, action, detector, expressible, workflow
from infra.user_error import UserError

NEEDED: Final = ("SENTRY_AUTH_TOKEN", "SENTRY_ORG", "SENTRY_PROJECT")
TIMEOUT_S: Final = 30.0
MOST_PAGES: Final = 50


@dataclass(frozen=True, slots=True)
class SentryApi:
    """The endpoints of one organisation; UserError with Sentry's own words where it refuses."""

    client: httpx2.Client
    organisation: str
    project: str

    def named(self, kind: str) -> dict[str, Mapping[str, Any]]:
        """All of ours by name."""
        found: dict[str, Mapping[str, Any]] = {}
        cursor = ""
        for _ in range(MOST_PAGES):
            response = self._sent("GET", f"{self._all}/{kind}/", params={"cursor": cursor} if cursor else {})
            found |= {one["name"]: one for one in response.json() if one["name"].startswith(PREFIX)}
            following = response.links.get("next", {})
            if following.get("results") != "true":
                break
            cursor = following["cursor"]
        return found

    def make(self, kind: str, body: Mapping[str, Any]) -> str:
        """Makes one; its id."""
        path = f"{self._all}/projects/{self.project}/{kind}/" if kind == "detectors" else f"{self._all}/{kind}/"
        return str(self._sent("POST", path, json=dict(body)).json()["id"])

    def change(self, kind: str, id: str, body: Mapping[str, Any]) -> None:
        """Changes one."""
        self._sent("PUT", f"{self._all}/{kind}/{id}/", json=dict(body))

    @property
    def _all(self) -> str:
        return f"/api/0/organizations/{self.organisation}"

    def _sent(self, method: str, path: str, **options: Any) -> httpx2.Response:
        try:
            response = self.client.request(method, path, **options)
        except httpx2.HTTPError as error:
            raise UserError(f"{method} {path}: Sentry is not reached ({type(error).__name__})") from error
        if response.status_code == httpx2.codes.GONE:
            raise UserError(
                f"{method} {path}: Sentry has retired this endpoint (410); this program needs to be brought up to date"
            )
        if response.is_error:
            raise UserError(f"{method} {path}: {response.status_code} {response.text[:300]}")
        return response


def applied(api: SentryApi, environment: str, channels: Mapping[str, Mapping[str, str]], *, write: bool) -> Iterator[str]:
    """A line for each thing that is made or changed; nothing is sent unless `write`."""
    detectors, workflows = api.named("detectors"), api.named("workflows")
    for rule in filter(expressible, rules()):
        id = yield from _put(api, "detectors", detectors, detector(rule, environment), write=write)
        yield from _put(api, "workflows", workflows, workflow(rule, id, action(rule, channels)), write=write)
    yield f"{sum(not expressible(rule) for rule in rules())} rules are watched by Cloud Monitoring alone"


def _put(
    api: SentryApi, kind: str, there: Mapping[str, Mapping[str, Any]], body: Mapping[str, Any], *, write: bool
) -> Generator[str, None, str]:
    found = there.get(body["name"])
    if found is None:
        yield f"make   {kind} {body['name']}"
        return api.make(kind, body) if write else "?"
    differing = [name for name, value in body.items() if name != "workflowIds" and not within(value, found.get(name))]
    if differing:
        yield f"change {kind} {body['name']}: {', '.join(differing)}"
        if write:
            api.change(kind, found["id"], body)
    else:
        yield f"as is  {kind} {body['name']}"
    return str(found["id"])


def within(wanted: Any, found: Any) -> bool:
    """True if all that is wanted is found, whatever else is there: Sentry adds ids, dates and defaults."""
    if isinstance(wanted, Mapping):
        return isinstance(found, Mapping) and all(within(value, _nested(name, found)) for name, value in wanted.items())
    if isinstance(wanted, list):
        return isinstance(found, list) and len(wanted) == len(found) and all(map(within, wanted, found))
    return bool(wanted == found)


def _nested(name: str, found: Mapping[str, Any]) -> Any:
    """A field; a data source comes back with its query two levels down, and without its type."""
    if name in found:
        return found[name]
    query = found.get("queryObj", {}).get("snubaQuery", {})
    return query.get(name, {"queryType": 1}.get(name)) if query else None


def channel(written: str | None) -> Mapping[str, str] | None:
    """A channel written as INTEGRATION:ID:NAME."""
    if not written:
        return None
    parts = written.split(":", 2)
    if len(parts) != 3:
        raise UserError("SENTRY_SLACK and SENTRY_PAGERDUTY have the form INTEGRATION:ID:NAME")
    return dict(zip(("integration", "id", "name"), parts, strict=True))


def main() -> int:
    """0, or 1 with a sentence about what is wrong."""
    parser = argparse.ArgumentParser(prog="sentry-alerts", description="Sentry's rules from the table of alerts.")
    parser.add_argument("--write", action="store_true", help="do it; without, only say what would be done")
    parser.add_argument("--environment", default="prod")
    asked = parser.parse_args()
    try:
        if missing := [name for name in NEEDED if not os.environ.get(name)]:
            raise UserError(f"{', '.join(missing)} has to be set")
        told = {"slack": channel(os.environ.get("SENTRY_SLACK")), "pagerduty": channel(os.environ.get("SENTRY_PAGERDUTY"))}
        channels = {name: one for name, one in told.items() if one}
        headers = {"authorization": f"Bearer {os.environ['SENTRY_AUTH_TOKEN']}"}
        url = os.environ.get("SENTRY_URL", "https://sentry.io")
        with httpx2.Client(base_url=url, headers=headers, timeout=TIMEOUT_S, trust_env=False) as client:
            api = SentryApi(client, os.environ["SENTRY_ORG"], os.environ["SENTRY_PROJECT"])
            for line in applied(api, asked.environment, channels, write=asked.write):
                print(line)
    except UserError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
