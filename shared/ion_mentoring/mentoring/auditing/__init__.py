"""The audit log: written as a chain, and verified."""
