"""What needs action now, told from how it is said and what it means."""
