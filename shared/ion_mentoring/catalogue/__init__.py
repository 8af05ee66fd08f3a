"""The texts that a person reads, in every language of the product."""
