"""A room: its members, conversation, timeline, presence and typing."""
