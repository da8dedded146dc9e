"""The people of a chat: members here, names, roles, presence, avatars."""
