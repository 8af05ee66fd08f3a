"""Prints what somebody is called in the logs of a day: `make pseudonym of=acme/sub:kim` with CACHE_KEY_SECRET of the set.

Only this way round: of a pseudonym nobody can tell whose it is without asking for each name.
"""

import argparse
import os
import sys
from datetime import UTC, date, datetime, time

from ion_mentoring.errors import SettingsInvalid
from ion_mentoring.sealing.pseudonyms import Pseudonyms
from ion_mentoring.settings.audit import AuditSettings


def main(arguments: list[str] | None = None) -> int:
    """Prints the pseudonym; 2 where there is no secret."""
    parser = argparse.ArgumentParser(prog="pseudonym", description="What somebody is called in the logs of a day.")
    parser.add_argument("of", help="a caller: sub:kim, acme/sub:kim, address:203.0.113.7")
    parser.add_argument("--day", type=date.fromisoformat, default=datetime.now(UTC).date(), help="2026-11-29; today (UTC)")
    asked = parser.parse_args(arguments)
    try:
        secret = AuditSettings.read(os.environ).cache_key_secret
        if secret is None:
            raise SettingsInvalid("CACHE_KEY_SECRET: the secret of the set, else there is no telling")
    except SettingsInvalid as error:
        print(error, file=sys.stderr)
        return 2
    noon = datetime.combine(asked.day, time(12), UTC)
    print(Pseudonyms(secret.get_secret_value().encode(), noon.timestamp)(asked.of))
    return 0


if __name__ == "__main__":
    sys.exit(main())
