"""In the browser: the message list, and acting on its messages."""
