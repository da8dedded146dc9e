"""The composer, and what it says and suggests."""
