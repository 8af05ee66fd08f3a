"""The model that a setting names."""

from ion_mentoring.models.playbook.model import PlaybookModel
from ion_mentoring.models.protocol import Model


def model(_setting: str) -> Model:
    """The model of MODEL or FALLBACK_MODEL; the settings let no other name through than those known here."""
    return PlaybookModel()
