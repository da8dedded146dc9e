"""What a chat is: standard library only, no clock, no I/O."""
