"""In the browser: writing, attaching and sending."""
