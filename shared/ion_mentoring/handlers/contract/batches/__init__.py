"""A batch as callers hand it in: JSON, NDJSON or CSV, read and checked as it comes in."""
