"""Flags at work: what an instance knows of them, and how operators turn them."""
