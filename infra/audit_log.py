"""Verifies the audit log: `make audit-log` with STORE and the secrets of the set in the environment.

Prints what was changed, dropped or swapped, one line each, and ends with 1 if there is anything. With the exported event log
(one JSON object a line), records that never reached the store are named, too.
"""

import argparse
import asyncio
import json
import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from ion_mentoring.errors import SettingsInvalid, StoreUnavailable
from ion_mentoring.mentoring.auditing.verify import Verified, missing, verify
from ion_mentoring.records.audit.record import AuditRecord
from ion_mentoring.settings.audit import AuditSettings
from ion_mentoring.settings.store import Store
from ion_mentoring.wiring.auditing import audit_keys
from ion_mentoring.wiring.stores import stores

TOLD = ("audit_written", "audit_unwritten")


def main(arguments: list[str] | None = None) -> int:
    """Verifies; 0 if all holds, 1 if something does not, 2 if it cannot be told."""
    parser = argparse.ArgumentParser(prog="audit-log", description="Verify the audit log.")
    parser.add_argument("--log", type=Path, help="the event log, exported: one JSON object a line")
    parser.add_argument("--of", help="print the records about a caller (key:acme), a key or an owner, by its name")
    asked = parser.parse_args(arguments)
    try:
        settings = AuditSettings.read(os.environ)
        if not (settings.audit_secret or settings.cache_key_secret):
            raise SettingsInvalid("AUDIT_SECRET or CACHE_KEY_SECRET: the secret of the set, else no mark can be verified")
        keys = audit_keys(settings)
        verified = asyncio.run(verify(stores(Store.read(os.environ).store).audit, keys, datetime.now(UTC)))
        told = list(_told(asked.log.read_text(encoding="utf-8").splitlines())) if asked.log else []
    except (SettingsInvalid, StoreUnavailable, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    for line in _about(verified, keys.pseudonyms(asked.of)) if asked.of else _counted(verified):
        print(line)
    findings = (*verified.findings, *missing(told, verified, keys))
    for finding in findings:
        print(finding)
    return 1 if findings else 0


def _told(lines: Iterable[str]) -> Iterator[AuditRecord]:
    for line in lines:
        try:
            event = json.loads(line)
            event = event.get("jsonPayload", event)  # as Cloud Logging exports it
            if event.get("message") in TOLD:
                yield AuditRecord(**event["record"])
        except (ValueError, TypeError, KeyError, AttributeError):
            continue


def _counted(verified: Verified) -> Iterator[str]:
    yield f"{verified.days} days, {len(verified.records)} records that hold"
    for kind, number in sorted(Counter(record.kind for record in verified.records).items()):
        yield f"  {number:6} {kind}"


def _about(verified: Verified, names: frozenset[str]) -> Iterator[str]:
    for record in verified.records:
        if names & {record.who, record.target}:
            facts = "".join(f" {name}={value}" for name, value in record.facts.items())
            by = f"{record.who} ({record.tenant}: {', '.join(record.roles) or 'nobody'})"
            yield f"{record.at} {record.kind} {record.outcome} by {by} {record.path}{facts}"


if __name__ == "__main__":
    sys.exit(main())
