"""The turns of a conversation, and their kinds."""
