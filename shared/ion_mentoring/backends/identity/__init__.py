"""Who this function is in the cloud: its tokens from the platform's metadata server."""
