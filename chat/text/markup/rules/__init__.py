"""Rules for markdown-it, where it would lose text or surprise people."""
