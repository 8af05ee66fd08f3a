"""What a text tells of particular people and firms, so that its answer is kept to its own user."""
