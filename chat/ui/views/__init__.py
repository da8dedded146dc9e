"""Views that pages share: the chat and its rooms, in each language in use."""
