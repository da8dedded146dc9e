"""Text as it is compared and cleaned."""
