"""Files of messages, downloads and link previews as use cases."""
