"""How calls to others fail softly: breakers, deadlines, retries, and turns where many wait."""
