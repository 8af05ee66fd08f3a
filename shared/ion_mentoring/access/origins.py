"""Origins: the web pages that may call with a tenant's credentials, from a browser."""

from collections.abc import Mapping

from msgspec import Struct, field

from ion_mentoring.access.caller import Caller
from ion_mentoring.errors import Forbidden


class Origins(Struct, frozen=True):
    """The origins of each tenant's own pages; pages of the service itself are at home everywhere."""

    by_tenant: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def known(self, origin: str) -> bool:
        """True for an origin of any tenant."""
        return any(origin in listed for listed in self.by_tenant.values())

    def check(self, origin: str, caller: Caller) -> None:
        """Forbidden for a credential that a page of nobody, or of another tenant, sends; a stranger brings none."""
        if caller.known and origin not in self.by_tenant.get(caller.tenant, ()):
            raise Forbidden("a foreign origin", details={"header": "Origin"})
