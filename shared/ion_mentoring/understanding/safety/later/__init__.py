"""The turns after a sign of danger, and their kinds."""
