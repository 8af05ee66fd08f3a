"""Records: conversations, batch results, the ledger and requests on record, each with its adapters."""
