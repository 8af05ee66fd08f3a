"""What is kept of people: sealed, and under which keys."""
