"""A room: its conversation, timeline and typing, and who has read what."""
