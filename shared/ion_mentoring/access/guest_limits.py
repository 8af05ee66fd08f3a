"""The limits of what a tenant lets guests ask."""

from msgspec import Struct


class GuestLimits(Struct, frozen=True):
    """The questions of a tenant's guests in a day: each one's, a network's, all; and a network's requests in a minute."""

    per_day: int
    network_per_minute: int
    network_per_day: int
    all_per_day: int
