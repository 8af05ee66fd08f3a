"""A persona behind its own function: how it is asked over HTTPS and how its answer travels."""
