"""Messages: what they are, who may change them, how they are kept, searched and counted."""
