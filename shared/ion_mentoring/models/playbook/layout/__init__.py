"""The layout that a turn asks for, and answers that are put into it."""
