"""Turns a message's text into safe HTML and into plain text."""
