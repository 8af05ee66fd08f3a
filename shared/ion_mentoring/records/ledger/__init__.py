"""The ledger of answers: entries, totals and budgets, by persona, model and caller."""
