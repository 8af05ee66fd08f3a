"""The messages to other functions of the set."""

from typing import Annotated

from pydantic import Field

from ion_mentoring.settings.group import Settings


class Publishing(Settings):
    """The target of messages to other functions of the set: to topics of the project, or of an emulator."""

    google_cloud_project: str | None = None
    pubsub_emulator_host: Annotated[str, Field(pattern=r"^[^\s/]+:[0-9]+$")] | None = None
    warming_topic: str = "cache-warming"
