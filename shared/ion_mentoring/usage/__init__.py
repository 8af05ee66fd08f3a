"""What calls to models use: tokens, estimated and counted."""
