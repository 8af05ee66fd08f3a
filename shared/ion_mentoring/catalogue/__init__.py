"""What a person reads, in every language of the product."""
