"""The parts of the room page."""
