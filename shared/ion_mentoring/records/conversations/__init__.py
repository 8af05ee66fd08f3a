"""What was said in a session, kept in order, for its owner alone."""
