"""Questions that are no mentor's matter, each with one true sentence and what can be done instead."""
