"""Everything people read, in their language."""
