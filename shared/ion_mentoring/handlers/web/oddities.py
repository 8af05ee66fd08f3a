"""The refusals that are odd, and what is shut for whoever has too many of them."""

from typing import Final

from ion_mentoring.access.admission import WINDOWS
from ion_mentoring.access.odd_access import Kind
from ion_mentoring.errors import MentoringError, NotFound, RateLimited
from ion_mentoring.handlers.web.call import Endpoint

_OTHERS: Final = ("caller", "tenant")  # fields in which an admin says whose things are meant


def administrative(error: MentoringError, endpoint: Endpoint) -> bool:
    """True for the refusal of something that only those with power over others may do."""
    return endpoint.allows.administrative or error.field in _OTHERS


def odd_kind(error: MentoringError, endpoint: Endpoint) -> Kind | None:
    """The kind of odd access that a refusal may be one of many of."""
    if isinstance(error, RateLimited):
        return "volume" if error.details.get("policy") in WINDOWS else None
    if administrative(error, endpoint):
        return "refused_administration"
    return "enumeration" if isinstance(error, NotFound) and "{" in endpoint.path else None


def odd_doors(endpoint: Endpoint) -> tuple[Kind, ...]:
    """The kinds of odd access that shut an endpoint."""
    if endpoint.allows.administrative:
        return ("refused_administration",)
    return ("enumeration",) if "{" in endpoint.path else ()
