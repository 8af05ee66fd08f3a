"""Makes a bootstrap API key: the secret for its owner, and the line for the setting API_KEYS."""

import argparse
import sys

from ion_mentoring.access.api_keys import new_key
from ion_mentoring.access.caller import Role
from ion_mentoring.errors import SettingsInvalid


def main(arguments: list[str] | None = None) -> int:
    """Prints both once; neither is kept."""
    parser = argparse.ArgumentParser(prog="api-key", description="Make an API key.")
    parser.add_argument("owner", help="letters, digits, . _ - ; stands in logs as key:<owner>")
    parser.add_argument("role", type=Role, choices=list(Role))
    parser.add_argument("monthly_tokens", type=int, nargs="?", help="what its answers may cost in a month; none is no limit")
    asked = parser.parse_args(arguments)
    try:
        made = new_key(asked.owner, asked.role, asked.monthly_tokens)
    except SettingsInvalid as error:
        print(error, file=sys.stderr)
        return 1
    print(f"secret, for the owner:   {made.secret}")
    print(f"entry, for API_KEYS:     {made.line}")
    print("This is a bootstrap key. With one of an admin, others are issued over HTTP: POST /api/v2/api-keys")
    return 0


if __name__ == "__main__":
    sys.exit(main())
