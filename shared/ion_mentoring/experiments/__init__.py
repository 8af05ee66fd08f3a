"""Experiments, without anything around them: what is compared, who meets which arm, and what the counts say."""
