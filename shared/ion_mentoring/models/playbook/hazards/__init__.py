"""Physical danger at work: what it is told by, and what a mentor says of it first."""
