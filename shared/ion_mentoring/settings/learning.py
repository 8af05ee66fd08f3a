"""The share of choices that are tried to learn from."""

from typing import Annotated

from pydantic import Field

from ion_mentoring.settings.group import Settings


class Learning(Settings):
    """The probability with which a person is shown another persona than the best, of those who are near it."""

    exploration: Annotated[float, Field(ge=0, le=0.2)] = 0.0
