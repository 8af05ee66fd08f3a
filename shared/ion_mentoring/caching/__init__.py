"""Answers kept near: L1 in the instance, L2 in the region."""
