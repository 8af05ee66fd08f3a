"""Valkey and Memorystore: where an instance listens, who we are to it, and the connection."""
