"""Experiments at work: what an instance knows of them, what comes of them, and how operators run them."""
