"""Usage of models: tokens, estimated and counted."""
