"""The command line of ION Mentoring: speaks HTTP with a set, and imports nothing of it."""
