"""The headers that tell how much a caller has left: RateLimit and RateLimit-Policy, and beside them the three of older drafts.

Source: https://www.ietf.org/archive/id/draft-ietf-httpapi-ratelimit-headers-11.xml
"""

from collections.abc import Sequence
from functools import lru_cache

from ion_mentoring.access.admission import WINDOWS, Counted
from ion_mentoring.access.limits import WINDOW_S
from ion_mentoring.errors import RateLimited

Header = tuple[bytes, bytes]


def rate_headers(counted: Sequence[Counted]) -> tuple[Header, ...]:
    """The headers of a request that was let in; the older three tell of the policy that has the least left."""
    tightest = counted[0]
    left, policy = _left(tightest), _policy(tightest.policy, tightest.status.limit)
    if len(counted) > 1:
        tightest = min(counted, key=_remaining)
        left = b", ".join(map(_left, counted))
        policy = b", ".join(_policy(one.policy, one.status.limit) for one in counted)
    status = tightest.status
    return (
        (b"ratelimit-policy", policy),
        (b"ratelimit", left),
        (b"ratelimit-limit", b"%d" % status.limit),
        (b"ratelimit-remaining", b"%d" % status.remaining),
        (b"ratelimit-reset", b"%d" % status.reset_s),
    )


def refused_headers(error: RateLimited, retry_after: str) -> dict[str, str]:
    """The headers of a request that was too much."""
    policy, limit = error.details.get("policy", "refused"), error.details["limit"]
    window_s = error.details.get("window_s", WINDOW_S)
    return {
        "ratelimit-policy": f'"{policy}";q={limit};w={window_s}',
        "ratelimit": f'"{policy}";r=0;t={retry_after}',
        "ratelimit-limit": str(limit),
        "ratelimit-remaining": "0",
        "ratelimit-reset": retry_after,
    }


def _left(one: Counted) -> bytes:
    status = one.status
    return b'"%b";r=%d;t=%d' % (one.policy.encode(), status.remaining, status.reset_s)


@lru_cache(maxsize=256)
def _policy(name: str, limit: int) -> bytes:
    return b'"%b";q=%d;w=%d' % (name.encode(), limit, WINDOWS[name])


def _remaining(one: Counted) -> int:
    return one.status.remaining
