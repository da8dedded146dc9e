"""Where durable events are kept."""
