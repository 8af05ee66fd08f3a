"""Recommendations: which persona fits, and what is learnt from how answers were rated."""
