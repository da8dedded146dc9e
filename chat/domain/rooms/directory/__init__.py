"""The directory of rooms: the rooms it lists, their visibility, and changes to them."""
