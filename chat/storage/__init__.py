"""Storage of durable events."""
