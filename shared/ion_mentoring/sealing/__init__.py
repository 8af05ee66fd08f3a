"""What keeps what people write from being read or guessed: keyed hashes."""
