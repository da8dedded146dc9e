"""HTTP and WebSockets, up to the page."""
