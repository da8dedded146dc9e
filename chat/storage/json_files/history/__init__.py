"""The history as a file, and for a long history a journal beside it."""
