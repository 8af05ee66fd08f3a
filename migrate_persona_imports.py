"""Rewrites programs of the old `persona_system` from its old face to the new one; docs/migration.md tells how to use it."""

import sys

from migration.running.program import main

if __name__ == "__main__":
    sys.exit(main())
