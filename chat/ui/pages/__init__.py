"""The pages, and the one in place of a room that isn't there."""
