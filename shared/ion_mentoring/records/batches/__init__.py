"""The results of batches: each item answered once."""
