"""The findings of a preflight, and how a check asks the cloud."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from infra.preflight.demand import Demand
from infra.releasing.cloud import Cloud
from infra.user_error import UserError


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence about what is not as it has to be; one that does not stop is worth knowing only."""

    sentence: str
    stops: bool = True


Check = Callable[[Cloud, Demand], Iterator[Finding]]


def looked(check: Check, cloud: Cloud, demand: Demand) -> Iterator[Finding]:
    """The findings of a check; what cannot be looked at is one, too: nobody knows that it is well."""
    try:
        yield from check(cloud, demand)
    except UserError as error:
        name = check.__name__.replace("_", " ")
        yield Finding(f"{name} could not be looked at: {error}")
