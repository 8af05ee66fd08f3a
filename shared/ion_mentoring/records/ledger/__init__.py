"""What answers cost: entries, totals and budgets, by persona, model and caller."""
