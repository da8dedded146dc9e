"""Messages as HTML."""
