"""Warm caches: the demand for answers is counted, and answers are made before anybody asks."""
