"""The tenants of the console: what the page of a host is told of signing in, and to whom it may connect for that."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from msgspec import Struct, field
from pydantic_core import to_json

from ion_mentoring.handlers.web.security_headers import console_headers

if TYPE_CHECKING:  # who has nobody sign in does not pay for the model of it
    from ion_mentoring.settings.console_tenants import ConsoleTenant


class TenantPage(Struct, frozen=True):
    """The console of one tenant: what its page is told, and the headers it has; `guests` names a tenant that has some."""

    told: bytes
    headers: Mapping[str, str]
    guests: str | None = None


class TenantPages(Struct, frozen=True):
    """The consoles by host; hosts that nobody names have `usual`."""

    usual: TenantPage
    by_host: Mapping[str, TenantPage] = field(default_factory=dict)

    def of(self, host: str | None) -> TenantPage:
        """The console at a Host header."""
        if not self.by_host:
            return self.usual
        return self.by_host.get((host or "").rpartition("]")[2].partition(":")[0].lower().rstrip("."), self.usual)


NOBODY: Final = b'{"sign_in":null,"guests":false}'


def tenant_pages(tenants: Iterable["ConsoleTenant"], framed_by: str) -> TenantPages:
    """The consoles of these tenants; at other hosts nobody signs in."""
    usual = TenantPage(NOBODY, console_headers(framed_by))
    by_host: dict[str, TenantPage] = {}
    for one in tenants:
        page = _page(one, framed_by)
        if not one.hosts:
            usual = page
        by_host |= dict.fromkeys(one.hosts, page)
    return TenantPages(usual, by_host)


def _page(one: "ConsoleTenant", framed_by: str) -> TenantPage:
    connects = [_origin(one.sign_in.token_endpoint)] if one.sign_in else []
    told = to_json({"sign_in": one.sign_in, "guests": one.guests is not None})
    return TenantPage(told, console_headers(framed_by, connects), one.tenant if one.guests else None)


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
