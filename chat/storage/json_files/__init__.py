"""The stores as readable JSON files."""
