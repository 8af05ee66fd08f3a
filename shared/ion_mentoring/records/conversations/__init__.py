"""The conversations of sessions, kept in order, for its owner alone."""
