"""Which persona answers a key, with the contributions that explain it."""
