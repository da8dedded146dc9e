"""The directory of rooms: what it knows of each, who may see it, and what changes it."""
