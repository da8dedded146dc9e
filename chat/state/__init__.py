"""The shared chat state: the use cases, the only writers and publishers."""
