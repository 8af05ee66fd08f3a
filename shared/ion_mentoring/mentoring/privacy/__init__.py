"""Everything that is kept of people: sealed, under which keys, and erased."""
