"""The engine itself: connections, keys, appends that are carried out once or never, and its notifications."""
