"""What moderators do, as data, and the decisions about it."""
