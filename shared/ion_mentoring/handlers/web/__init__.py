"""The web framework of the functions: connections, requests, responses, streams and validation."""
