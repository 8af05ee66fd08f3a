"""The values of words to say."""

from typing import Literal

from msgspec import Struct

Act = Literal["request", "tells", "asks"]


class Spoken(Struct, frozen=True):
    """Words in direct speech, as one says them formally and to somebody close, and the person they are for.

    `who` is the person's own name for whom they speak to, empty where they gave none.
    """

    act: Act
    formal: str
    close: str
    who: str
