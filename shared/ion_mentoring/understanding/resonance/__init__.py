"""The resonance key, and how it is read out of what somebody wrote."""
