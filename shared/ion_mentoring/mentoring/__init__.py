"""The use cases: one answer, many answers, warm caches."""
