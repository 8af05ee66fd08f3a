"""The identity of this function in the cloud: its tokens from the platform's metadata server."""
