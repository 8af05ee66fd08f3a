"""Request to use case to response; the only place where errors become statuses."""
