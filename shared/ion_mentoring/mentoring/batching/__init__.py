"""Many answers: batches handed in by callers or published directly, each item answered once."""
