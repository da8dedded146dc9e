"""Web Push (RFC 8030, 8291 and 8292): what browsers and their push services get of this chat."""
