"""Programs that measure what the README claims; each goal side by side with an empty function, in one run."""
