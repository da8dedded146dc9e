"""What operators run beside the chat."""
