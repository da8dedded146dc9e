"""Text handled by libraries: nicknames, emoji, export, markup."""
