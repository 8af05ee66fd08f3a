"""Access: the caller, their rights and their rate."""
