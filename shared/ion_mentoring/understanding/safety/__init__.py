"""What must be noticed before any model is asked."""
