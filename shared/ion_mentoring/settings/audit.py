"""The secret of the audit log."""

from typing import Annotated

from pydantic import Field, SecretStr

from ion_mentoring.settings.group import Settings


class AuditSettings(Settings):
    """The secrets under which records are marked and names are hidden: its own ones, or the one of the caches."""

    audit_secret: Annotated[SecretStr, Field(min_length=32)] | None = None
    cache_key_secret: SecretStr | None = None
