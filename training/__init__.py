"""Programs that learn what the product ships from data: run by `make train`, never part of a bundle."""
