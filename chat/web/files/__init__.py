"""Files as responses: those of the site, and those of messages."""
