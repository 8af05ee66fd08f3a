"""The mentors by persona: behind their functions where a URL is set, else in this process."""

import os
import time
from collections.abc import Mapping

from ion_mentoring.personas.contract import Mentor
from ion_mentoring.personas.roster import Roster
from ion_mentoring.settings import Deployment, ModelChoice, Personas
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.wiring.local_mentor import local_mentor

KEPT_S = 1.0  # gunicorn closes an idle connection after 2 s: ours have to be given up before


def mentors(
    roster: Roster, personas: Personas, models: ModelChoice, deployment: Deployment, log: EventLog
) -> Mapping[str, Mentor]:
    """A mentor for each persona of the roster."""
    here = {name: local_mentor(card, models, log) for name, card in roster.items() if name not in personas.urls}
    return here | _remote({name: url for name, url in personas.urls.items() if name in roster}, deployment)


def _remote(urls: Mapping[str, str], deployment: Deployment) -> dict[str, Mentor]:
    if not urls:
        return {}
    import httpx2

    from ion_mentoring.access.identity import METADATA_HOST, IdentityTokens
    from ion_mentoring.personas.remote import RemoteMentor

    limits = httpx2.Limits(max_connections=200, max_keepalive_connections=100, keepalive_expiry=KEPT_S)
    client = httpx2.AsyncClient(limits=limits, trust_env=False)
    identity = IdentityTokens(client, time.time, os.environ.get("GCE_METADATA_HOST") or METADATA_HOST)
    return {
        name: RemoteMentor(
            url,
            client,
            identity=identity.token if url.startswith("https://") else None,
            timeout_s=deployment.request_timeout_s,
        )
        for name, url in urls.items()
    }
