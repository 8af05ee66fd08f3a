"""The upkeep of a set between releases: what was changed beside Terraform, and a set that nobody needs any more."""

from collections.abc import Callable, Mapping

from infra.releasing.deployment import Release
from infra.releasing.registry import ReleaseRegistry
from infra.releasing.stack import Stack
from infra.user_error import UserError


def look_for_drift(stack: Stack, say: Callable[[str], object]) -> None:
    """Says each thing that differs from what Terraform left; UserError if any does."""
    stack.init()
    found = stack.drift()
    for address, attributes in sorted(found.items()):
        say(f"{address}: {', '.join(attributes) or 'is gone'}")
    if found:
        raise UserError(f"{len(found)} changed beside Terraform: docs/runbooks/drift.md")
    say("nothing was changed beside Terraform")


def take_away(stack: Stack, shelf: ReleaseRegistry, environment: str, sure: str | None, bundles: Mapping[str, str]) -> None:
    """Takes a set away with all that people wrote. UserError for prod, and unless the project is named once more."""
    if environment == "prod":
        raise UserError("prod is not torn down by a command: nobody can bring its database back")
    if sure != stack.project:
        raise UserError(f"this takes all of {stack.project} away: make tear-down env={environment} sure={stack.project}")
    with shelf.held("tear-down") as mine:
        record = shelf.current()
        stack.init()
        mine()
        stack.destroy(Release(record.bundles if record else bundles, {}).values())
        shelf.forget()
