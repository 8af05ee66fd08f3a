"""The algorithms that tokens may be signed with."""

from typing import Literal

Algorithm = Literal["HS256", "RS256", "ES256", "EdDSA"]
