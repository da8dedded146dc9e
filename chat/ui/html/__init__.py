"""HTML that is the same for all viewers of one language."""
