"""Safety: signs that must be noticed before any model is asked."""
