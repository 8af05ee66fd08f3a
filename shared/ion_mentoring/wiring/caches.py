"""The two tiers with their one connection to L2, and the rate limit that counts there, too."""

import random
import secrets
import time
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ion_mentoring.access.limits import WINDOW_S, RateLimit
from ion_mentoring.access.limits_local import LocalRateLimit
from ion_mentoring.caching.epochs import Epochs
from ion_mentoring.caching.explanations import Explanations
from ion_mentoring.caching.freshness import Freshness, Times
from ion_mentoring.caching.l1 import L1Value
from ion_mentoring.caching.local import LocalCache
from ion_mentoring.caching.reliance import Reliance
from ion_mentoring.caching.sharing import LocalSharing, Sharing
from ion_mentoring.caching.stream_logs import StreamLog, StreamLogs
from ion_mentoring.caching.two_tier import TwoTierCache
from ion_mentoring.mentoring.answering.values import decode_reply, encode_reply
from ion_mentoring.mentoring.warming.popular import PopularQuestions
from ion_mentoring.mentoring.warming.renewals import SealedQuestions
from ion_mentoring.personas.contract import Reply
from ion_mentoring.resilience.breaker import Breaker
from ion_mentoring.sealing.keys import CacheKeys
from ion_mentoring.settings.cache import Cache
from ion_mentoring.settings.group import MiB
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.telemetry.seldom import Seldom
from ion_mentoring.wiring.clients import access_tokens, closing

if TYPE_CHECKING:
    from ion_mentoring.backends.valkey.valkey_client import ValkeyConnection
    from ion_mentoring.caching.envelope import Envelopes
    from ion_mentoring.caching.memorystore import MemorystoreCache

STREAM_LOG_BYTES: Final = 16 * MiB
STREAM_LOGS: Final = 2_000
FAILURES: Final = 3  # in a row, before L2 is left alone
REST_S: Final = 2.0  # for so long; recovery is promised within 5 s of the server's return


class Caches(Struct, frozen=True):
    """The caches in L1 and L2: answers, streams that may be taken up again, why answers were routed as they were; their keys,
    and what seals questions."""

    answers: TwoTierCache[Reply]
    l1: LocalCache[L1Value[Reply]]
    stream_logs: StreamLogs
    explanations: Explanations
    keys: CacheKeys
    sealed: SealedQuestions | None
    l2: "MemorystoreCache | None"
    connection: "ValkeyConnection | None"


def reliance(settings: Cache, kept: Caches, pattern: str) -> Reliance:
    """The reliance on readings from the store that invalidations of this pattern make void."""
    verify = kept.l2.verify if kept.l2 else None
    return Reliance(kept.answers.epochs, verify, pattern, settings.cache_max_unverified_s, time.time)


def caches(settings: Cache, log: EventLog) -> Caches:
    """L1, with L2 behind it where CACHE_URL or CACHE_INSTANCE names a server.

    Without CACHE_KEY_SECRET this instance has a secret of its own, and shares nothing with others.
    """
    kept = settings.cache_key_secret
    secret = kept.get_secret_value().encode() if kept else secrets.token_bytes(32)
    epochs = Epochs(settings.cache_max_unverified_s, time.time)
    connection = _connection(settings, log)
    envelopes = _envelopes(secret) if connection else None
    l2 = _l2(connection, envelopes, epochs, log) if connection and envelopes else None
    freshness = Freshness(
        Times(soft_s=settings.cache_soft_ttl_s, hard_s=settings.cache_ttl_s),
        time.time,
        lambda: 1.0 - random.random(),  # noqa: S311 - spreads renewals, protects nothing
    )
    l1 = _l1(settings)
    answers = TwoTierCache(l1, l2, epochs, freshness, encode=encode_reply, decode=decode_reply)
    streams: LocalCache[StreamLog] = LocalCache(max_bytes=STREAM_LOG_BYTES, max_entries=STREAM_LOGS, now=time.time)
    sealed = SealedQuestions(envelopes, time.time) if envelopes else None
    keys = CacheKeys(secret)
    explanations = Explanations(l2, keys, time.time)
    return Caches(answers, l1, StreamLogs(streams, l2, time.time), explanations, keys, sealed, l2, connection)


def rate_limit(usual: int, kept: Caches, window_s: float = WINDOW_S) -> RateLimit:
    """A limit over all instances where there is an L2 to count in, else of this instance."""
    alone = LocalRateLimit(usual, time.time, window_s=window_s)
    if kept.connection is None:
        return alone
    from ion_mentoring.access.limits_valkey import SharedRateLimit

    return SharedRateLimit(kept.connection, _breaker(), alone, kept.keys, limit=usual, now=time.time, window_s=window_s)


def sharing(kept: Caches) -> Sharing:
    """The count of tenants that ask the same: over all instances where there is an L2, else in this one."""
    if kept.l2 is None:
        return LocalSharing(time.time)
    from ion_mentoring.caching.sharing_valkey import SharedSharing

    return SharedSharing(kept.l2.guard, time.time)


def popular(kept: Caches) -> PopularQuestions | None:
    """The popularity of questions, where there is an L2 to count it in."""
    if kept.l2 is None or kept.sealed is None:
        return None
    from ion_mentoring.caching.popularity import Popularity

    return PopularQuestions(Popularity(kept.l2.guard, time.monotonic), kept.sealed, kept.answers.preload)


def _l1(settings: Cache) -> LocalCache[L1Value[Reply]]:
    return LocalCache(max_bytes=settings.cache_local_bytes, max_entries=settings.cache_local_entries, now=time.time)


def _connection(settings: Cache, log: EventLog) -> "ValkeyConnection | None":
    if not settings.shared:
        return None
    from ion_mentoring.backends.valkey.valkey_client import ValkeyConnection

    if settings.cache_url:
        return closing(ValkeyConnection.to(settings.cache_url.get_secret_value()))
    from ion_mentoring.backends.valkey.credentials import IamCredentials
    from ion_mentoring.backends.valkey.endpoint import Discovered, Endpoint

    def find(token: str) -> Endpoint:
        from ion_mentoring.backends.valkey.discovery import discover

        return discover(settings.cache_instance or "", token)

    tokens = access_tokens()
    where = Discovered(find, tokens.token, time.monotonic, lambda failure: log.error("l2_not_found", reason=str(failure)))
    return closing(ValkeyConnection(where, IamCredentials(tokens.token)))


def _envelopes(secret: bytes) -> "Envelopes":
    from ion_mentoring.caching.envelope import Envelopes

    return Envelopes(secret)


def _l2(connection: "ValkeyConnection", envelopes: "Envelopes", epochs: Epochs, log: EventLog) -> "MemorystoreCache":
    from ion_mentoring.caching.memorystore import MemorystoreCache

    tell = Seldom(log.warning)
    return MemorystoreCache(
        connection, _breaker(), envelopes, epochs, time.time, lambda reason: tell("l2_failed", reason=reason)
    )


def _breaker() -> Breaker:
    return Breaker(failures=FAILURES, rest_s=REST_S, now=time.monotonic)
