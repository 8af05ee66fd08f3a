"""Experiments as they are kept: what they are, who met which arm, and sums of what came of it."""
