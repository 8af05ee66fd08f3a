"""The limits of warming."""

from typing import Annotated

from pydantic import Field

from ion_mentoring.settings.group import Settings


class Warming(Settings):
    """The limits of a run of the warming function: answers in a minute, and at all."""

    warming_per_minute: Annotated[int, Field(ge=1)] = 120
    warming_budget: Annotated[int, Field(ge=0)] = 500
