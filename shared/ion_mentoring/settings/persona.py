"""The settings of a persona function."""

from ion_mentoring.settings.deployment import Deployment
from ion_mentoring.settings.group import Settings
from ion_mentoring.settings.inner import InnerDoor
from ion_mentoring.settings.models import ModelChoice


class PersonaSettings(Settings):
    """All that a persona function reads."""

    deployment: Deployment
    models: ModelChoice
    inner: InnerDoor
