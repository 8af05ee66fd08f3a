"""The public endpoints of the router."""
