"""The settings of the functions on Pub/Sub."""

from ion_mentoring.settings.batches import Batches
from ion_mentoring.settings.cache import Cache
from ion_mentoring.settings.consent import ConsentSettings
from ion_mentoring.settings.deployment import Deployment
from ion_mentoring.settings.group import Settings
from ion_mentoring.settings.inner import InnerDoor
from ion_mentoring.settings.models import ModelChoice
from ion_mentoring.settings.personas import Personas
from ion_mentoring.settings.publishing import Publishing
from ion_mentoring.settings.store import Store
from ion_mentoring.settings.warming import Warming


class WorkerSettings(Settings):
    """All that the functions on Pub/Sub read."""

    deployment: Deployment
    models: ModelChoice
    personas: Personas
    cache: Cache
    warming: Warming
    store: Store
    inner: InnerDoor
    publishing: Publishing
    batches: Batches
    consent: ConsentSettings
