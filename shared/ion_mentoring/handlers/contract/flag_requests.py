"""The request to turn a flag."""

from typing import Annotated

from pydantic import Field

from ion_mentoring.access.caller import TENANT
from ion_mentoring.handlers.web.bodies import Body


class TurnFlagRequest(Body):
    """The variant that is to hold, for one tenant or for all."""

    variant: Annotated[str, Field(min_length=1, max_length=64)]
    tenant: Annotated[str, Field(pattern=rf"^{TENANT}$")] | None = None
