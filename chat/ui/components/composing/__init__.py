"""The composer, with its replies, problems and suggestions."""
