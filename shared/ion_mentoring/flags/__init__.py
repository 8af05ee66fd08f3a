"""Flags: values that operators turn while the set runs. Each has an owner, an end, and the few variants that may be chosen."""
