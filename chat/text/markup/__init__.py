"""Message text to safe HTML and to plain text."""
