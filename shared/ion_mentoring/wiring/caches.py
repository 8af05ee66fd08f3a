"""The two tiers, the breaker before L2, and the rate limit that shares its server."""

import secrets
import time
from typing import TYPE_CHECKING

from ion_mentoring.access.limits import RateLimit
from ion_mentoring.access.limits_local import LocalRateLimit
from ion_mentoring.caching.journal import Journal, Journals
from ion_mentoring.caching.keys import CacheKeys
from ion_mentoring.caching.local import LocalCache
from ion_mentoring.caching.two_tier import TwoTierCache
from ion_mentoring.mentoring.asking import decode_reply, encode_reply
from ion_mentoring.personas.contract import Reply
from ion_mentoring.resilience.breaker import Breaker
from ion_mentoring.settings import Access, Cache, MiB

if TYPE_CHECKING:
    from ion_mentoring.caching.memorystore import MemorystoreCache

JOURNAL_BYTES = 16 * MiB
JOURNALS = 2_000
FAILURES = 3  # in a row, before L2 is left alone
REST_S = 2.0  # for so long; recovery is promised within 5 s of the server's return


def cache(settings: Cache) -> TwoTierCache[Reply]:
    """L1, with L2 behind it where CACHE_URL names a server."""
    near: LocalCache[Reply] = LocalCache(
        max_bytes=settings.cache_local_bytes, max_entries=settings.cache_local_entries, now=time.time
    )
    return TwoTierCache(near, _far(settings), encode=encode_reply, decode=decode_reply, now=time.time)


def journals(settings: Cache) -> Journals:
    """The journals of streams, here and in L2."""
    near: LocalCache[Journal] = LocalCache(max_bytes=JOURNAL_BYTES, max_entries=JOURNALS, now=time.time)
    return Journals(near, _far(settings), time.time)


def keys(settings: Cache) -> CacheKeys:
    """Cache keys under CACHE_KEY_SECRET; without one, under a secret of this instance alone, as far as L1 reaches."""
    secret = settings.cache_key_secret
    return CacheKeys(secret.get_secret_value().encode() if secret else secrets.token_bytes(32))


def rate_limit(access: Access, settings: Cache) -> RateLimit:
    """The limit over all instances where there is an L2 to count in, else of this instance."""
    alone = LocalRateLimit(access.rate_limit_per_minute, time.time)
    if settings.cache_url is None:
        return alone
    from ion_mentoring.access.limits_valkey import SharedRateLimit
    from ion_mentoring.caching.valkey_client import ValkeyConnection

    connection = ValkeyConnection(settings.cache_url.get_secret_value())
    return SharedRateLimit(connection, _breaker(), alone, limit=access.rate_limit_per_minute)


def _far(settings: Cache) -> "MemorystoreCache | None":
    if settings.cache_url is None:
        return None
    from ion_mentoring.caching.memorystore import MemorystoreCache
    from ion_mentoring.caching.valkey_client import ValkeyConnection

    return MemorystoreCache(ValkeyConnection(settings.cache_url.get_secret_value()), _breaker(), time.time)


def _breaker() -> Breaker:
    return Breaker(failures=FAILURES, rest_s=REST_S, now=time.monotonic)
