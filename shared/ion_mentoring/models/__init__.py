"""Models that turn a prompt into an answer, behind one protocol."""
