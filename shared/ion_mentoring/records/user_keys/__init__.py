"""The keys of people, as they are kept: each wrapped by the key of a period, and that by the master key."""
