"""TCPChatNet: a real-time chat for groups, in Python."""

__version__ = "0.1.0"
