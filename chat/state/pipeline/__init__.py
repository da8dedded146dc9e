"""The path of an event: stored in batches, applied, published."""
