"""Connections: their number, their deadlines, and the frames they may send."""
