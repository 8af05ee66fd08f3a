"""What operators see of a running instance."""
