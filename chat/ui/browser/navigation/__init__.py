"""In the browser: links to rooms and messages, and the sidebar."""
