"""The publisher of messages to the other functions of the set."""

from ion_mentoring.backends.publishing.protocol import Publisher
from ion_mentoring.caching.renewing import Renewing
from ion_mentoring.mentoring.warming.renewals import Renewals
from ion_mentoring.settings.publishing import Publishing
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.wiring.caches import Caches
from ion_mentoring.wiring.clients import access_tokens, http_client

AT_ONCE = 8
EMULATED_PROJECT = "ion-local"


def publisher(settings: Publishing, *, within_s: float | None = None) -> Publisher | None:
    """Pub/Sub of the project, or an emulator; None where neither is named. A message is taken `within_s`, or is not."""
    emulator, project = settings.pubsub_emulator_host, settings.google_cloud_project
    if not (emulator or project):
        return None
    from ion_mentoring.backends.publishing.pubsub import SERVICE, TIMEOUT_S, PubSubPublisher

    client = http_client(at_once=AT_ONCE)
    if emulator:
        return PubSubPublisher(client, project or EMULATED_PROJECT, None, f"http://{emulator}", within_s or TIMEOUT_S)
    return PubSubPublisher(client, project or "", access_tokens().token, SERVICE, within_s or TIMEOUT_S)


def renewals(settings: Publishing, kept: Caches, log: EventLog) -> Renewals | None:
    """The renewals, where there is an L2 that the warming function can fill, and a topic to ask it by."""
    taker = publisher(settings) if kept.sealed else None
    return Renewals(Renewing(kept.answers), kept.sealed, taker, settings.warming_topic, log) if taker and kept.sealed else None
